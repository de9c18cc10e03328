"""Sharing demand out over rows of stock, and moving reservations between warehouses: properties of plain arithmetic."""

from collections import Counter, defaultdict

import hypothesis.strategies as st
from hypothesis import given, settings

from dms.stock.rules import Demand, FreeRow, Placement, Reserved, rearrange, share_out

REGIONS = ("370102", "370100", "370000", "440300", "", "nowhere")


@st.composite
def demands(draw: st.DrawFn) -> list[Demand]:
    lines = draw(st.lists(st.tuples(st.integers(1, 4), st.integers(1, 40)), min_size=1, max_size=8))
    return [Demand(number, sku_id, bottles) for number, (sku_id, bottles) in enumerate(lines, start=1)]


@st.composite
def shelves(draw: st.DrawFn) -> list[FreeRow]:
    rows = draw(
        st.lists(
            st.tuples(
                st.integers(1, 4), st.integers(1, 3), st.integers(1, 60), st.sampled_from(REGIONS), st.integers(1, 3)
            ),
            max_size=10,
        )
    )
    return [FreeRow(stock_id, *row) for stock_id, row in enumerate(rows, start=1)]


@settings(max_examples=300)
@given(demands(), shelves(), st.sampled_from(REGIONS))
def test_all_or_nothing_and_never_more_than_is_free(demand: list[Demand], rows: list[FreeRow], region: str) -> None:
    shares = share_out(demand, rows, region_code=region)
    wanted, free = Counter[int](), Counter[int]()
    for line in demand:
        wanted[line.sku_id] += line.bottles
    for row in rows:
        free[row.sku_id] += row.free
    short = {sku_id for sku_id in wanted if free[sku_id] < wanted[sku_id]}
    assert {(s.sku_id, s.wanted, s.free) for s in shares.shortages} == {(s, wanted[s], free[s]) for s in short}
    if short:
        assert shares.taken == ()
        return
    by_line, by_row = Counter[int](), Counter[int]()
    for take in shares.taken:
        by_line[take.line_no] += take.bottles
        by_row[take.stock_id] += take.bottles
    assert by_line == Counter({line.line_no: line.bottles for line in demand})
    assert all(by_row[row.stock_id] <= row.free for row in rows)
    skus = {row.stock_id: row.sku_id for row in rows}
    assert all(skus[take.stock_id] == demand[take.line_no - 1].sku_id for take in shares.taken)


def test_the_same_county_comes_before_the_city_before_the_province() -> None:
    far, province, city, county = (
        FreeRow(number, 1, number, 10, code, 1)
        for number, code in enumerate(("440300", "370700", "370103", "370102"), 1)
    )
    shares = share_out([Demand(1, 1, 35)], [far, province, city, county], region_code="370102")
    assert [take.stock_id for take in shares.taken] == [county.stock_id, city.stock_id, province.stock_id, far.stock_id]
    by_priority = [FreeRow(1, 1, 1, 10, "370102", 5), FreeRow(2, 1, 2, 10, "370102", 1)]
    assert share_out([Demand(1, 1, 10)], by_priority, region_code="370102").taken[0].stock_id == 2


@st.composite
def reservations(draw: st.DrawFn) -> tuple[list[Reserved], list[FreeRow]]:
    """Rows ``10 × warehouse + sku`` of three warehouses; line n is of SKU n."""
    held = draw(st.lists(st.tuples(st.integers(1, 2), st.integers(1, 3), st.integers(1, 20)), max_size=5))
    merged = Counter[tuple[int, int]]()
    for line_no, warehouse_id, bottles in held:
        merged[line_no, warehouse_id] += bottles
    reserved = [Reserved(line, 10 * w + line, line, w, bottles) for (line, w), bottles in sorted(merged.items())]
    rooms = draw(st.lists(st.integers(0, 20), min_size=6, max_size=6))
    free = [FreeRow(10 * w + line, line, w, rooms[2 * (w - 1) + line - 1], "", 0) for w in (1, 2, 3) for line in (1, 2)]
    return reserved, free


WISHES = st.lists(
    st.builds(Placement, line_no=st.integers(1, 2), warehouse_id=st.integers(1, 3), bottles=st.integers(1, 25)),
    min_size=1,
    max_size=4,
)


@settings(max_examples=300)
@given(reservations(), WISHES)
def test_moves_fulfil_every_wish_or_none(rows: tuple[list[Reserved], list[FreeRow]], wishes: list[Placement]) -> None:
    reserved, free = rows
    plan = rearrange(wishes, reserved, free)
    assert not (plan.moves and plan.obstacles)
    there = Counter[tuple[int, int]]()
    for row in reserved:
        there[row.line_no, row.stock_id] += row.bottles
    total = {line: sum(b for (n, _), b in there.items() if n == line) for line in (1, 2)}
    room = {row.stock_id: row.free for row in free}
    for move in plan.moves:
        there[move.line_no, move.from_stock_id] -= move.bottles
        there[move.line_no, move.to_stock_id] += move.bottles
        room[move.to_stock_id] -= move.bottles
        assert move.bottles > 0
        assert move.from_stock_id % 10 == move.to_stock_id % 10 == move.line_no
    assert min([*there.values(), *room.values(), 0]) == 0
    assert {line: sum(b for (n, _), b in there.items() if n == line) for line in (1, 2)} == total
    if not plan.obstacles:
        wanted = defaultdict[tuple[int, int], int](int)
        for wish in wishes:
            wanted[wish.line_no, wish.warehouse_id] += wish.bottles
        assert all(there[line, 10 * w + line] >= bottles for (line, w), bottles in wanted.items())
    for obstacle in plan.obstacles:
        assert obstacle.wanted > obstacle.free >= 0
