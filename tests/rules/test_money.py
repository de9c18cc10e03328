"""Money in minor units: rounding, tax inside, splits and shares, to the fen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.kernel.money import (
    CurrencyMismatch,
    Money,
    NotMoney,
    OtherCurrency,
    half_up,
    share_of,
    split_by_weight,
    vat_inside,
)

AMOUNTS = st.integers(min_value=0, max_value=10**12)


@pytest.mark.parametrize(
    ("numerator", "denominator", "rounded"), [(5, 2, 3), (-5, 2, -3), (4, 3, 1), (5, 3, 2), (0, 7, 0), (-1, 2, -1)]
)
def test_halves_are_rounded_away_from_zero(numerator: int, denominator: int, rounded: int) -> None:
    assert half_up(numerator, denominator) == rounded


@pytest.mark.parametrize(("amount", "tax"), [(16_929_131, 1_947_599), (9_902_880, 1_139_269), (4_106_771, 472_460)])
def test_the_tax_inside_the_lines_of_price_01(amount: int, tax: int) -> None:
    assert vat_inside(amount, 1300) == tax


@given(amount=AMOUNTS, rate=st.integers(min_value=0, max_value=5000))
def test_tax_inside_and_net_make_the_amount(amount: int, rate: int) -> None:
    tax = vat_inside(amount, rate)
    assert 0 <= tax <= amount
    net = amount - tax
    assert abs(net * rate - tax * 10_000) <= (10_000 + rate) // 2 + 1


@given(total=st.integers(min_value=-(10**9), max_value=10**9), weights=st.lists(AMOUNTS, min_size=1, max_size=12))
def test_a_split_loses_nothing_and_is_off_by_less_than_one(total: int, weights: list[int]) -> None:
    if sum(weights) == 0:
        weights[0] = 1
    parts = split_by_weight(total, weights)
    assert sum(parts) == total
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part * sum(weights) - total * weight) < sum(weights)


def test_the_order_discount_of_price_01_goes_to_its_lines() -> None:
    assert split_by_weight(-500_000, [18_810_000, 4_198_000], ["L1", "L3"]) == (-408_771, -91_229)


def test_ties_of_a_split_go_to_the_larger_weight_then_the_smaller_key() -> None:
    assert split_by_weight(1, [5, 5], ["B", "A"]) == (0, 1)
    assert split_by_weight(3, [1, 1], ["A", "B"]) == (2, 1)


@given(
    total=AMOUNTS,
    parts=st.lists(st.integers(min_value=1, max_value=10_000), min_size=1, max_size=10),
)
def test_shares_of_partial_shipments_sum_to_the_line(total: int, parts: list[int]) -> None:
    done_quantity = done_amount = 0
    for part in parts:
        share = share_of(
            total, quantity=part, of=sum(parts), already_quantity=done_quantity, already_amount=done_amount
        )
        done_quantity += part
        done_amount += share
    assert done_amount == total


def test_more_than_the_line_holds_has_no_share() -> None:
    with pytest.raises(ValueError, match="more than the line"):
        share_of(100, quantity=6, of=10, already_quantity=5, already_amount=50)


def test_two_currencies_never_meet() -> None:
    with pytest.raises(CurrencyMismatch):
        Money(1, "CNY") + Money(1, "USD")
    with pytest.raises(CurrencyMismatch):
        assert Money(1, "CNY") < Money(2, "USD")


@given(amount=st.integers(min_value=-(10**12), max_value=10**12), currency=st.sampled_from(["CNY", "USD", "JPY"]))
def test_an_amount_reads_back_as_it_was_written(amount: int, currency: str) -> None:
    money = Money(amount, currency)
    assert Money.parse(f"{money.as_decimal()}", currency) == money


@pytest.mark.parametrize(
    "text",
    ["", "abc", "1.234", "1e400", "NaN", "1e9", "1E3", "Infinity", "1,2,3.0.0", "１２３．４５６", "1980,50", "1,2,3"],
)
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(NotMoney):
        Money.parse(text)


@pytest.mark.parametrize(("text", "fen"), [("¥1,980.00", 198_000), ("１９８０", 198_000), ("-0.01", -1), ("￥5", 500)])
def test_people_write_amounts_in_many_ways(text: str, fen: int) -> None:
    assert Money.parse(text).amount == fen


@pytest.mark.parametrize(
    ("text", "currency"), [("$1980", "CNY"), ("¥1980", "USD"), ("￥1980", "HKD"), ("€5", "CNY"), ("¥$5", "CNY")]
)
def test_the_sign_of_another_currency_is_refused(text: str, currency: str) -> None:
    with pytest.raises(OtherCurrency):
        Money.parse(text, currency)


@pytest.mark.parametrize(
    ("text", "currency", "amount"), [("￥1,980", "CNY", 198_000), ("$19.80", "USD", 1_980), ("¥1980", "JPY", 1_980)]
)
def test_the_own_sign_is_read(text: str, currency: str, amount: int) -> None:
    assert Money.parse(text, currency).amount == amount
