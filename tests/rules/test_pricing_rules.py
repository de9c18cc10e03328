"""The ladder's step, the line's amount, the cart as the sum of its lines."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.kernel.errors import DomainError
from core.kernel.money import share_of, vat_inside
from core.kernel.quantity import Unit
from ordering.pricing.errors import BelowFirstStep, NotAPrice, PriceMissing, UnitUnpriced
from ordering.pricing.rules import (
    ManualPrice,
    Offer,
    PricedCart,
    Step,
    dearer_than,
    faults_of_change,
    is_leap,
    manually_priced_line,
    price_of,
    priced_line,
    step_for,
)

LADDERS = st.dictionaries(st.integers(1, 500), st.integers(1, 10**7), min_size=1, max_size=6)


def offer(ladders: dict[Unit, dict[int, int]] | None = None, *, sells_in: str = "BOTH") -> Offer:
    """An offer of list 1 with these steps."""
    steps = {
        unit: tuple(Step(number, quantity, amount) for number, (quantity, amount) in enumerate(ladder.items(), start=1))
        for unit, ladder in (ladders or {}).items()
    }
    return Offer(
        7, "XH-1", "杏禾", 6, "ON", sells_in, 1, 3, "CLASSIC", 1 if steps else None, "NAT" if steps else "", steps
    )


@given(ladder=LADDERS, quantity=st.integers(1, 1000))
def test_the_largest_step_that_is_reached_counts(ladder: dict[int, int], quantity: int) -> None:
    step = step_for(tuple(Step(0, least, amount) for least, amount in ladder.items()), quantity)
    reached = [least for least in ladder if least <= quantity]
    assert (step.amount if step else None) == (ladder[max(reached)] if reached else None)


def test_no_price_is_never_free() -> None:
    with pytest.raises(PriceMissing):
        price_of(offer(), Unit.CASE, 1)
    with pytest.raises(UnitUnpriced):
        price_of(offer({Unit.CASE: {1: 100}}), Unit.BOTTLE, 1)


def test_below_the_first_step_says_where_it_begins() -> None:
    with pytest.raises(BelowFirstStep) as caught:
        price_of(offer({Unit.CASE: {10: 100, 20: 90}}), Unit.CASE, 9)
    assert caught.value.fields["from_quantity"] == 10


@given(ladder=LADDERS, quantity=st.integers(1, 1000), rate=st.sampled_from([0, 900, 1300]))
def test_a_lines_amount_is_price_times_quantity_with_the_tax_inside(
    ladder: dict[int, int], quantity: int, rate: int
) -> None:
    try:
        price = price_of(offer({Unit.CASE: ladder}), Unit.CASE, quantity)
    except DomainError:
        assert quantity < min(ladder)
        return
    line = priced_line(1, price, quantity, rate)
    assert line.amount == price.unit_price * quantity
    assert line.tax == vat_inside(line.amount, rate)
    assert line.trace["steps"] == [
        {"step": "base", "unit_price": price.unit_price, "quantity": quantity, "amount": line.amount}
    ]


def test_price_01_total_tax_is_the_sum_of_lines_not_the_tax_of_the_whole() -> None:
    amounts = (16_929_131, 9_902_880, 4_106_771)
    lines = [
        manually_priced_line(number, ManualPrice(amount, "PRICE-01"), quantity, 1300, None)
        for number, (amount, quantity) in enumerate(zip(amounts, (100, 33, 200), strict=True), start=1)
    ]
    cart = PricedCart.of(lines, "CNY")
    assert cart.total == 30_938_782
    assert cart.tax == 3_559_328
    assert vat_inside(cart.total, 1300) == 3_559_329


def test_price_01_two_shipments_make_the_order() -> None:
    shares = [
        share_of(16_929_131, quantity=60, of=100, already_quantity=0, already_amount=0),
        share_of(9_902_880, quantity=33, of=33, already_quantity=0, already_amount=0),
        share_of(4_106_771, quantity=120, of=200, already_quantity=0, already_amount=0),
    ]
    assert shares == [10_157_479, 9_902_880, 2_464_063]
    assert [vat_inside(share, 1300) for share in shares] == [1_168_560, 1_139_269, 283_476]
    rest = [
        share_of(16_929_131, quantity=40, of=100, already_quantity=60, already_amount=shares[0]),
        share_of(4_106_771, quantity=80, of=200, already_quantity=120, already_amount=shares[2]),
    ]
    assert rest == [6_771_652, 1_642_708]
    assert sum(vat_inside(share, 1300) for share in rest) == 968_024
    assert sum(shares) + sum(rest) == 30_938_782


def test_a_manual_price_keeps_its_amount_and_what_it_replaced() -> None:
    listed = price_of(offer({Unit.CASE: {1: 1_000}}), Unit.CASE, 3)
    line = manually_priced_line(1, ManualPrice(1_000, "as invoiced"), 3, 1300, listed)
    assert (line.amount, line.unit_price, line.manual_reason) == (1_000, 333, "as invoiced")
    steps = line.trace["steps"]
    assert isinstance(steps, list)
    assert [step["step"] for step in steps] == ["base", "manual"]


@pytest.mark.parametrize("manual", [ManualPrice(0, "gift"), ManualPrice(-1, "x"), ManualPrice(100, "  ")])
def test_a_manual_price_is_positive_and_has_a_reason(manual: ManualPrice) -> None:
    with pytest.raises(NotAPrice):
        manually_priced_line(1, manual, 1, 1300, None)


@pytest.mark.parametrize(
    ("unit", "least", "amount", "codes"),
    [
        (Unit.CASE, 1, 100, []),
        (Unit.CASE, 1, None, []),
        (Unit.BOTTLE, 1, 100, ["price.unit_not_sold"]),
        (Unit.CASE, 0, 0, ["price.min_quantity", "price.not_positive"]),
        (Unit.CASE, 1, -5, ["price.not_positive"]),
    ],
)
def test_what_a_list_will_not_take(unit: Unit, least: int, amount: int | None, codes: list[str]) -> None:
    faults = faults_of_change(line=1, sku="X", unit=unit, sells_in="CASE", min_quantity=least, amount=amount)
    assert [fault.code for fault in faults] == codes


@pytest.mark.parametrize(
    ("ladder", "step", "odd"),
    [
        ({1: 900, 10: 880, 50: 5000}, 50, 10),
        ({1: 900, 10: 880, 50: 870}, 50, None),
        ({1: 900, 10: 950}, 1, 10),
        ({1: 900, 10: 900}, 10, None),
        ({1: 900}, 1, None),
    ],
)
def test_a_step_that_makes_the_ladder_rise_is_odd(ladder: dict[int, int], step: int, odd: int | None) -> None:
    assert dearer_than(ladder, step) == odd


@pytest.mark.parametrize(
    ("before", "amount", "leaps"), [(100, 200, True), (100, 199, False), (100, 50, True), (100, 51, False)]
)
def test_a_price_that_doubles_or_halves_leaps(before: int, amount: int, leaps: bool) -> None:
    assert is_leap(before, amount) is leaps
