"""Bottles kept for documents: reserved, given back, moved, shipped, received. docs/algorithms/stock.md.

These run inside the act of a higher room and open none themselves. Rows of stock are always locked in the order of
their ids by one statement, and written by a later one that sees what the lock waited for.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.db import sql
from core.db.locks import Rank, note_rank
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.errors import refuse_all
from dms.stock import errors
from dms.stock.rules import Demand, FreeRow, Shares, Taken, share_out


class LostCount(RuntimeError):
    """A statement changed other rows than were locked for it: a bug; the act is rolled back."""


_LOCK_FREE = """
SELECT stock.id, stock.sku_id, stock.warehouse_id, stock.on_hand - stock.reserved,
       warehouse.region_code, warehouse.priority
FROM stock_stock AS stock JOIN stock_warehouse AS warehouse ON warehouse.id = stock.warehouse_id
WHERE stock.owner_id = %(owner)s AND stock.sku_id = ANY(%(skus)s::bigint[]) AND stock.condition = 'AVAILABLE'
  AND stock.on_hand > stock.reserved
  AND warehouse.is_active AND warehouse.kind NOT IN ('TRANSIT', 'CUSTODY', 'DEFECT')
ORDER BY stock.id FOR UPDATE OF stock
"""

_RESERVE = """
WITH taken AS (
    SELECT * FROM unnest(%(lines)s::int[], %(stock)s::bigint[], %(bottles)s::bigint[])
        AS taken (line_no, stock_id, bottles)
), kept AS (
    UPDATE stock_stock AS stock SET reserved = stock.reserved + wanted.bottles
    FROM (SELECT stock_id, sum(bottles) AS bottles FROM taken GROUP BY stock_id) AS wanted
    WHERE stock.id = wanted.stock_id AND stock.on_hand - stock.reserved >= wanted.bottles
    RETURNING stock.id
)
INSERT INTO stock_reservation
    (stock_id, document_type, document_number, line_no, bottles, shipped, released, created_at)
SELECT taken.stock_id, %(document_type)s, %(document_number)s, taken.line_no, taken.bottles, 0, 0, %(at)s
FROM taken JOIN kept ON kept.id = taken.stock_id
ORDER BY taken.stock_id, taken.line_no
"""


def reserve(
    *,
    seller_id: int,
    document_type: str,
    document_number: str,
    demand: Sequence[Demand],
    region_code: str,
) -> tuple[Taken, ...]:
    """Reserve every line of ``demand`` (bottles) from the seller's sellable stock, or nothing at all.

    Two statements whatever the number of lines. Inside the caller's act. ``region_code`` is where the goods go: the
    nearest warehouse is drawn from first. Raises ``InsufficientStock`` for each line whose SKU is short.
    """
    if any(line.bottles <= 0 for line in demand):
        raise ValueError("a demand is above zero")
    if not demand:
        return ()
    note_rank(Rank.STOCK)
    skus = sorted({line.sku_id for line in demand})
    free = [FreeRow(*row) for row in sql.rows(_LOCK_FREE, {"owner": seller_id, "skus": skus})]
    shares = share_out(demand, free, region_code=region_code)
    if shares.shortages:
        refuse_all(shortages(demand, shares))
    write_reservations(shares.taken, document_type, document_number)
    return shares.taken


def shortages(demand: Sequence[Demand], shares: Shares) -> list[errors.InsufficientStock]:
    """One fault a line, each with what the whole SKU lacks."""
    short = {shortage.sku_id: shortage for shortage in shares.shortages}
    names: dict[int, str] = dict(
        sql.rows("SELECT id, code FROM catalogue_sku WHERE id = ANY(%(skus)s::bigint[])", {"skus": list(short)})
    )
    return [
        errors.InsufficientStock(
            line=line.line_no,
            sku=names.get(line.sku_id, str(line.sku_id)),
            wanted=short[line.sku_id].wanted,
            free=short[line.sku_id].free,
        )
        for line in demand
        if line.sku_id in short
    ]


def write_reservations(taken: Sequence[Taken], document_type: str, document_number: str) -> None:
    """Keep what was shared out, from rows the caller has locked. One statement; raises ``LostCount``."""
    written = sql.execute(
        _RESERVE,
        {
            "lines": [take.line_no for take in taken],
            "stock": [take.stock_id for take in taken],
            "bottles": [take.bottles for take in taken],
            "document_type": document_type,
            "document_number": document_number,
            "at": clock.now(),
        },
    )
    if written != len(taken):
        raise LostCount(f"{document_number}: {written} of {len(taken)} reservations")


_LOCK_RESERVED = """
SELECT id FROM stock_stock
WHERE id IN (SELECT stock_id FROM stock_reservation
             WHERE document_type = %(document_type)s AND document_number = %(document_number)s
               AND bottles > shipped + released)
ORDER BY id FOR UPDATE
"""

_RELEASE = """
WITH freed AS (
    UPDATE stock_reservation SET released = bottles - shipped
    WHERE document_type = %(document_type)s AND document_number = %(document_number)s
      AND bottles > shipped + released AND stock_id = ANY(%(stock)s::bigint[])
    RETURNING stock_id, new.released - old.released AS bottles
), back AS (
    UPDATE stock_stock AS stock SET reserved = stock.reserved - given.bottles
    FROM (SELECT stock_id, sum(bottles) AS bottles FROM freed GROUP BY stock_id) AS given
    WHERE stock.id = given.stock_id
)
SELECT coalesce(sum(bottles), 0)::bigint FROM freed
"""


def release(*, document_type: str, document_number: str) -> int:
    """Give back everything the document still has reserved; bottles given back, 0 when there is nothing.

    Two statements. Inside the caller's act, which holds the document's own lock.
    """
    note_rank(Rank.STOCK)
    document: dict[str, object] = {"document_type": document_type, "document_number": document_number}
    stock = [row[0] for row in sql.rows(_LOCK_RESERVED, document)]
    freed = sql.row(_RELEASE, {**document, "stock": stock}) if stock else None
    return int(freed[0]) if freed else 0


@dataclass(frozen=True, slots=True)
class Take:
    """``bottles`` of one stock row that leave for one line of the document they are reserved for."""

    line_no: int
    stock_id: int
    bottles: int


_LOCK_ROWS = "SELECT id FROM stock_stock WHERE id = ANY(%(stock)s::bigint[]) ORDER BY id FOR UPDATE"

_SHIP = """
WITH taken AS (
    SELECT * FROM unnest(%(lines)s::int[], %(stock)s::bigint[], %(bottles)s::bigint[])
        AS taken (line_no, stock_id, bottles)
), used AS (
    UPDATE stock_reservation AS kept SET shipped = kept.shipped + taken.bottles
    FROM taken
    WHERE kept.document_type = %(document_type)s AND kept.document_number = %(document_number)s
      AND kept.line_no = taken.line_no AND kept.stock_id = taken.stock_id
      AND kept.bottles - kept.shipped - kept.released >= taken.bottles
    RETURNING kept.stock_id, kept.line_no, taken.bottles
), sums AS (
    SELECT stock_id, sum(bottles)::bigint AS bottles FROM used GROUP BY stock_id
), gone AS (
    UPDATE stock_stock AS stock SET on_hand = stock.on_hand - sums.bottles, reserved = stock.reserved - sums.bottles
    FROM sums WHERE stock.id = sums.stock_id
), moved AS (
    INSERT INTO stock_movement (stock_id, kind, bottles, document_type, document_number, reason, person_id, at)
    SELECT stock_id, 'SHIPMENT', -bottles, 'SHIPMENT', %(shipment_number)s, '', %(person)s, %(at)s FROM sums
    ORDER BY stock_id
)
SELECT line_no, stock_id FROM used
"""


def ship(
    *,
    document_type: str = "ORDER",
    document_number: str,
    shipment_number: str,
    takes: Sequence[Take],
    actor: Actor | None,
) -> None:
    """Let ``takes`` leave: on-hand and reserved fall together, the reservations count as shipped, movements written.

    Two statements. Inside the caller's act. Raises ``NotReserved`` for each line that wants more than is reserved.
    """
    if any(take.bottles <= 0 for take in takes):
        raise ValueError("what leaves is above zero")
    note_rank(Rank.STOCK)
    sql.rows(_LOCK_ROWS, {"stock": sorted({take.stock_id for take in takes})})
    used = sql.rows(
        _SHIP,
        {
            "lines": [take.line_no for take in takes],
            "stock": [take.stock_id for take in takes],
            "bottles": [take.bottles for take in takes],
            "document_type": document_type,
            "document_number": document_number,
            "shipment_number": shipment_number,
            "person": actor.person_id if actor else None,
            "at": clock.now(),
        },
    )
    found = {tuple(row) for row in used}
    refuse_all(errors.NotReserved(line=t.line_no) for t in takes if (t.line_no, t.stock_id) not in found)
    if len(found) != len(takes):
        raise LostCount(f"{shipment_number}: one row twice")


@dataclass(frozen=True, slots=True)
class Arrival:
    """``bottles`` (> 0) of a SKU that arrived, of one batch where it is known."""

    sku_id: int
    bottles: int
    batch: str = ""


_LOCK_KEYS = """
SELECT id FROM stock_stock
WHERE owner_id = %(owner)s AND warehouse_id = %(warehouse)s AND sku_id = ANY(%(skus)s::bigint[])
ORDER BY id FOR UPDATE
"""

_RECEIVE = """
WITH stored AS (
    INSERT INTO stock_stock AS stock (warehouse_id, owner_id, sku_id, batch, condition, on_hand, reserved)
    SELECT %(warehouse)s, %(owner)s, sku_id, batch, 'AVAILABLE', sum(bottles), 0
    FROM unnest(%(skus)s::bigint[], %(batches)s::text[], %(bottles)s::bigint[]) AS arrived (sku_id, batch, bottles)
    GROUP BY sku_id, batch ORDER BY sku_id, batch
    ON CONFLICT ON CONSTRAINT stock_key DO UPDATE SET on_hand = stock.on_hand + excluded.on_hand
    RETURNING stock.id, stock.on_hand - coalesce(old.on_hand, 0) AS bottles
)
INSERT INTO stock_movement (stock_id, kind, bottles, document_type, document_number, reason, person_id, at)
SELECT id, 'RECEIPT', bottles, %(document_type)s, %(document_number)s, '', %(person)s, %(at)s FROM stored ORDER BY id
"""


def receive(
    *,
    owner_id: int,
    warehouse_id: int,
    lines: Iterable[Arrival],
    document_type: str,
    document_number: str,
    actor: Actor | None,
) -> None:
    """Put ``lines`` into a warehouse of ``owner_id``; rows of stock that do not exist are made.

    Two statements. Inside the caller's act, which sees to it that a document is received once.
    """
    arrived = tuple(lines)
    if any(line.bottles <= 0 for line in arrived):
        raise ValueError("what arrives is above zero")
    if not arrived:
        return
    note_rank(Rank.STOCK)
    skus = [line.sku_id for line in arrived]
    sql.rows(_LOCK_KEYS, {"owner": owner_id, "warehouse": warehouse_id, "skus": skus})
    sql.execute(
        _RECEIVE,
        {
            "owner": owner_id,
            "warehouse": warehouse_id,
            "skus": skus,
            "batches": [line.batch for line in arrived],
            "bottles": [line.bottles for line in arrived],
            "document_type": document_type,
            "document_number": document_number,
            "person": actor.person_id if actor else None,
            "at": clock.now(),
        },
    )
