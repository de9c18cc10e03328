"""Where a price comes from: the lists in their order, each with what became of it, and the price of any day."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.catalogue.errors import SkuUnknown
from core.db import sql
from core.kernel import clock
from core.kernel.actor import Scope
from core.kernel.errors import DomainError, Missing, NotPermitted
from core.kernel.quantity import Unit
from dms.dealers.models import Dealer, PriceGroup
from dms.dealers.selectors import trading_dealer
from ordering.pricing.explaining import Verdict
from ordering.pricing.models import PriceEntry, PriceList, PricingSettings
from ordering.pricing.rules import ResolvedPrice
from ordering.pricing.selectors import PriceAsk, resolve
from ordering.pricing.selectors.tracing import PriceQuestion, TracedPrice, end_of, traced_price
from ordering.pricing.services import PriceChange, SetPrices, set_prices
from tests.cast import Cast
from tests.factories.prices import make_list, make_price
from tests.ordering.pricing.test_resolve import START, UNITS, enter
from tests.ordering.watching import statements


def trace(
    cast: Cast,
    dealer: Dealer,
    number: int = 1,
    quantity: int = 1,
    *,
    unit: Unit | None = None,
    at: datetime | None = None,
) -> TracedPrice:
    """The price of one of the cast's SKUs, traced by the price people."""
    asked = PriceQuestion(dealer.code, cast.skus[number].code, at or clock.now(), unit, quantity)
    return traced_price(cast.pricing, asked)


def verdicts(found: TracedPrice) -> list[tuple[str, str]]:
    return [(one.asked.list.code, one.asked.verdict.value) for one in found.chain]


def test_the_lists_are_told_in_the_order_they_are_asked(cast: Cast) -> None:
    found = trace(cast, cast.c2, quantity=10)
    assert verdicts(found) == [("C2", "WINS"), ("CITY", "OUTRANKED"), ("NAT", "OUTRANKED")]
    assert found.price is not None
    assert (found.price.amount, found.explained.min_quantity, found.question.unit) == (168_000, 1, Unit.CASE)
    assert [one.asked.step[1].amount for one in found.chain if one.asked.step] == [168_000, 170_000, 198_000]


def test_who_set_the_price_and_when_stands_with_its_history(cast: Cast) -> None:
    code = cast.skus[1].code
    set_prices(actor=cast.pricing, command=SetPrices("CITY", (PriceChange(code, Unit.CASE, 175_000),)))
    found = trace(cast, cast.c1)
    assert found.source is not None
    assert (found.source.list_code, found.source.person_name) == ("CITY", cast.pricing.person_name)
    assert found.source.entry.valid_from == clock.now()
    assert [one.entry.amount for one in found.history] == [175_000, 178_000]
    assert [amount for _at, amount in found.course] == [178_000, 175_000]


def test_past_and_planned_days_have_their_own_price(cast: Cast) -> None:
    sku = cast.skus[5].pk
    enter(cast.national, sku, 100, 0)
    enter(cast.national, sku, None, 5)
    enter(cast.national, sku, 120, 30)
    prices = []
    for day in (-1, 0, 6, 40):
        found = trace(cast, cast.c1, 5, at=START + timedelta(days=day))
        prices.append((found.price.amount if found.price else None, verdicts(found)[-1][1]))
    assert prices == [(None, "PLANNED"), (100, "WINS"), (None, "ENDED"), (120, "WINS")]
    found = trace(cast, cast.c1, 5)
    assert [amount for _at, amount in found.course] == [100, None, 120]
    assert (found.refusal.code if found.refusal else "", found.source, found.history) == ("price.missing", None, ())


def test_what_the_first_list_refuses_no_other_gives(cast: Cast) -> None:
    make_price(cast.special, cast.skus[3], {5: 40_000})
    bottle = trace(cast, cast.c2, 3, unit=Unit.BOTTLE)
    assert (bottle.refusal.code if bottle.refusal else "", verdicts(bottle)[0]) == (
        "price.unit_missing",
        ("C2", "OTHER_UNIT"),
    )
    few = trace(cast, cast.c2, 3, 2)
    assert few.refusal is not None
    assert (few.refusal.code, few.refusal.fields["from_quantity"]) == ("price.below_first_step", 5)
    assert verdicts(few) == [("C2", "BELOW_STEP"), ("CITY", "NO_PRICE"), ("NAT", "OUTRANKED")]


def test_derived_lists_tell_their_stages(cast: Cast) -> None:
    middle = make_list(
        cast.root, "MID", "中间", parent=cast.national, factor_ppm=950_000, round_to=1_000, is_active=False
    )
    make_list(
        cast.root,
        "DER",
        "派生",
        scope="DEALER",
        dealer=cast.p1,
        parent=middle,
        factor_ppm=900_000,
        round_to=100,
        round_mode="UP",
        divides_cases=True,
    )
    found = trace(cast, cast.p1)
    assert found.price is not None
    assert [(one.list_code, one.before, one.after) for one in found.price.made] == [
        ("MID", 198_000, 188_000),
        ("DER", 188_000, 169_200),
    ]
    assert (found.price.amount, found.source.list_code if found.source else "") == (169_200, "NAT")
    bottle = trace(cast, cast.p1, unit=Unit.BOTTLE)
    assert bottle.price is not None
    assert (bottle.price.amount, bottle.price.made[-1].bottles) == (28_200, 6)


def test_the_lowest_list_counts_where_the_brand_says_so(cast: Cast) -> None:
    PricingSettings.objects.update_or_create(pk=1, defaults={"choice": PricingSettings.Choice.LOWEST})
    dear = make_list(cast.root, "DEAR", "贵", scope="DEALER", dealer=cast.c1)
    make_price(dear, cast.skus[1], {1: 300_000})
    found = trace(cast, cast.c1)
    assert verdicts(found) == [("DEAR", "DEARER"), ("CITY", "WINS"), ("NAT", "DEARER")]
    assert found.price is not None
    assert found.price.amount == 178_000


def test_only_ones_own_customers_goods_and_lists_can_be_asked_for(cast: Cast) -> None:
    with pytest.raises(Missing):
        trace(cast, cast.t1)
    with pytest.raises(SkuUnknown):
        traced_price(cast.pricing, PriceQuestion("C1", "NO-SUCH", clock.now()))
    with pytest.raises(NotPermitted):
        traced_price(cast.warehouse, PriceQuestion("C1", cast.skus[1].code, clock.now()))
    below = traced_price(cast.admin_c1, PriceQuestion("T1", cast.skus[1].code, clock.now()))
    assert [one.asked.list.code for one in below.chain] == ["C1-NAT"]
    for dealer in ("C1", "C2", "P1"):
        with pytest.raises(Missing):
            traced_price(cast.admin_c1, PriceQuestion(dealer, cast.skus[1].code, clock.now()))
    qingdao = replace(cast.region_manager, scope=Scope(regions=("370200",)))
    assert traced_price(qingdao, PriceQuestion("C2", cast.skus[1].code, clock.now())).price is not None
    with pytest.raises(Missing):
        traced_price(qingdao, PriceQuestion("C1", cast.skus[1].code, clock.now()))


def test_a_parent_out_of_sight_gives_its_price_and_not_its_entry(cast: Cast) -> None:
    hidden = make_list(cast.root, "JN", "济南", scope="TIER", tier="CITY", region_code="370100")
    make_price(hidden, cast.skus[1], {1: 100_000})
    make_list(cast.root, "QD", "青岛", scope="TIER", tier="CITY", region_code="370200", parent=hidden)
    PriceList.objects.filter(code="C2").update(is_active=False)
    qingdao = replace(cast.region_manager, scope=Scope(regions=("370200",)))
    found = traced_price(qingdao, PriceQuestion("C2", cast.skus[1].code, clock.now()))
    assert (found.price.amount if found.price else None, found.source, found.history) == (100_000, None, ())
    assert traced_price(cast.pricing, PriceQuestion("C2", cast.skus[1].code, clock.now())).source is not None


def test_the_statements_do_not_grow_with_lists_and_entries(cast: Cast) -> None:
    with statements() as few:
        trace(cast, cast.c1)
    for number in range(12):
        more = make_list(cast.root, f"M{number}", "更多", scope="TIER", tier="CITY")
        enter(more, cast.skus[1].pk, 100 + number, number % 5)
    with statements() as many:
        trace(cast, cast.c1)
    assert len(many) == len(few)
    assert len(few) <= 9


def test_a_day_is_asked_at_its_end_and_today_now() -> None:
    now = datetime(2026, 1, 12, 2, tzinfo=START.tzinfo)
    with clock.at(now):
        assert end_of(clock.business_day()) == now
        assert end_of(clock.business_day() - timedelta(days=1)).isoformat() == "2026-01-11T15:59:59.999999+00:00"


# The trace and the one SQL agree on random worlds.


@dataclass(frozen=True, slots=True)
class ListPlan:
    """A list of a random world; ``parent`` names an earlier one."""

    scope: str
    region: str
    channel: str
    is_active: bool
    parent: int | None
    factor_ppm: int
    round_to: int
    round_mode: str
    divides: bool


@dataclass(frozen=True, slots=True)
class EntryPlan:
    """An entry of a random world."""

    list_at: int
    unit: Unit
    least: int
    day: int
    amount: int | None


LISTS = st.lists(
    st.builds(
        ListPlan,
        scope=st.sampled_from(["DEALER", "GROUP", "TIER", "NATIONAL"]),
        region=st.sampled_from(["CN", "370000", "370100", "370200"]),
        channel=st.sampled_from(["", "", "TRADITIONAL", "KA"]),
        is_active=st.sampled_from([True, True, True, False]),
        parent=st.one_of(st.none(), st.integers(0, 5)),
        factor_ppm=st.sampled_from([1_000_000, 950_000, 1_234_567, 1]),
        round_to=st.sampled_from([1, 10, 100]),
        round_mode=st.sampled_from(["HALF_UP", "UP", "DOWN"]),
        divides=st.booleans(),
    ),
    min_size=1,
    max_size=6,
)
ENTRIES = st.lists(
    st.builds(
        EntryPlan,
        list_at=st.integers(0, 5),
        unit=st.sampled_from(UNITS),
        least=st.sampled_from([1, 2, 5]),
        day=st.integers(0, 10),
        amount=st.one_of(st.none(), st.integers(1, 999)),
    ),
    max_size=25,
)


@given(plans=LISTS, entries=ENTRIES, day=st.integers(0, 10), quantity=st.integers(1, 6), is_lowest=st.booleans())
def test_the_trace_and_the_statement_agree(
    cast: Cast, plans: list[ListPlan], entries: list[EntryPlan], day: int, quantity: int, is_lowest: bool
) -> None:
    PricingSettings.objects.update_or_create(pk=1, defaults={"choice": "LOWEST" if is_lowest else "FIRST_LIST"})
    PriceEntry.objects.all().delete()
    sql.execute("DELETE FROM pricing_pricelist", {})
    lists = _made(cast, plans)
    sku, at = cast.skus[3], START + timedelta(days=day)
    for entry in entries:
        enter(lists[entry.list_at % len(lists)], sku.pk, entry.amount, entry.day, entry.least, entry.unit)
    facts = trading_dealer(buyer_id=cast.c1.pk, seller_id=None, day=clock.business_day())
    for unit in UNITS:
        asked = [PriceAsk(1, sku.pk, unit, quantity)]
        found = resolve(seller_id=facts.supplier_id, buyer=facts, lines=asked, at=at, currency="CNY")[1]
        told = trace(cast, cast.c1, 3, quantity, unit=unit, at=at)
        assert _answer(told) == _resolved(found)


def _made(cast: Cast, plans: Sequence[ListPlan]) -> list[PriceList]:
    group = PriceGroup.objects.get_or_create(code="A", defaults={"name": "甲组"})[0]
    group.dealers.set((cast.c1,))
    lists: list[PriceList] = []
    for number, plan in enumerate(plans):
        parent = lists[plan.parent] if plan.parent is not None and plan.parent < number else None
        scope: dict[str, dict[str, Any]] = {
            "DEALER": {"dealer": cast.c1},
            "GROUP": {"price_group": group, "region_code": plan.region},
            "TIER": {"tier": "CITY", "region_code": plan.region},
            "NATIONAL": {"region_code": plan.region},
        }
        lists.append(
            make_list(
                cast.root,
                f"L{number}",
                "",
                scope=plan.scope,
                is_active=plan.is_active,
                channel=plan.channel,
                parent=parent if parent is None or _depth(parent) < 3 else None,
                factor_ppm=plan.factor_ppm,
                round_to=plan.round_to,
                round_mode=plan.round_mode,
                divides_cases=plan.divides,
                **scope[plan.scope],
            )
        )
    return lists


def _depth(one: PriceList) -> int:
    return 0 if one.parent is None else 1 + _depth(one.parent)


def _answer(told: TracedPrice) -> tuple[object, ...]:
    if told.price is None:
        return (told.refusal.code if told.refusal else None,)
    winner = next(one.asked.list.code for one in told.chain if one.asked.verdict is Verdict.WINS)
    return told.price.amount, winner, told.explained.min_quantity, told.price.entry.id


def _resolved(found: ResolvedPrice | DomainError) -> tuple[object, ...]:
    if isinstance(found, DomainError):
        return (found.code,)
    return found.unit_price, found.list_code, found.min_quantity, found.entry_id
