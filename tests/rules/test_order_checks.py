"""Whether a line may be ordered: every fault by line, each with a way out that is good itself."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.kernel.quantity import MAX_BOTTLES, Unit, to_bottles
from dms.dealers.rules import MissingPaper, Need
from dms.stock.errors import InsufficientStock
from ordering.orders.rules.checks import (
    AskedLine,
    BuyerFacts,
    CheckedLine,
    Terms,
    Way,
    cart_of,
    check_line,
    is_auto_approved,
    nearest,
    order_faults,
    with_stock,
)
from ordering.pricing.rules import ManualPrice, Offer, Step

TERMS = Terms(minimum_amount=0, tax_rate_bp=1300, requires_licence=True, requires_grant=True)
GOOD_BUYER = BuyerFacts(is_active=True)
UNLICENSED = replace(GOOD_BUYER, missing_papers=(MissingPaper(Need.FOOD),))
CASES = {Unit.CASE: (Step(1, 1, 60_000), Step(2, 10, 54_000))}
OFFER = Offer(7, "XH-1", "杏禾", 6, "ON", "CASE", 1, 3, "CLASSIC", 1, "NAT", CASES)


def codes(line: CheckedLine) -> set[str]:
    """The codes of a line's faults, all of which carry the line's number."""
    assert {fault.line for fault in line.faults} <= {line.line_no}
    return {fault.code for fault in line.faults}


def test_a_good_line_has_no_fault() -> None:
    line = check_line(AskedLine(4, "XH-1", 10), OFFER, TERMS)
    assert line.is_good
    assert line.ways == ()
    assert line.priced is not None
    assert (line.unit, line.bottles, line.priced.amount) == (Unit.CASE, 60, 540_000)


@pytest.mark.parametrize(
    ("offer", "unit", "quantity", "expected"),
    [
        (None, None, 1, {"order.sku_unknown"}),
        (OFFER._replace(status="DRAFT"), None, 1, {"order.sku_unknown"}),
        (OFFER._replace(status="OFF"), None, 1, {"order.not_on_shelf"}),
        (OFFER._replace(status="DISCONTINUED", list_id=None), None, 1, {"order.not_on_shelf", "price.missing"}),
        (OFFER._replace(list_id=None, ladders={}), None, 1, {"price.missing"}),
        (OFFER, Unit.BOTTLE, 6, {"order.unit"}),
        (OFFER._replace(sells_in="BOTH"), Unit.BOTTLE, 6, {"price.unit_missing"}),
        (OFFER._replace(order_multiple=4), None, 6, {"order.multiple"}),
        (OFFER._replace(ladders={Unit.CASE: (Step(1, 5, 1),)}), None, 4, {"price.below_first_step"}),
        (OFFER, None, 0, {"order.quantity"}),
        (OFFER, None, -3, {"order.quantity"}),
        (OFFER, None, MAX_BOTTLES, {"order.quantity"}),
    ],
)
def test_each_fault_is_named(offer: Offer | None, unit: Unit | None, quantity: int, expected: set[str]) -> None:
    assert codes(check_line(AskedLine(1, "XH-1", quantity, unit), offer, TERMS)) == expected


def test_a_line_outside_the_grant_is_refused_only_where_grants_are_required() -> None:
    terms = replace(TERMS, covers=lambda line_id, _sku_id: line_id != 3)
    assert codes(check_line(AskedLine(1, "XH-1", 1), OFFER, terms)) == {"order.not_granted"}
    assert check_line(AskedLine(1, "XH-1", 1), OFFER, replace(terms, requires_grant=False)).is_good


def test_the_brands_own_staff_may_order_what_is_not_yet_on_the_shelf_by_name() -> None:
    line = check_line(AskedLine(1, "XH-1", 1), OFFER._replace(status="DRAFT"), replace(TERMS, shows_drafts=True))
    assert codes(line) == {"order.not_on_shelf"}


@given(
    quantity=st.integers(-5, 200),
    unit=st.sampled_from([None, Unit.CASE, Unit.BOTTLE]),
    sells_in=st.sampled_from(["CASE", "BOTTLE", "BOTH"]),
    multiple=st.integers(1, 7),
    first=st.integers(1, 12),
    per_case=st.integers(1, 24),
    priced_units=st.sets(st.sampled_from([Unit.CASE, Unit.BOTTLE]), min_size=1),
)
def test_every_way_out_leads_to_a_line_that_is_good(
    quantity: int, unit: Unit | None, sells_in: str, multiple: int, first: int, per_case: int, priced_units: set[Unit]
) -> None:
    ladders = {priced: (Step(1, first, 100),) for priced in priced_units}
    offer = OFFER._replace(sells_in=sells_in, order_multiple=multiple, bottles_per_case=per_case, ladders=ladders)
    line = check_line(AskedLine(1, "XH-1", quantity, unit), offer, TERMS)
    assert line.is_good or line.ways
    for way in line.ways:
        if way.way is Way.SET:
            assert check_line(AskedLine(1, "XH-1", way.quantity, way.unit), offer, TERMS).is_good


@given(quantity=st.integers(1, 10_000), multiple=st.integers(2, 50))
def test_the_multiples_around_a_quantity(quantity: int, multiple: int) -> None:
    near = nearest(quantity, multiple)
    assert all(number > 0 and number % multiple == 0 and abs(number - quantity) <= multiple for number in near)


def test_short_stock_offers_what_is_left_in_whole_units() -> None:
    line = check_line(AskedLine(1, "XH-1", 10), OFFER, TERMS)
    short = with_stock(line, wanted=60, free=45, fault=InsufficientStock(line=1, sku="XH-1", wanted=60, free=45))
    assert codes(short) == {"stock.insufficient"}
    assert [(way.way, way.unit, way.quantity) for way in short.ways] == [(Way.SET, Unit.CASE, 7)]
    nothing = with_stock(line, wanted=60, free=5, fault=InsufficientStock(line=1, sku="XH-1", wanted=60, free=5))
    assert [way.way for way in nothing.ways] == [Way.REMOVE]


@given(wishes=st.lists(st.integers(1, 50), min_size=1, max_size=6), free=st.integers(0, 600))
def test_taking_every_way_out_of_short_stock_one_line_at_a_time_fits(wishes: list[int], free: int) -> None:
    lines = [check_line(AskedLine(number, "XH-1", wish), OFFER, TERMS) for number, wish in enumerate(wishes, start=1)]
    wanted = sum(line.bottles for line in lines)
    fault = InsufficientStock(sku="XH-1", wanted=wanted, free=free)
    for line in lines:
        (way,) = with_stock(line, wanted=wanted, free=free, fault=fault).ways
        if way.way is Way.SET:
            others = wanted - line.bottles
            assert others + to_bottles(way.quantity, Unit.CASE, 6) <= free


def test_a_manual_price_stands_in_for_a_missing_one() -> None:
    asked = AskedLine(1, "XH-1", 3, manual=ManualPrice(1_000, "as invoiced"))
    line = check_line(asked, OFFER._replace(list_id=None, ladders={}), TERMS)
    assert line.is_good
    assert cart_of([line], "CNY").total == 1_000


def test_an_amount_beyond_all_money_is_a_quantity_nobody_means() -> None:
    offer = OFFER._replace(ladders={Unit.CASE: (Step(1, 1, 9_000_000_000_000_000),)})
    assert codes(check_line(AskedLine(1, "XH-1", 2), offer, TERMS)) == {"order.quantity"}


@pytest.mark.parametrize(
    ("buyer", "terms", "count", "total", "expected"),
    [
        (GOOD_BUYER, TERMS, 1, 1, []),
        (GOOD_BUYER, TERMS, 0, 0, ["order.empty"]),
        (replace(GOOD_BUYER, is_active=False), TERMS, 1, 1, ["order.dealer_inactive"]),
        (UNLICENSED, TERMS, 1, 1, ["order.licence"]),
        (UNLICENSED, replace(TERMS, requires_licence=False), 1, 1, []),
        (GOOD_BUYER, replace(TERMS, minimum_amount=100), 1, 99, ["order.below_minimum"]),
        (GOOD_BUYER, replace(TERMS, minimum_amount=100), 1, 100, []),
    ],
)
def test_faults_of_the_whole(buyer: BuyerFacts, terms: Terms, count: int, total: int, expected: list[str]) -> None:
    faults = order_faults(buyer=buyer, terms=terms, line_count=count, total=total)
    assert [fault.code for fault in faults] == expected


def test_nobody_approves_a_small_order_unless_its_price_was_made_by_hand() -> None:
    assert is_auto_approved(total=100, up_to=100, has_manual_price=False)
    assert not is_auto_approved(total=101, up_to=100, has_manual_price=False)
    assert not is_auto_approved(total=1, up_to=100, has_manual_price=True)
