"""Derived lists opened and changed: loops and towers are refused, buyers pay by the new words at once."""

from dataclasses import replace

import pytest

from core.events.models import Event
from core.kernel import clock
from core.kernel.actor import Scope
from core.kernel.errors import DomainError, Missing, NotPermitted, OutOfScope, VersionConflict
from dms.dealers.selectors import trading_dealer
from ordering.pricing.models import PriceList
from ordering.pricing.selectors import offers
from ordering.pricing.services import (
    ChangeList,
    ChangePricingSettings,
    CreateList,
    change_list,
    change_pricing_settings,
    create_list,
)
from tests.cast import Cast
from tests.ordering.watching import statements

QINGDAO = Scope(regions=("370200",))


def opened(cast: Cast, code: str, parent: str = "", **facts: object) -> PriceList:
    """A guide list of that code; it prices nobody."""
    command = CreateList(code, code, "NATIONAL", kind="GUIDE", parent_code=parent, **facts)  # type: ignore[arg-type]  # facts of the command
    return create_list(actor=cast.pricing, command=command)


def change(cast: Cast, code: str, **facts: object) -> PriceList:
    """Change one list of the brand's."""
    return change_list(actor=cast.pricing, command=ChangeList(code, **facts))  # type: ignore[arg-type]  # its facts


def case_price(cast: Cast) -> int:
    """What dealer C2 pays for a case of the fifth product."""
    buyer = trading_dealer(buyer_id=cast.c2.pk, seller_id=None, day=clock.business_day())
    code = cast.skus[5].code
    found = offers(seller_id=cast.root.pk, buyer=buyer, codes=[code], currency="CNY", at=clock.now())
    return next(iter(found[code].ladders.values()))[0].amount


def test_a_tower_of_derived_lists_ends_at_the_third(cast: Cast) -> None:
    for code, parent in (("A", ""), ("B", "A"), ("C", "B"), ("D", "C")):
        opened(cast, code, parent)
    with pytest.raises(DomainError) as refusal:
        opened(cast, "E", "D")
    assert (refusal.value.code, refusal.value.field) == ("price_list.derived_too_deep", "parent_code")
    opened(cast, "ROOT")
    with pytest.raises(DomainError) as refusal:
        change(cast, "A", parent_code="ROOT")
    assert refusal.value.code == "price_list.derived_too_deep", "what hangs below counts too"


@pytest.mark.parametrize("parent", ["A", "B", "C"])
def test_a_list_is_not_derived_from_itself(cast: Cast, parent: str) -> None:
    for code, above in (("A", ""), ("B", "A"), ("C", "B")):
        opened(cast, code, above)
    with pytest.raises(DomainError) as refusal:
        change(cast, "A", parent_code=parent)
    assert (refusal.value.code, refusal.value.field) == ("price_list.derived_loop", "parent_code")


def test_lists_are_locked_by_id_also_under_another_parent(cast: Cast) -> None:
    """Imports and rounds lock by id: a list locked before those of lower ids could wait for them, and they for it."""
    opened(cast, "A")
    opened(cast, "B")
    with statements() as seen:
        change(cast, "B", parent_code="A")
    first = next(text for text in seen if "FOR UPDATE" in text)
    assert "ORDER BY" in first
    assert '"code" =' not in first, "all of the house at once"


@pytest.mark.parametrize(
    ("facts", "code", "field"),
    [
        ({"parent_code": "NONE"}, "price_list.parent_unknown", "parent_code"),
        ({"parent_code": "C1-NAT"}, "price_list.parent_unknown", "parent_code"),
        ({"parent_code": "NAT", "currency": "USD"}, "price_list.parent_currency", "parent_code"),
        ({"factor_ppm": 0}, "price_list.factor", "factor_ppm"),
        ({"factor_ppm": 10_000_001}, "price_list.factor", "factor_ppm"),
        ({"round_to": 5}, "price_list.rounding", "round_to"),
        ({"round_mode": "NEVER"}, "price_list.rounding", "round_to"),
        ({"channel": "MOON"}, "price_list.channel", "channel"),
        ({"kind": "GIFT"}, "price_list.kind", "kind"),
    ],
)
def test_what_makes_no_list_is_refused_by_field(cast: Cast, facts: dict[str, object], code: str, field: str) -> None:
    with pytest.raises(DomainError) as refusal:
        create_list(actor=cast.pricing, command=CreateList("X", "X", "NATIONAL", **facts))  # type: ignore[arg-type]  # its facts
    assert (refusal.value.code, refusal.value.field) == (code, field)
    assert not PriceList.objects.filter(code="X").exists()


def test_a_changed_factor_is_paid_at_once_and_told(cast: Cast) -> None:
    base = opened(cast, "BASE")
    base.entries.create(sku=cast.skus[5], unit="CASE", valid_from=clock.now(), amount=100_000, created_at=clock.now())
    listed = change(cast, "C2", parent_code="BASE", factor_ppm=900_000)
    assert case_price(cast) == 90_000
    before = Event.objects.count()
    again = change(cast, listed.code, parent_code="BASE", factor_ppm=900_000)
    assert (again.version, Event.objects.count()) == (listed.version, before), "the same again changes nothing"
    changed = change(cast, listed.code, factor_ppm=950_500, round_to=1000, round_mode="UP", version=listed.version)
    assert case_price(cast) == 96_000
    told = Event.objects.order_by("-pk")[0]
    assert told.payload["before"] == {"factor_ppm": 900_000, "round_to": 1, "round_mode": "HALF_UP"}
    assert changed.version == listed.version + 1
    with pytest.raises(VersionConflict):
        change(cast, listed.code, factor_ppm=1, version=listed.version)
    change(cast, listed.code, parent_code="")
    with pytest.raises(StopIteration):
        case_price(cast)


def test_who_may_change_a_list(cast: Cast) -> None:
    with pytest.raises(NotPermitted):
        change_list(actor=cast.sales_admin, command=ChangeList("NAT", name="价"))
    with pytest.raises(Missing):
        change(cast, "C1-NAT", name="价")
    with pytest.raises(OutOfScope):
        change_list(actor=replace(cast.admin, scope=QINGDAO), command=ChangeList("NAT", name="价"))


def test_with_approval_a_seat_that_may_not_approve_changes_names_only(cast: Cast) -> None:
    change_pricing_settings(actor=cast.admin, command=ChangePricingSettings(changes_need_approval=True))
    assert change(cast, "NAT", name="全国供货价").name == "全国供货价"
    for facts in ({"factor_ppm": 900_000}, {"is_active": False}, {"divides_cases": True}):
        with pytest.raises(DomainError) as refusal:
            change(cast, "NAT", **facts)
        assert refusal.value.code == "price.needs_round"
    assert change_list(actor=cast.admin, command=ChangeList("NAT", divides_cases=True)).divides_cases
