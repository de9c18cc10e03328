"""check_lines: the order pad's question. It writes nothing, and says what an order would say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.kernel.errors import Missing, NotPermitted
from core.kernel.quantity import Unit
from ordering.orders.rules.checks import AskedLine, Way
from ordering.orders.selectors import check_lines
from ordering.orders.services import OrderedLine, PlaceOrder, place_order
from tests.cast import Cast
from tests.ordering.watching import refused_by_line, statements, world


def asked(cast: Cast, *wishes: tuple[int, int]) -> tuple[AskedLine, ...]:
    """Lines of the cast's SKUs by number and quantity."""
    return tuple(
        AskedLine(line, cast.skus[number].code, quantity) for line, (number, quantity) in enumerate(wishes, start=1)
    )


def test_each_line_has_its_own_price_amount_and_free_stock(cast: Cast) -> None:
    checked = check_lines(actor=cast.buyer_c1, lines=asked(cast, (1, 10), (3, 2)))
    assert checked.is_good
    first, second = checked.lines
    assert first.priced is not None
    assert second.priced is not None
    assert (first.priced.unit_price, first.priced.amount, first.free_bottles) == (170_000, 1_700_000, 600)
    assert (second.priced.unit_price, second.free_bottles) == (36_000, 1200)
    assert (checked.priced.total, checked.priced.currency, checked.bottles) == (1_772_000, "CNY", 84)
    assert checked.available == 10_000_000


def test_short_stock_offers_what_is_left(cast: Cast) -> None:
    (line,) = check_lines(actor=cast.buyer_c1, lines=asked(cast, (2, 5))).lines
    assert [fault.code for fault in line.faults] == ["stock.insufficient"]
    assert [(way.way, way.unit, way.quantity) for way in line.ways] == [(Way.SET, Unit.CASE, 2)]
    (none,) = check_lines(actor=cast.buyer_c1, lines=asked(cast, (4, 1))).lines
    assert [way.way for way in none.ways] == [Way.REMOVE]


def test_the_whole_is_measured_too(cast: Cast) -> None:
    checked = check_lines(actor=cast.buyer_c2, lines=asked(cast, (1, 12)))
    assert [fault.code for fault in checked.faults] == ["ledger.credit_exhausted"]
    assert not checked.is_good
    assert check_lines(actor=cast.buyer_c2, lines=()).faults[0].code == "order.empty"


def test_nothing_is_written(cast: Cast) -> None:
    before = world()
    check_lines(actor=cast.buyer_c1, lines=asked(cast, (1, 10), (2, 5), (6, 1)))
    assert world() == before


def test_the_brands_staff_asks_for_its_dealers_only(cast: Cast) -> None:
    (line,) = check_lines(actor=cast.admin, lines=asked(cast, (1, 1)), buyer_code="C2").lines
    assert line.priced is not None
    assert line.priced.amount == 168_000
    with pytest.raises(Missing):
        check_lines(actor=cast.admin, lines=asked(cast, (1, 1)), buyer_code="T1")
    with pytest.raises(Missing):
        check_lines(actor=cast.buyer_c1, lines=asked(cast, (1, 1)), buyer_code="C2")
    with pytest.raises(NotPermitted):
        check_lines(actor=cast.auditor, lines=asked(cast, (1, 1)), buyer_code="C2")


def test_seven_statements_for_one_and_five_hundred_lines(cast: Cast) -> None:
    counts = []
    for size in (1, 500):
        with statements() as seen:
            check_lines(actor=cast.buyer_c1, lines=asked(cast, *[(1 + place % 6, 1) for place in range(size)]))
        counts.append(len(seen))
    assert counts == [7, 7]


@given(wishes=st.lists(st.tuples(st.integers(1, 6), st.integers(-1, 120)), min_size=1, max_size=8))
def test_the_pad_and_the_order_say_the_same(cast: Cast, wishes: list[tuple[int, int]]) -> None:
    """What the pad calls good is placed at the pad's total; what it refuses is refused with the same words by line."""
    checked = check_lines(actor=cast.buyer_p1, lines=asked(cast, *wishes))
    lines = tuple(OrderedLine(cast.skus[number].code, quantity) for number, quantity in wishes)
    if checked.is_good:
        free = check_lines(actor=cast.buyer_p1, lines=asked(cast, *wishes)).available
        placed = place_order(actor=cast.buyer_p1, command=PlaceOrder(lines=lines))
        assert placed.total == checked.priced.total
        after = check_lines(actor=cast.buyer_p1, lines=asked(cast, (1, 1))).available
        assert free is not None
        assert after == free - placed.total
        return
    expected: dict[int | None, set[str]] = {None: {fault.code for fault in checked.faults}}
    expected |= {line.line_no: {fault.code for fault in line.faults} for line in checked.lines}
    with refused_by_line({line: codes for line, codes in expected.items() if codes}):
        place_order(actor=cast.buyer_p1, command=PlaceOrder(lines=lines))
