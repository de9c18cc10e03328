"""Another demand for a document that keeps stock already: given back and kept anew under one lock.

Runs inside the act of a higher room, which holds the document's own lock. docs/algorithms/amending.md.
"""

from collections.abc import Sequence

from core.db import sql
from core.db.locks import Rank, note_rank
from core.kernel.errors import refuse_all
from dms.stock.rules import Demand, FreeRow, Taken, share_out
from dms.stock.services.reservations import LostCount, shortages, write_reservations

_LOCK = """
SELECT stock.id, stock.sku_id, stock.warehouse_id, stock.on_hand - stock.reserved + coalesce(own.bottles, 0),
       warehouse.region_code, warehouse.priority,
       stock.condition = 'AVAILABLE' AND warehouse.is_active
       AND warehouse.kind NOT IN ('TRANSIT', 'CUSTODY', 'DEFECT')
FROM stock_stock AS stock JOIN stock_warehouse AS warehouse ON warehouse.id = stock.warehouse_id
LEFT JOIN (SELECT stock_id, sum(bottles - released)::bigint AS bottles FROM stock_reservation
           WHERE document_type = %(document_type)s AND document_number = %(document_number)s
           GROUP BY stock_id) AS own ON own.stock_id = stock.id
WHERE own.stock_id IS NOT NULL
   OR (stock.owner_id = %(owner)s AND stock.sku_id = ANY(%(skus)s::bigint[]) AND stock.on_hand > stock.reserved)
ORDER BY stock.id FOR UPDATE OF stock
"""
_DROP = """
WITH dropped AS (
    DELETE FROM stock_reservation
    WHERE document_type = %(document_type)s AND document_number = %(document_number)s AND shipped = 0
    RETURNING stock_id, bottles - released AS bottles
), given AS (
    SELECT stock_id, sum(bottles) AS bottles FROM dropped GROUP BY stock_id
)
UPDATE stock_stock AS stock SET reserved = stock.reserved - given.bottles
FROM given WHERE stock.id = given.stock_id
RETURNING stock.id
"""


def change_reservation(
    *,
    seller_id: int,
    document_type: str,
    document_number: str,
    demand: Sequence[Demand],
    region_code: str,
) -> tuple[Taken, ...]:
    """Keep ``demand`` (bottles, one line at least) instead of all the document keeps now; nothing of it has shipped.

    Three statements. What the document keeps counts as free to it. Raises ``InsufficientStock`` for each line whose
    SKU is short.
    """
    if not demand or any(line.bottles <= 0 for line in demand):
        raise ValueError("a demand is above zero")
    note_rank(Rank.STOCK)
    document = {"document_type": document_type, "document_number": document_number}
    skus = sorted({line.sku_id for line in demand})
    rows = sql.rows(_LOCK, {**document, "owner": seller_id, "skus": skus})
    shares = share_out(demand, [FreeRow(*row) for *row, sells in rows if sells and row[3] > 0], region_code=region_code)
    if shares.shortages:
        refuse_all(shortages(demand, shares))
    locked = {row[0] for row in rows}
    given = {row[0] for row in sql.rows(_DROP, document)}
    if not given <= locked:
        raise LostCount(f"{document_number}: rows given back that were not locked")
    write_reservations(shares.taken, document_type, document_number)
    return shares.taken
