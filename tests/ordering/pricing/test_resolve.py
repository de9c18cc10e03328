"""Which price rules: the one SQL against a naive oracle in plain Python, and the cases people argue about."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from core.db import sql
from core.kernel import clock, regions
from core.kernel.errors import DomainError
from core.kernel.quantity import Unit
from dms.dealers.models import Dealer, PriceGroup
from dms.dealers.selectors import TradingDealer, trading_dealer
from ordering.pricing.models import PriceEntry, PriceList
from ordering.pricing.rules import ResolvedPrice
from ordering.pricing.selectors import PriceAsk, offers, resolve
from tests.cast import Cast
from tests.factories.prices import make_list, make_price
from tests.factories.wide import make_many_skus
from tests.ordering.watching import statements

START = datetime(2026, 1, 1, tzinfo=UTC)
DAYS = st.integers(0, 10)
UNITS = [Unit.CASE, Unit.BOTTLE]


def buyer(dealer: Dealer) -> TradingDealer:
    """The dealer as the gate sees it."""
    return trading_dealer(buyer_id=dealer.pk, seller_id=None, day=clock.business_day())


def price(cast: Cast, dealer: Dealer, number: int, quantity: int = 1, unit: Unit = Unit.CASE) -> int | str:
    """The unit price, or the code of the refusal."""
    found = ask(dealer, cast.skus[number].pk, quantity, unit, clock.now())
    return found.unit_price if isinstance(found, ResolvedPrice) else found.code


def ask(dealer: Dealer, sku_id: int, quantity: int, unit: Unit, at: datetime) -> ResolvedPrice | DomainError:
    """One question."""
    facts = buyer(dealer)
    lines = [PriceAsk(1, sku_id, unit, quantity)]
    return resolve(seller_id=facts.supplier_id, buyer=facts, lines=lines, at=at, currency="CNY")[1]


def enter(
    price_list: PriceList, sku_id: int, amount: int | None, day: int, least: int = 1, unit: Unit = Unit.CASE
) -> None:
    """An entry that rules from ``day`` days after the start on; a second one of the same key replaces the first."""
    PriceEntry.objects.update_or_create(
        price_list=price_list,
        sku_id=sku_id,
        unit=unit,
        min_quantity=least,
        valid_from=START + timedelta(days=day),
        defaults={"amount": amount, "created_at": START},
    )


def test_dealer_before_tier_before_national(cast: Cast) -> None:
    assert [price(cast, dealer, 1) for dealer in (cast.c2, cast.c1, cast.p1)] == [168_000, 178_000, 198_000]
    assert [price(cast, dealer, 3) for dealer in (cast.c2, cast.c1, cast.p1)] == [36_000] * 3


def test_the_winning_list_gives_its_whole_ladder_and_no_other(cast: Cast) -> None:
    assert price(cast, cast.c1, 1, 10) == 170_000
    assert price(cast, cast.c2, 1, 10) == 168_000, "the dealer's list has no step at ten, the tier's step is not asked"


def test_nobody_gets_round_a_case_price_by_ordering_bottles_from_another_list(cast: Cast) -> None:
    make_price(cast.special, cast.skus[3], {1: 40_000})
    assert price(cast, cast.c2, 3, 1, Unit.BOTTLE) == "price.unit_missing"
    assert price(cast, cast.c1, 3, 1, Unit.BOTTLE) == 3_200


def test_no_row_is_not_sellable(cast: Cast) -> None:
    assert price(cast, cast.c1, 5) == "price.missing"


def test_the_group_lies_between_dealer_and_tier_and_the_deeper_region_comes_first(cast: Cast) -> None:
    group = PriceGroup.objects.create(code="A", name="甲组")
    group.dealers.set((cast.c1, cast.c2))
    for code, region, amount in (
        ("G-CN", "CN", 3),
        ("G-SD", "370000", 2),
        ("G-JN", "370100", 1),
        ("G-QD", "370200", 9),
    ):
        make_price(
            make_list(cast.root, code, code, scope="GROUP", price_group=group, region_code=region),
            cast.skus[1],
            {1: amount},
        )
    cast.c1.refresh_from_db()
    assert price(cast, cast.c1, 1) == 1
    assert price(cast, cast.c2, 1) == 168_000
    PriceList.objects.filter(code="G-JN").update(is_active=False)
    assert price(cast, cast.c1, 1) == 2
    make_price(
        make_list(cast.root, "T-JN", "济南", scope="TIER", tier="CITY", region_code="370100"), cast.skus[1], {1: 5}
    )
    assert price(cast, cast.c1, 1) == 2
    PriceList.objects.filter(scope="GROUP").update(is_active=False)
    assert price(cast, cast.c1, 1) == 5


def test_two_lists_at_one_position_the_newer_price_counts(cast: Cast) -> None:
    other = make_list(cast.root, "CITY-2", "市级新价", scope="TIER", tier="CITY")
    enter(other, cast.skus[1].pk, 175_000, 3)
    enter(other, cast.skus[2].pk, 1, -9)
    assert price(cast, cast.c1, 1) == 175_000
    assert price(cast, cast.c1, 2) == 108_000


def test_another_currency_or_seller_is_no_part_of_the_chain(cast: Cast) -> None:
    dollars = make_list(cast.root, "USD", "出口", scope="DEALER", dealer=cast.c1)
    PriceList.objects.filter(pk=dollars.pk).update(currency="USD")
    make_price(dollars, cast.skus[1], {1: 1})
    make_price(cast.downstream, cast.skus[2], {1: 1})
    assert price(cast, cast.c1, 1) == 178_000
    assert price(cast, cast.c1, 2) == 108_000
    assert price(cast, cast.t1, 1) == 208_000
    assert price(cast, cast.t1, 3) == "price.missing"


def test_what_was_the_price_then(cast: Cast) -> None:
    sku = cast.skus[5].pk
    enter(cast.national, sku, 100, 0)
    enter(cast.national, sku, 120, 5)
    enter(cast.national, sku, None, 8)
    at = {day: ask(cast.c1, sku, 1, Unit.CASE, START + timedelta(days=day)) for day in (0, 4, 5, 7, 8)}
    before = ask(cast.c1, sku, 1, Unit.CASE, START - timedelta(microseconds=1))
    assert [getattr(found, "unit_price", None) for found in at.values()] == [100, 100, 120, 120, None]
    assert isinstance(before, DomainError)


def test_an_ended_price_lets_the_next_list_speak(cast: Cast) -> None:
    PriceEntry.objects.create(
        price_list=cast.special,
        sku=cast.skus[1],
        unit="CASE",
        valid_from=clock.now(),
        amount=None,
        created_at=clock.now(),
    )
    assert price(cast, cast.c2, 1) == 178_000


def test_an_ended_step_leaves_the_steps_below(cast: Cast) -> None:
    PriceEntry.objects.create(
        price_list=cast.city,
        sku=cast.skus[1],
        unit="CASE",
        min_quantity=10,
        valid_from=clock.now(),
        amount=None,
        created_at=clock.now(),
    )
    assert price(cast, cast.c1, 1, 10) == 178_000


def test_a_ladder_that_begins_later_says_so(cast: Cast) -> None:
    enter(cast.national, cast.skus[5].pk, 100, 0, least=20)
    assert price(cast, cast.c1, 5, 19) == "price.below_first_step"
    assert price(cast, cast.c1, 5, 20) == 100


def test_a_region_nobody_knows_lies_in_the_country(cast: Cast) -> None:
    Dealer.objects.filter(pk=cast.p1.pk).update(region_code="IA")
    assert price(cast, cast.p1, 1) == 198_000


def test_one_statement_for_one_and_five_hundred_lines(cast: Cast) -> None:
    skus = make_many_skus(cast.skus[1], 500)
    facts = buyer(cast.c1)
    for size in (1, 500):
        with statements() as seen:
            found = offers(
                seller_id=facts.supplier_id,
                buyer=facts,
                codes=[sku.code for sku in skus[:size]],
                currency="CNY",
                at=clock.now(),
            )
        assert len(found) == size
        assert len(seen) == 1


# A naive resolver as the oracle: every entry looked at, in plain Python.


@dataclass(frozen=True, slots=True)
class ListPlan:
    """A list of a random world."""

    scope: str
    region: str
    tier: str
    is_ours: bool
    is_active: bool


@dataclass(frozen=True, slots=True)
class EntryPlan:
    """An entry of a random world."""

    list_at: int
    sku_at: int
    unit: Unit
    least: int
    day: int
    amount: int | None


LISTS = st.lists(
    st.builds(
        ListPlan,
        scope=st.sampled_from(["DEALER", "GROUP", "TIER", "NATIONAL"]),
        region=st.sampled_from(["CN", "370000", "370100", "370200"]),
        tier=st.sampled_from(["CITY", "PROVINCIAL"]),
        is_ours=st.booleans(),
        is_active=st.sampled_from([True, True, True, False]),
    ),
    min_size=1,
    max_size=6,
)
ENTRIES = st.lists(
    st.builds(
        EntryPlan,
        list_at=st.integers(0, 5),
        sku_at=st.integers(1, 2),
        unit=st.sampled_from(UNITS),
        least=st.sampled_from([1, 2, 5]),
        day=DAYS,
        amount=st.one_of(st.none(), st.integers(1, 999)),
    ),
    max_size=25,
)


@given(plans=LISTS, entries=ENTRIES, day=DAYS, quantity=st.integers(1, 6), unit=st.sampled_from(UNITS))
def test_the_statement_and_the_oracle_agree(
    cast: Cast, plans: list[ListPlan], entries: list[EntryPlan], day: int, quantity: int, unit: Unit
) -> None:
    for table in ("pricing_priceentry", "pricing_pricelist"):
        sql.execute(f"DELETE FROM {table}", {})
    group, other = (PriceGroup.objects.get_or_create(code=code, defaults={"name": code})[0] for code in "AB")
    group.dealers.set((cast.c1,))
    lists = [_made(cast, plan, number, group if plan.is_ours else other) for number, plan in enumerate(plans)]
    for entry in entries:
        price_list = lists[entry.list_at % len(lists)]
        enter(price_list, cast.skus[entry.sku_at].pk, entry.amount, entry.day, entry.least, entry.unit)
    at = START + timedelta(days=day)
    for number in (1, 2):
        found = ask(cast.c1, cast.skus[number].pk, quantity, unit, at)
        expected = _oracle(cast, cast.skus[number].pk, quantity, unit, at)
        assert (found.unit_price, found.list_code) if isinstance(found, ResolvedPrice) else found.code == expected


def _made(cast: Cast, plan: ListPlan, number: int, group: PriceGroup) -> PriceList:
    by_scope: Mapping[str, Mapping[str, object]] = {
        "DEALER": {"dealer": cast.c1 if plan.is_ours else cast.c2},
        "GROUP": {"price_group": group, "region_code": plan.region},
        "TIER": {"tier": plan.tier, "region_code": plan.region},
        "NATIONAL": {"region_code": plan.region},
    }
    return make_list(cast.root, f"L{number}", "", scope=plan.scope, is_active=plan.is_active, **by_scope[plan.scope])


def _oracle(cast: Cast, sku_id: int, quantity: int, unit: Unit, at: datetime) -> object:
    cast.c1.refresh_from_db()
    candidates = []
    for price_list in PriceList.objects.all():
        specificity = _specificity(cast.c1, price_list)
        ruling = _ruling(price_list, sku_id, at)
        if specificity is not None and ruling:
            newest = max(entry.valid_from for entry in ruling)
            candidates.append((specificity, -newest.timestamp(), -price_list.pk, price_list, ruling))
    if not candidates:
        return "price.missing"
    *_, winner, ruling = min(candidates, key=lambda row: row[:3])
    ladder = {entry.min_quantity: entry.amount for entry in ruling if entry.unit == unit}
    if not ladder:
        return "price.unit_missing"
    reached = [least for least in ladder if least <= quantity]
    return (ladder[max(reached)], winner.code) if reached else "price.below_first_step"


def _specificity(dealer: Dealer, price_list: PriceList) -> tuple[int, int] | None:
    lineage = regions.lineage(dealer.region_code)
    fits = {
        "DEALER": price_list.dealer_id == dealer.pk,
        "GROUP": price_list.price_group in dealer.price_groups.all(),
        "TIER": price_list.tier == dealer.tier,
        "NATIONAL": True,
    }[price_list.scope]
    if not (fits and price_list.is_active and price_list.region_code in lineage):
        return None
    return ["DEALER", "GROUP", "TIER", "NATIONAL"].index(price_list.scope), lineage.index(price_list.region_code)


def _ruling(price_list: PriceList, sku_id: int, at: datetime) -> list[PriceEntry]:
    latest: dict[tuple[str, int], PriceEntry] = {}
    for entry in PriceEntry.objects.filter(price_list=price_list, sku_id=sku_id, valid_from__lte=at).order_by(
        "valid_from"
    ):
        latest[entry.unit, entry.min_quantity] = entry
    return [entry for entry in latest.values() if entry.amount is not None]
