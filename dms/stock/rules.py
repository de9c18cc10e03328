"""How demand is shared out over the rows of stock: plain arithmetic on bottles, no database."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from core.kernel import regions

_FAR = 9
COUNT_MOVES: Mapping[str, frozenset[str]] = {
    "OPEN": frozenset({"COUNTED", "CANCELLED"}),
    "COUNTED": frozenset({"OPEN", "BOOKED", "CANCELLED"}),
    "BOOKED": frozenset(),
    "CANCELLED": frozenset(),
}
"""Which state of a count on a sheet leads where."""
TRANSFER_MOVES: Mapping[str, frozenset[str]] = {
    "DRAFT": frozenset({"SENT", "CANCELLED"}),
    "SENT": frozenset({"RECEIVED", "CANCELLED"}),
    "RECEIVED": frozenset(),
    "CANCELLED": frozenset(),
}
"""Which state of a transfer leads where; a SENT one that is cancelled goes back to where it came from."""


@dataclass(frozen=True, slots=True)
class Demand:
    """``bottles`` (> 0) of one SKU wanted for one line of a document."""

    line_no: int
    sku_id: int
    bottles: int


@dataclass(frozen=True, slots=True)
class FreeRow:
    """One row of stock that may be drawn from, ``free`` bottles > 0."""

    stock_id: int
    sku_id: int
    warehouse_id: int
    free: int
    region_code: str
    priority: int


@dataclass(frozen=True, slots=True)
class Taken:
    """Bottles of one stock row that are reserved for one line."""

    line_no: int
    stock_id: int
    warehouse_id: int
    bottles: int


@dataclass(frozen=True, slots=True)
class Shortage:
    """A SKU of which less is free than the lines together want."""

    sku_id: int
    wanted: int
    free: int


@dataclass(frozen=True, slots=True)
class Shares:
    """Either every line is served (``taken``) or some SKU is short (``shortages``); never both."""

    taken: tuple[Taken, ...]
    shortages: tuple[Shortage, ...]


def share_out(demand: Sequence[Demand], rows: Iterable[FreeRow], *, region_code: str) -> Shares:
    """Serve ``demand`` from ``rows``, nearest warehouse to ``region_code`` first, then priority, then row id.

    Demand is summed per SKU first, so that two lines of one SKU never pass one by one. All or nothing.
    """
    wanted: dict[int, int] = defaultdict(int)
    for line in demand:
        wanted[line.sku_id] += line.bottles
    rows = tuple(rows)
    far = {code: _distance(code, region_code) for code in {row.region_code for row in rows}}
    shelves: dict[int, list[FreeRow]] = defaultdict(list)
    for row in sorted(rows, key=lambda r: (far[r.region_code], r.priority, r.stock_id)):
        shelves[row.sku_id].append(row)
    free = {sku_id: sum(row.free for row in shelves[sku_id]) for sku_id in wanted}
    short = tuple(Shortage(sku_id, want, free[sku_id]) for sku_id, want in wanted.items() if free[sku_id] < want)
    if short:
        return Shares((), short)
    return Shares(tuple(_walk(demand, shelves)), ())


def _walk(demand: Sequence[Demand], shelves: dict[int, list[FreeRow]]) -> Iterable[Taken]:
    """Lines in order, each going on where the line before it stopped."""
    left = {row.stock_id: row.free for shelf in shelves.values() for row in shelf}
    for line in demand:
        missing = line.bottles
        for row in shelves[line.sku_id]:
            take = min(missing, left[row.stock_id])
            if take > 0:
                left[row.stock_id] -= take
                missing -= take
                yield Taken(line.line_no, row.stock_id, row.warehouse_id, take)
            if missing == 0:
                break


def _distance(warehouse_region: str, buyer_region: str) -> int:
    """How many steps up from the buyer's division lies one that holds the warehouse too; 0 is the same county.

    A region nobody knows is as far away as can be: it never stops an order.
    """
    try:
        around, above = regions.lineage(buyer_region), set(regions.lineage(warehouse_region))
    except regions.UnknownRegion:
        return _FAR
    return next((step for step, code in enumerate(around) if code in above), _FAR)


@dataclass(frozen=True, slots=True)
class Placement:
    """The wish that ``bottles`` of a line's open reservation lie in one warehouse."""

    line_no: int
    warehouse_id: int
    bottles: int


@dataclass(frozen=True, slots=True)
class RowPlacement:
    """The wish that ``bottles`` of a line's open reservation lie on one row of stock: one warehouse, one batch."""

    line_no: int
    stock_id: int
    bottles: int


@dataclass(frozen=True, slots=True)
class Reserved:
    """What is open of a line on one row of stock."""

    line_no: int
    stock_id: int
    sku_id: int
    warehouse_id: int
    bottles: int


@dataclass(frozen=True, slots=True)
class Move:
    """``bottles`` of a line's reservation go from one row of stock to another of the same SKU."""

    line_no: int
    from_stock_id: int
    to_stock_id: int
    bottles: int


@dataclass(frozen=True, slots=True)
class Obstacle:
    """A placement that cannot be: ``free`` bottles could come, ``wanted`` should; ``is_reserved_short`` when the
    line itself has less open than wished."""

    line_no: int
    sku_id: int | None
    wanted: int
    free: int
    is_reserved_short: bool


@dataclass(frozen=True, slots=True)
class Rearrangement:
    """Moves that fulfil every placement, or the obstacles; never both."""

    moves: tuple[Move, ...]
    obstacles: tuple[Obstacle, ...]


def rearrange(placements: Sequence[Placement], reserved: Sequence[Reserved], free: Sequence[FreeRow]) -> Rearrangement:
    """Find the moves after which each placement holds; what lies right already stays. All or nothing.

    ``free`` are the rows of the wished warehouses. A line's bottles that no placement claims are moved first.
    """
    room = {row.stock_id: row.free for row in free}
    moves: list[Move] = []
    obstacles: list[Obstacle] = []
    for line_no in dict.fromkeys(placement.line_no for placement in placements):
        wishes: dict[int, int] = defaultdict(int)
        for placement in placements:
            if placement.line_no == line_no:
                wishes[placement.warehouse_id] += placement.bottles
        lying = [row for row in reserved if row.line_no == line_no]
        obstacle = _move_line(line_no, wishes, lying, free, room, moves)
        if obstacle is not None:
            obstacles.append(obstacle)
    return Rearrangement((), tuple(obstacles)) if obstacles else Rearrangement(tuple(moves), ())


def _move_line(
    line_no: int,
    wishes: dict[int, int],
    lying: Sequence[Reserved],
    free: Sequence[FreeRow],
    room: dict[int, int],
    moves: list[Move],
) -> Obstacle | None:
    """Append the moves of one line and take their bottles out of ``room``; the obstacle when it cannot be."""
    there: dict[int, int] = defaultdict(int)
    for row in lying:
        there[row.warehouse_id] += row.bottles
    spare = {w: there[w] - wishes.get(w, 0) for w in there}
    sku_id = lying[0].sku_id if lying else None
    if sum(wishes.values()) > sum(there.values()):
        return Obstacle(line_no, sku_id, sum(wishes.values()), sum(there.values()), True)
    sources = [[row.stock_id, min(row.bottles, max(0, spare[row.warehouse_id])), row.warehouse_id] for row in lying]
    for warehouse_id, wish in wishes.items():
        missing = wish - there.get(warehouse_id, 0)
        targets = [row.stock_id for row in free if row.warehouse_id == warehouse_id and row.sku_id == sku_id]
        if missing > sum(room[stock_id] for stock_id in targets):
            return Obstacle(line_no, sku_id, missing, sum(room[stock_id] for stock_id in targets), False)
        while missing > 0:
            target = next(stock_id for stock_id in targets if room[stock_id] > 0)
            source = next(s for s in sources if s[1] > 0 and spare[s[2]] > 0)
            bottles = min(missing, room[target], source[1], spare[source[2]])
            moves.append(Move(line_no, source[0], target, bottles))
            missing -= bottles
            room[target] -= bottles
            source[1] -= bottles
            spare[source[2]] -= bottles
    return None
