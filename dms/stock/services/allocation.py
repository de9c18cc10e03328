"""Reservations moved between warehouses, before anything is picked."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from core.db import sql
from core.db.locks import Rank, note_rank
from core.kernel import clock
from core.kernel.errors import DomainError, refuse_all
from dms.stock import errors
from dms.stock.rules import FreeRow, Move, Obstacle, Placement, Reserved, RowPlacement, Taken, rearrange
from dms.stock.services.reservations import LostCount

_LOCK = """
SELECT stock.id, stock.sku_id, stock.warehouse_id, stock.on_hand - stock.reserved, '', 0
FROM stock_stock AS stock
WHERE stock.id IN (
    SELECT stock_id FROM stock_reservation
    WHERE document_type = %(document_type)s AND document_number = %(document_number)s
      AND line_no = ANY(%(lines)s::int[])
) OR (
    stock.warehouse_id = ANY(%(warehouses)s::bigint[]) AND stock.condition = 'AVAILABLE'
    AND (stock.owner_id, stock.sku_id) IN (
        SELECT own.owner_id, own.sku_id
        FROM stock_reservation AS kept JOIN stock_stock AS own ON own.id = kept.stock_id
        WHERE kept.document_type = %(document_type)s AND kept.document_number = %(document_number)s
          AND kept.line_no = ANY(%(lines)s::int[])
    )
)
ORDER BY stock.id FOR UPDATE
"""

_RESERVED = """
SELECT kept.line_no, kept.stock_id, stock.sku_id, stock.warehouse_id, kept.bottles - kept.shipped - kept.released
FROM stock_reservation AS kept JOIN stock_stock AS stock ON stock.id = kept.stock_id
WHERE kept.document_type = %(document_type)s AND kept.document_number = %(document_number)s
  AND kept.line_no = ANY(%(lines)s::int[]) AND kept.bottles > kept.shipped + kept.released
ORDER BY kept.line_no, kept.stock_id
"""

_MOVE = """
WITH moves AS (
    SELECT * FROM unnest(%(lines)s::int[], %(sources)s::bigint[], %(targets)s::bigint[], %(bottles)s::bigint[])
        AS moves (line_no, source_id, target_id, bottles)
), given AS (
    UPDATE stock_reservation AS kept SET released = kept.released + less.bottles
    FROM (SELECT line_no, source_id, sum(bottles) AS bottles FROM moves GROUP BY line_no, source_id) AS less
    WHERE kept.document_type = %(document_type)s AND kept.document_number = %(document_number)s
      AND kept.line_no = less.line_no AND kept.stock_id = less.source_id
), taken AS (
    INSERT INTO stock_reservation AS kept
        (stock_id, document_type, document_number, line_no, bottles, shipped, released, created_at)
    SELECT target_id, %(document_type)s, %(document_number)s, line_no, sum(bottles), 0, 0, %(at)s
    FROM moves GROUP BY target_id, line_no
    ON CONFLICT ON CONSTRAINT reservation_once DO UPDATE SET bottles = kept.bottles + excluded.bottles
), net AS (
    SELECT stock_id, sum(bottles) AS bottles
    FROM (SELECT target_id AS stock_id, bottles FROM moves UNION ALL SELECT source_id, -bottles FROM moves) AS sides
    GROUP BY stock_id
)
UPDATE stock_stock AS stock SET reserved = stock.reserved + net.bottles
FROM net WHERE stock.id = net.stock_id AND stock.on_hand - stock.reserved >= net.bottles
"""


def move_reservation(*, document_type: str, document_number: str, placements: Sequence[Placement]) -> tuple[Taken, ...]:
    """Let the wished bottles of each line lie in the wished warehouse; what lies there already stays.

    Three statements at most. Inside the caller's act, which holds the document's lock. Returns what is open of those
    lines afterwards. Raises ``NotReserved`` (the line has less open than wished) or ``InsufficientStock`` by line.
    """
    note_rank(Rank.STOCK)
    asked: dict[str, object] = {
        "document_type": document_type,
        "document_number": document_number,
        "lines": sorted({placement.line_no for placement in placements}),
        "warehouses": sorted({placement.warehouse_id for placement in placements}),
    }
    wished = {placement.warehouse_id for placement in placements}
    free = [FreeRow(*row) for row in sql.rows(_LOCK, asked) if row[2] in wished]
    reserved = [Reserved(*row) for row in sql.rows(_RESERVED, asked)]
    plan = rearrange(placements, reserved, free)
    refuse_all(_fault(obstacle) for obstacle in plan.obstacles)
    if plan.moves:
        _write(plan.moves, asked)
    return _after(reserved, plan.moves, {row.stock_id: row.warehouse_id for row in free})


_LOCK_ROWS = """
SELECT stock.id, stock.sku_id, stock.id, stock.on_hand - stock.reserved, '', 0
FROM stock_stock AS stock JOIN stock_warehouse AS warehouse ON warehouse.id = stock.warehouse_id
WHERE stock.id IN (
    SELECT stock_id FROM stock_reservation
    WHERE document_type = %(document_type)s AND document_number = %(document_number)s
      AND line_no = ANY(%(lines)s::int[])
) OR (
    stock.id = ANY(%(rows)s::bigint[]) AND stock.condition = 'AVAILABLE'
    AND warehouse.is_active AND warehouse.kind NOT IN ('TRANSIT', 'CUSTODY', 'DEFECT')
    AND (stock.owner_id, stock.sku_id) IN (
        SELECT own.owner_id, own.sku_id
        FROM stock_reservation AS kept JOIN stock_stock AS own ON own.id = kept.stock_id
        WHERE kept.document_type = %(document_type)s AND kept.document_number = %(document_number)s
          AND kept.line_no = ANY(%(lines)s::int[])
    )
)
ORDER BY stock.id FOR UPDATE OF stock
"""


def move_to_rows(*, document_type: str, document_number: str, placements: Sequence[RowPlacement]) -> None:
    """Let the wished bottles of each line lie on the wished rows of stock, batch by batch.

    The same arithmetic as between warehouses, a row standing for a place of its own. Three statements at most. Inside
    the caller's act. Raises ``NotReserved`` or ``InsufficientStock`` by line.
    """
    note_rank(Rank.STOCK)
    wished = {placement.stock_id for placement in placements}
    asked: dict[str, object] = {
        "document_type": document_type,
        "document_number": document_number,
        "lines": sorted({placement.line_no for placement in placements}),
        "rows": sorted(wished),
    }
    free = [FreeRow(*row) for row in sql.rows(_LOCK_ROWS, asked) if row[0] in wished]
    reserved = [replace(row, warehouse_id=row.stock_id) for row in (Reserved(*r) for r in sql.rows(_RESERVED, asked))]
    wishes = [Placement(one.line_no, one.stock_id, one.bottles) for one in placements]
    plan = rearrange(wishes, reserved, free)
    refuse_all(_fault(obstacle) for obstacle in plan.obstacles)
    if plan.moves:
        _write(plan.moves, asked)


def _fault(obstacle: Obstacle) -> DomainError:
    if obstacle.is_reserved_short:
        return errors.NotReserved(line=obstacle.line_no, wanted=obstacle.wanted, free=obstacle.free)
    found = sql.row("SELECT code FROM catalogue_sku WHERE id = %(sku)s", {"sku": obstacle.sku_id})
    return errors.InsufficientStock(
        line=obstacle.line_no, sku=found[0] if found else "", wanted=obstacle.wanted, free=obstacle.free
    )


def _write(moves: Sequence[Move], document: dict[str, object]) -> None:
    written = sql.execute(
        _MOVE,
        {
            **document,
            "lines": [move.line_no for move in moves],
            "sources": [move.from_stock_id for move in moves],
            "targets": [move.to_stock_id for move in moves],
            "bottles": [move.bottles for move in moves],
            "at": clock.now(),
        },
    )
    touched = {move.from_stock_id for move in moves} | {move.to_stock_id for move in moves}
    if written != len(touched):
        raise LostCount(f"{document['document_number']}: {written} of {len(touched)} rows")


def _after(reserved: Sequence[Reserved], moves: Sequence[Move], places: dict[int, int]) -> tuple[Taken, ...]:
    open_now: dict[tuple[int, int], int] = defaultdict(int)
    for row in reserved:
        open_now[row.line_no, row.stock_id] += row.bottles
        places.setdefault(row.stock_id, row.warehouse_id)
    for move in moves:
        open_now[move.line_no, move.from_stock_id] -= move.bottles
        open_now[move.line_no, move.to_stock_id] += move.bottles
    return tuple(
        Taken(line_no, stock_id, places[stock_id], bottles)
        for (line_no, stock_id), bottles in sorted(open_now.items())
        if bottles > 0
    )
