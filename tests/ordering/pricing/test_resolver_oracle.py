"""Random worlds: the one SQL, and the shelf, against a naive resolver in plain Python.

Lists of every scope, region, channel and group; derived lists, lists that divide, floors; both ways to choose.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.catalogue.models import Sku
from core.db import sql
from core.kernel import clock, regions
from core.kernel.quantity import Unit
from dms.dealers.models import Dealer, PriceGroup
from dms.dealers.selectors import trading_dealer
from ordering.pricing.models import PriceEntry, PriceList, PricingSettings
from ordering.pricing.rules import ResolvedPrice, price_of
from ordering.pricing.selectors import ShelfFilters, offers, offers_in_divisions, shelf_cards, shelf_page
from ordering.promotions.selectors.waterfall import a_dealer_of
from tests.cast import Cast
from tests.factories.prices import make_list

START = datetime(2026, 1, 1, tzinfo=UTC)
DAYS = st.integers(0, 5)
LISTS_AT_MOST = 6


@dataclass(frozen=True, slots=True)
class ListPlan:
    """A list of a random world; ``parent``: an earlier list it is derived from."""

    scope: str
    region: str
    tier: str
    channel: str
    group: str
    kind: str
    is_ours: bool
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
        tier=st.sampled_from(["CITY", "CITY", "PROVINCIAL"]),
        channel=st.sampled_from(["", "", "TRADITIONAL", "KA"]),
        group=st.sampled_from("ABC"),
        kind=st.sampled_from(["SALE", "SALE", "SALE", "FLOOR", "GUIDE"]),
        is_ours=st.sampled_from([True, True, False]),
        is_active=st.sampled_from([True, True, True, False]),
        parent=st.one_of(st.none(), st.integers(0, LISTS_AT_MOST - 1)),
        factor_ppm=st.sampled_from([1, 333_333, 500_000, 950_000, 1_000_000, 1_080_000, 10_000_000]),
        round_to=st.sampled_from([1, 10, 100, 1000]),
        round_mode=st.sampled_from(["HALF_UP", "UP", "DOWN"]),
        divides=st.booleans(),
    ),
    min_size=1,
    max_size=LISTS_AT_MOST,
)
ENTRIES = st.lists(
    st.builds(
        EntryPlan,
        list_at=st.integers(0, LISTS_AT_MOST - 1),
        sku_at=st.integers(1, 2),
        unit=st.sampled_from([Unit.CASE, Unit.CASE, Unit.BOTTLE]),
        least=st.sampled_from([1, 2, 5]),
        day=DAYS,
        amount=st.one_of(st.none(), st.integers(1, 9), st.integers(1, 99_999), st.just(9_000_000_000_000_000)),
    ),
    max_size=25,
)
WORLD = given(
    plans=LISTS, entries=ENTRIES, day=DAYS, is_lowest=st.booleans(), sold=st.sampled_from(["CASE", "BOTTLE", "BOTH"])
)


@WORLD
def test_offers_and_the_oracle_agree(
    cast: Cast, plans: list[ListPlan], entries: list[EntryPlan], day: int, is_lowest: bool, sold: str
) -> None:
    _world(cast, plans, entries, is_lowest=is_lowest, sold=sold)
    at = START + timedelta(days=day)
    buyer = trading_dealer(buyer_id=cast.c1.pk, seller_id=None, day=clock.business_day())
    skus = [cast.skus[1], cast.skus[2]]
    found = offers(seller_id=cast.root.pk, buyer=buyer, codes=[sku.code for sku in skus], currency="CNY", at=at)
    for sku in skus:
        offer = found[sku.code]
        oracle = _Oracle(cast, sku, at)
        assert offer.choice == ("LOWEST" if is_lowest else "FIRST_LIST")
        assert offer.floors == oracle.floors()
        for unit in Unit:
            for quantity in (1, 2, 4, 5, 7, 12, 30):
                expected = oracle.price(unit, quantity, is_lowest=is_lowest)
                try:
                    price: ResolvedPrice | None = price_of(offer, unit, quantity)
                except Exception as refusal:  # noqa: BLE001 - the oracle only says that there is none
                    assert getattr(refusal, "code", "").startswith("price."), refusal
                    price = None
                assert (price and (price.unit_price, price.list_code)) == expected
                if price is not None:
                    entry = PriceEntry.objects.select_related("price_list").get(pk=price.entry_id)
                    fed = entry.price_list.code
                    assert fed == (
                        price.origin.list_code if price.origin and price.origin.list_code else price.list_code
                    )


@WORLD
def test_many_divisions_are_told_what_each_is_told_alone(
    cast: Cast, plans: list[ListPlan], entries: list[EntryPlan], day: int, is_lowest: bool, sold: str
) -> None:
    _world(cast, plans, entries, is_lowest=is_lowest, sold=sold)
    at, root, codes = START + timedelta(days=day), cast.root.pk, [cast.skus[1].code, cast.skus[2].code]
    places = ("370100", "370102", "370200", "370000", "110000")
    dealers = {place: a_dealer_of("CITY", place, seller_id=root, currency="CNY") for place in places}
    found = offers_in_divisions(seller_id=root, buyer=dealers["370100"], region_codes=places, codes=codes, at=at)
    for place, buyer in dealers.items():
        alone = offers(seller_id=root, buyer=buyer, codes=codes, currency="CNY", at=at)
        assert {code: one._replace(floors={}) for code, one in alone.items()} == found[place]


@WORLD
def test_the_shelf_and_the_oracle_agree(
    cast: Cast, plans: list[ListPlan], entries: list[EntryPlan], day: int, is_lowest: bool, sold: str
) -> None:
    _world(cast, plans, entries, is_lowest=is_lowest, sold=sold, start=clock.now() - timedelta(days=day))
    actor = cast.buyer_c1
    skus = {sku.code: sku for sku in (cast.skus[1], cast.skus[2])}
    cards = {card.sku_code: card for card in shelf_cards(actor=actor, sku_codes=list(skus))}
    by_price = [
        card.sku_code
        for card in shelf_page(actor=actor, filters=ShelfFilters(sort="price")).cards
        if card.sku_code in skus
    ]
    paid: dict[str, float] = {}
    for code, sku in skus.items():
        oracle, card = _Oracle(cast, sku, clock.now()), cards[code]
        for unit in Unit:
            steps = {step.min_quantity: step.amount for step in card.ladder if step.unit == unit.value}
            for quantity in (1, 2, 4, 5, 7, 12, 30):
                expected = oracle.price(unit, quantity, is_lowest=is_lowest)
                reached = [least for least in steps if least <= quantity]
                assert (steps[max(reached)] if reached else None) == (expected and expected[0])
        if card.price is not None:
            paid[code] = card.price / (sku.bottles_per_case if card.unit == "CASE" else 1)
    if len(paid) == 2:
        assert [paid[code] for code in by_price] == sorted(paid.values())
    elif len(paid) == 1:
        assert by_price[0] in paid


def _world(
    cast: Cast,
    plans: list[ListPlan],
    entries: list[EntryPlan],
    *,
    is_lowest: bool,
    sold: str,
    start: datetime = START,
) -> None:
    for table in ("pricing_priceentry", "pricing_pricelist", "pricing_pricingsettings"):
        sql.execute(f"DELETE FROM {table}", {})
    groups = {}
    for rank, code in enumerate("CAB"):
        groups[code] = PriceGroup.objects.update_or_create(code=code, defaults={"name": code, "rank": rank})[0]
    cast.c1.price_groups.set((groups["A"], groups["B"]))
    Sku.objects.filter(pk__in=(cast.skus[1].pk, cast.skus[2].pk)).update(sells_in=sold)
    if is_lowest:
        PricingSettings.objects.create(choice="LOWEST")
    lists: list[PriceList] = []
    depths: list[int] = []
    for number, plan in enumerate(plans):
        at = plan.parent % number if plan.parent is not None and number else None
        if at is not None and depths[at] >= 3:
            at = None
        depths.append(depths[at] + 1 if at is not None else 0)
        lists.append(_made(cast, plan, number, groups, lists[at] if at is not None else None))
    for entry in entries:
        PriceEntry.objects.update_or_create(
            price_list=lists[entry.list_at % len(lists)],
            sku_id=cast.skus[entry.sku_at].pk,
            unit=entry.unit,
            min_quantity=entry.least,
            valid_from=start + timedelta(days=entry.day),
            defaults={"amount": entry.amount, "created_at": start},
        )


def _made(
    cast: Cast, plan: ListPlan, number: int, groups: Mapping[str, PriceGroup], parent: PriceList | None
) -> PriceList:
    by_scope: Mapping[str, Mapping[str, object]] = {
        "DEALER": {"dealer": cast.c1 if plan.is_ours else cast.c2},
        "GROUP": {"price_group": groups[plan.group], "region_code": plan.region},
        "TIER": {"tier": plan.tier, "region_code": plan.region},
        "NATIONAL": {"region_code": plan.region},
    }
    return make_list(
        cast.root,
        f"L{number}",
        "",
        scope=plan.scope,
        is_active=plan.is_active,
        kind=plan.kind,
        channel=plan.channel,
        parent=parent,
        factor_ppm=plan.factor_ppm,
        round_to=plan.round_to,
        round_mode=plan.round_mode,
        divides_cases=plan.divides,
        **by_scope[plan.scope],
    )


Ladder = dict[tuple[str, int], tuple[int, datetime]]
"""By unit and least quantity: what it costs, since when."""


@dataclass(frozen=True, slots=True)
class _Oracle:
    """What a SKU costs the city dealer at ``at``, by looking at every list and entry."""

    cast: Cast
    sku: Sku
    at: datetime

    def price(self, unit: Unit, quantity: int, *, is_lowest: bool) -> tuple[int, str] | None:
        """The unit price and the code of the list it comes from; None where there is none."""
        offered = []
        for said, ladder in self._chain("SALE"):
            steps = {least: amount for (of, least), (amount, _since) in ladder.items() if of == unit.value}
            reached = [least for least in steps if least <= quantity]
            if reached:
                offered.append((steps[max(reached)], said.code))
            if not is_lowest:
                break
        return min(offered, key=lambda one: one[0]) if offered else None

    def floors(self) -> dict[Unit, int]:
        """The first step of each unit in the first FLOOR list that says anything."""
        for _said, ladder in self._chain("FLOOR"):
            firsts: dict[Unit, tuple[int, int]] = {}
            for (unit, least), (amount, _since) in ladder.items():
                firsts[Unit(unit)] = min(firsts.get(Unit(unit), (least, amount)), (least, amount))
            return {unit: amount for unit, (_least, amount) in firsts.items()}
        return {}

    def _chain(self, kind: str) -> list[tuple[PriceList, Ladder]]:
        """Lists that say anything, the one asked first in front."""
        found = []
        for one in PriceList.objects.filter(kind=kind, is_active=True):
            place = self._place(one)
            ladder = self._ladder(one)
            if place is not None and ladder:
                newest = max(since for _amount, since in ladder.values())
                found.append((place, -newest.timestamp(), -one.pk, one, self._with_bottles(one, ladder)))
        return [(one, ladder) for *_key, one, ladder in sorted(found, key=lambda row: row[:3])]

    def _place(self, one: PriceList) -> tuple[int, int, bool, int] | None:
        dealer = Dealer.objects.get(pk=self.cast.c1.pk)
        lineage = regions.lineage(dealer.region_code)
        groups = list(dealer.price_groups.order_by("rank"))
        fits = {
            "DEALER": one.dealer_id == dealer.pk,
            "GROUP": one.price_group in groups,
            "TIER": one.tier == dealer.tier,
            "NATIONAL": True,
        }[one.scope]
        if not fits or one.region_code not in lineage or one.channel not in ("", dealer.channel):
            return None
        scope = ["DEALER", "GROUP", "TIER", "NATIONAL"].index(one.scope)
        rank = groups.index(one.price_group) if one.price_group in groups else 0
        return scope, lineage.index(one.region_code), one.channel == "", rank

    def _ladder(self, one: PriceList) -> Ladder:
        own: Ladder = {}
        ended = set()
        for entry in PriceEntry.objects.filter(price_list=one, sku=self.sku, valid_from__lte=self.at).order_by(
            "valid_from"
        ):
            key = (entry.unit, entry.min_quantity)
            ended.discard(key)
            if entry.amount is None:
                ended.add(key)
            own[key] = (entry.amount or 0, entry.valid_from)
        own = {key: step for key, step in own.items() if key not in ended}
        if own or one.parent is None:
            return own
        derived = {key: (_times(amount, one), since) for key, (amount, since) in self._ladder(one.parent).items()}
        return {key: step for key, step in derived.items() if step[0]}

    def _with_bottles(self, one: PriceList, ladder: Ladder) -> Ladder:
        if not one.divides_cases or any(unit == "BOTTLE" for unit, _least in ladder):
            return ladder
        pack = self.sku.bottles_per_case
        divided = {
            ("BOTTLE", 1 if least == 1 else least * pack): ((2 * amount + pack) // (2 * pack), since)
            for (_unit, least), (amount, since) in ladder.items()
        }
        return ladder | {key: step for key, step in divided.items() if step[0]}


def _times(amount: int, one: PriceList) -> int:
    """The parent's amount × factor to whole ``round_to``, with a remainder in view."""
    whole, rest = divmod(amount * one.factor_ppm, 1_000_000 * one.round_to)
    up = {"UP": rest > 0, "DOWN": False, "HALF_UP": 2 * rest >= 1_000_000 * one.round_to}[one.round_mode]
    return (whole + up) * one.round_to


@pytest.mark.parametrize(
    ("mode", "to", "expected"),
    [
        ("HALF_UP", 1, 949),
        ("DOWN", 1, 949),
        ("UP", 1, 950),
        ("HALF_UP", 100, 900),
        ("UP", 1000, 1000),
        ("DOWN", 1000, 0),
    ],
)
def test_a_derived_price_is_rounded_as_the_list_says(cast: Cast, mode: str, to: int, expected: int) -> None:
    base = make_list(cast.root, "BASE", "", scope="NATIONAL", kind="GUIDE")
    derived = make_list(
        cast.root,
        "C1",
        "",
        scope="DEALER",
        dealer=cast.c1,
        parent=base,
        factor_ppm=949_100,
        round_to=to,
        round_mode=mode,
    )
    PriceEntry.objects.create(
        price_list=base, sku=cast.skus[5], unit="CASE", valid_from=START, amount=1000, created_at=START
    )
    buyer = trading_dealer(buyer_id=cast.c1.pk, seller_id=None, day=clock.business_day())
    code, root = cast.skus[5].code, cast.root.pk
    offer = offers(seller_id=root, buyer=buyer, codes=[code], currency="CNY", at=clock.now())[code]
    if not expected:
        assert not offer.ladders, "a price that comes out as nothing is no price, not a free one"
        return
    price = price_of(offer, Unit.CASE, 1)
    assert (price.unit_price, price.list_id) == (expected, derived.pk)
    assert price.origin is not None
    assert (price.origin.list_code, price.origin.stages[0].factor_ppm) == ("BASE", 949_100)
