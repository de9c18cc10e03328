"""What a shipment is worth: the worked example PRICE-01 in two trucks, and shares that always sum to the line."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from core.kernel.money import vat_inside
from ordering.fulfilment.rules import (
    Kept,
    OpenLine,
    ShippedPart,
    Wish,
    arrival_faults,
    arrived,
    everything_kept,
    parts_of,
    wish_faults,
)


def line(no: int, bottles: int, amount: int, shipped: int = 0, shipped_amount: int = 0, per_case: int = 6) -> OpenLine:
    return OpenLine(no, no, no, f"SKU{no}", "CLASSIC", per_case, bottles, amount, 1300, shipped, shipped_amount)


PRICE_01 = {1: line(1, 600, 16_929_131), 2: line(2, 198, 9_902_880), 3: line(3, 2400, 4_106_771, per_case=12)}
FIRST = (Wish(1, 360), Wish(2, 198), Wish(3, 1440))


def kept_for(wishes: tuple[Wish, ...]) -> tuple[Kept, ...]:
    return tuple(Kept(wish.line_no, 100 + wish.line_no, wish.bottles) for wish in wishes)


def test_first_truck_of_price_01_is_worth_its_shares_to_the_fen() -> None:
    parts = parts_of(FIRST, PRICE_01, kept_for(FIRST))
    assert [part.amount for part in parts] == [10_157_479, 9_902_880, 2_464_063]
    assert [part.tax for part in parts] == [1_168_560, 1_139_269, 283_476]
    assert sum(part.amount for part in parts) == 22_524_422
    assert sum(part.tax for part in parts) == 2_591_305


def test_second_truck_takes_the_rest_and_its_tax_lies_in_its_own_shares() -> None:
    lines = {1: line(1, 600, 16_929_131, 360, 10_157_479), 3: line(3, 2400, 4_106_771, 1440, 2_464_063, 12)}
    rest = (Wish(1, 240), Wish(3, 960))
    parts = parts_of(rest, lines, kept_for(rest))
    assert [part.amount for part in parts] == [6_771_652, 1_642_708]
    assert sum(part.amount for part in parts) == 8_414_360
    assert sum(part.tax for part in parts) == 968_024


@given(
    amount=st.integers(1, 10**12),
    bottles=st.integers(1, 5_000),
    cuts=st.lists(st.integers(1, 4_999), max_size=6),
    rows=st.integers(1, 3),
)
def test_shares_of_any_parts_sum_to_the_line(amount: int, bottles: int, cuts: list[int], rows: int) -> None:
    edges = sorted({cut for cut in cuts if cut < bottles} | {0, bottles})
    shipped = shipped_amount = 0
    for begin, end in itertools.pairwise(edges):
        wish = Wish(1, end - begin)
        kept = tuple(Kept(1, row, wish.bottles if row == rows else 1) for row in range(1, rows + 1))
        parts = parts_of((wish,), {1: line(1, bottles, amount, shipped, shipped_amount)}, kept)
        worth = sum(part.amount for part in parts)
        assert sum(part.bottles for part in parts) == wish.bottles
        assert all(part.amount >= 0 and part.bottles > 0 for part in parts)
        assert sum(part.tax for part in parts) == vat_inside(worth, 1300)
        shipped, shipped_amount = shipped + wish.bottles, shipped_amount + worth
    assert shipped_amount == amount


def test_bottles_cheaper_than_a_fen_never_use_more_than_the_line_is_worth() -> None:
    shipped_amount, worths = 0, []
    for gone in range(4):
        parts = parts_of((Wish(1, 1),), {1: line(1, 4, 2, gone, shipped_amount)}, (Kept(1, 1, 1),))
        worths.append(parts[0].amount)
        shipped_amount += parts[0].amount
    assert worths == [1, 1, 0, 0]


def test_every_fault_of_a_wish_is_told_by_line() -> None:
    kept = (Kept(1, 10, 12), Kept(1, 11, 6))
    wishes = (Wish(1, 18), Wish(1, 1), Wish(9, 1), Wish(2, 0), Wish(3, 12))
    faults = [(fault.code, fault.line) for fault in wish_faults(wishes, PRICE_01, kept)]
    assert faults == [
        ("shipment.line_twice", 1),
        ("shipment.line_unknown", 9),
        ("shipment.quantity", 2),
        ("shipment.not_reserved_here", 3),
    ]


def test_everything_kept_is_summed_by_line() -> None:
    assert everything_kept([Kept(2, 1, 3), Kept(1, 1, 6), Kept(2, 5, 4)]) == (Wish(1, 6), Wish(2, 7))


def part(part_id: int, line_no: int, bottles: int) -> ShippedPart:
    return ShippedPart(part_id, line_no, line_no, line_no, f"SKU{line_no}", "CLASSIC", "", bottles, 100, 10)


PARTS = (part(1, 1, 6), part(2, 1, 12), part(3, 2, 24))


def test_lines_nobody_speaks_of_arrived_whole() -> None:
    assert arrived((), PARTS) == {1: 6, 2: 12, 3: 24}


def test_a_short_line_is_filled_part_by_part() -> None:
    assert arrived((Wish(1, 10),), PARTS) == {1: 6, 2: 4, 3: 24}


def test_more_than_was_shipped_cannot_arrive() -> None:
    faults = list(arrival_faults((Wish(1, 19), Wish(2, -1), Wish(7, 1), Wish(1, 1)), PARTS))
    assert [(fault.code, fault.line) for fault in faults] == [
        ("receipt.too_much", 1),
        ("shipment.quantity", 2),
        ("shipment.line_unknown", 7),
        ("shipment.line_twice", 1),
    ]
    assert faults[0].fields["shipped"] == 18
