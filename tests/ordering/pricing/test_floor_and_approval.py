"""The red line and the second pair of eyes hold at every door that writes prices."""

from contextlib import nullcontext
from dataclasses import replace
from datetime import timedelta

import pytest

from core.db.acts import act
from core.events.models import Event
from core.kernel import clock
from core.kernel.actor import Scope
from core.kernel.errors import DomainError, NotPermitted, OutOfScope, VersionConflict
from core.kernel.quantity import Unit
from ordering.pricing.errors import NeedsRound
from ordering.pricing.models import PriceEntry, PriceList, PricingSettings
from ordering.pricing.selectors import floors_of_lists, pricing_settings
from ordering.pricing.services import (
    ChangeList,
    ChangePricingSettings,
    ImportPrices,
    Planned,
    PriceChange,
    PriceRow,
    SetPrices,
    change_list,
    change_pricing_settings,
    import_prices,
    set_prices,
    write_entries,
)
from tests.cast import Cast
from tests.factories.prices import make_list, make_price
from tests.ordering.watching import statements

QINGDAO = Scope(regions=("370200",))


@pytest.fixture
def floor(cast: Cast) -> PriceList:
    """No city dealer pays less than 1,500.00 for a case of the first product."""
    made = make_list(cast.root, "RED", "红线价", scope="TIER", tier="CITY", kind="FLOOR")
    make_price(made, cast.skus[1], {1: 150_000})
    return made


def asked(cast: Cast, amount: int, code: str = "CITY", number: int = 1, unit: Unit = Unit.CASE) -> SetPrices:
    """One price, meant."""
    return SetPrices(code, (PriceChange(cast.skus[number].code, unit, amount, is_meant=True),))


def test_a_price_under_the_floor_is_refused_by_its_cell(cast: Cast, floor: PriceList) -> None:
    assert set_prices(actor=cast.pricing, command=asked(cast, 150_000)).written == 1
    changes = tuple(
        PriceChange(cast.skus[1].code, Unit.CASE, amount, step, is_meant=True)
        for step, amount in ((1, 160_000), (10, 149_999))
    )
    with pytest.raises(DomainError) as refusal:
        set_prices(actor=cast.pricing, command=SetPrices("CITY", changes))
    (fault,) = refusal.value.problems()
    assert (fault.code, fault.line, fault.field) == ("price.below_floor", 2, "amount")
    assert (fault.fields["floor"], fault.fields["amount"]) == (150_000, 149_999)


def test_the_floor_holds_where_all_buyers_of_the_list_lie_under_it(cast: Cast, floor: PriceList) -> None:
    assert set_prices(actor=cast.pricing, command=asked(cast, 1_000, "NAT")).written == 1, "not all are city dealers"
    with pytest.raises(DomainError):
        set_prices(actor=cast.pricing, command=asked(cast, 1_000, cast.special.code))
    assert set_prices(actor=cast.pricing, command=asked(cast, 1_000, number=2)).written == 1, "no floor for it"
    own = make_list(cast.root, "RED-C2", "", scope="DEALER", dealer=cast.c2, kind="FLOOR")
    make_price(own, cast.skus[1], {1: 900})
    assert set_prices(actor=cast.pricing, command=asked(cast, 1_000, cast.special.code)).written == 1, "its own rules"


def test_a_derived_floor_and_one_by_the_bottle(cast: Cast, floor: PriceList) -> None:
    PriceList.objects.filter(pk=floor.pk).update(kind="GUIDE")
    half = make_list(
        cast.root, "RED2", "", scope="NATIONAL", kind="FLOOR", parent=floor, factor_ppm=500_000, divides_cases=True
    )
    key = (cast.city.pk, cast.skus[1].pk)
    bottles = cast.skus[1].bottles_per_case
    found = floors_of_lists(list_ids=[cast.city.pk, half.pk], sku_ids=[cast.skus[1].pk], at=clock.now())
    assert found == {(*key, "CASE"): 75_000, (*key, "BOTTLE"): (2 * 75_000 + bottles) // (2 * bottles)}


def test_a_file_is_held_against_the_floor_row_by_row(cast: Cast, floor: PriceList) -> None:
    rows = tuple(
        PriceRow("CITY", cast.skus[1].code, amount, Unit.CASE, step) for step, amount in ((1, 149_000), (5, 151_000))
    )
    for is_dry_run in (True, False):
        judged = import_prices(actor=cast.pricing, command=ImportPrices("B1", rows), is_dry_run=is_dry_run)
        assert [(fault.code, fault.line) for fault in judged.faults] == [("price.below_floor", 1)]
    assert PriceEntry.objects.filter(price_list=cast.city, amount=151_000).exists()


@pytest.mark.parametrize("is_file", [False, True])
def test_prices_for_many_days_ask_the_floor_as_often_as_for_one(cast: Cast, floor: PriceList, *, is_file: bool) -> None:
    """The floor changes on the way; each price is held against that of its own day, by the same statements."""
    day = clock.now() + timedelta(days=1)
    later = PriceChange(cast.skus[1].code, Unit.CASE, 170_000, valid_from=day + timedelta(days=20))
    set_prices(actor=cast.admin, command=SetPrices("RED", (later,)))

    def written(days: int) -> int:
        code = cast.skus[1].code
        prices = [(160_000 + 100 * days + one, day + timedelta(days=one)) for one in range(days)]
        with statements() as seen:
            if is_file:
                rows = tuple(PriceRow("CITY", code, amount, Unit.CASE, 1, instant) for amount, instant in prices)
                judged = import_prices(actor=cast.pricing, command=ImportPrices(f"B{days}", rows))
                faults = [fault.line for fault in judged.faults]
            else:
                changes = tuple(PriceChange(code, Unit.CASE, amount, 1, at, is_meant=True) for amount, at in prices)
                with pytest.raises(DomainError) if days > 20 else nullcontext() as refusal:
                    set_prices(actor=cast.pricing, command=SetPrices("CITY", changes))
                faults = [fault.line for fault in refusal.value.problems()] if refusal else []
        assert faults == list(range(21, days + 1))
        return len(seen)

    few, many = written(5), written(20)
    assert many == few
    assert written(40) <= few


def test_an_approved_round_goes_below_only_where_it_was_agreed_to(cast: Cast, floor: PriceList) -> None:
    with pytest.raises(DomainError) as refusal, act():
        write_entries(actor=cast.pricing, command=asked(cast, 1_000), planned=Planned(7))
    assert [fault.code for fault in refusal.value.problems()] == ["price.below_floor"]
    with act():
        write_entries(actor=cast.pricing, command=asked(cast, 1_000), planned=Planned(7, above_floor=False))
    assert PriceEntry.objects.get(round_id=7).amount == 1_000


def test_where_prices_need_approval_only_rounds_change_them(cast: Cast) -> None:
    change_pricing_settings(actor=cast.admin, command=ChangePricingSettings(changes_need_approval=True))
    row = PriceRow("CITY", cast.skus[1].code, 1_000, Unit.CASE)
    for attempt in (
        lambda: set_prices(actor=cast.pricing, command=asked(cast, 177_000)),
        lambda: set_prices(actor=cast.admin, command=asked(cast, 177_000)),
        lambda: import_prices(actor=cast.pricing, command=ImportPrices("B", (row,)), is_dry_run=True),
    ):
        with pytest.raises(DomainError) as refusal:
            attempt()
        assert refusal.value.code == "price.needs_round"
    with act():
        done = write_entries(actor=cast.pricing, command=asked(cast, 177_000), planned=Planned(1))
    assert done.written == 1
    downstream = asked(cast, 200_000, "C1-NAT")
    assert set_prices(actor=cast.admin_c1, command=downstream).written == 1, "a dealer's own prices are its own"


def test_settings_are_changed_once_and_told(cast: Cast) -> None:
    assert (pricing_settings().choice, PricingSettings.objects.count()) == ("FIRST_LIST", 0)
    made = change_pricing_settings(actor=cast.admin, command=ChangePricingSettings(choice="LOWEST", version=1))
    assert (made.choice, made.version) == ("LOWEST", 2)
    again = change_pricing_settings(actor=cast.admin, command=ChangePricingSettings(choice="LOWEST", version=2))
    assert again.version == 2
    told = Event.objects.get(aggregate_type="pricing_settings")
    assert (told.payload["before"], told.payload["after"]) == ({"choice": "FIRST_LIST"}, {"choice": "LOWEST"})
    with pytest.raises(VersionConflict):
        change_pricing_settings(actor=cast.admin, command=ChangePricingSettings(choice="FIRST_LIST", version=1))


def test_who_may_change_the_settings(cast: Cast) -> None:
    command = ChangePricingSettings(choice="LOWEST")
    for actor in (cast.pricing, cast.admin_c1):
        with pytest.raises(NotPermitted):
            change_pricing_settings(actor=actor, command=command)
    with pytest.raises(OutOfScope):
        change_pricing_settings(actor=replace(cast.admin, scope=QINGDAO), command=command)
    with pytest.raises(DomainError) as refusal:
        change_pricing_settings(actor=cast.admin, command=ChangePricingSettings(choice="CHEAP"))
    assert refusal.value.code == "pricing_settings.choice"


def test_the_red_line_is_not_moved_by_whom_it_holds(cast: Cast, floor: PriceList) -> None:
    """Neither by a price, nor by a file, nor by putting its list away; whoever approves prices may, and a round."""
    lower = asked(cast, 1_000, "RED")
    row = PriceRow("RED", cast.skus[1].code, 1_000, Unit.CASE)
    for act_on in (
        lambda: set_prices(actor=cast.pricing, command=lower),
        lambda: import_prices(actor=cast.pricing, command=ImportPrices("B-9", (row,))),
        lambda: change_list(actor=cast.pricing, command=ChangeList("RED", is_active=False)),
    ):
        with pytest.raises(NeedsRound):
            act_on()
    assert set_prices(actor=cast.admin, command=lower).written == 1
