"""Questions about stock. Quantities are bottles."""

from collections.abc import Collection

from core.db import sql
from dms.stock.rules import Taken

_FREE = """
SELECT stock.sku_id, sum(stock.on_hand - stock.reserved)::bigint
FROM stock_stock AS stock JOIN stock_warehouse AS warehouse ON warehouse.id = stock.warehouse_id
WHERE stock.owner_id = %(seller)s AND stock.sku_id = ANY(%(skus)s::bigint[]) AND stock.condition = 'AVAILABLE'
  AND warehouse.is_active AND warehouse.kind NOT IN ('TRANSIT', 'CUSTODY', 'DEFECT')
GROUP BY stock.sku_id
"""


def free_by_sku(*, seller_id: int, sku_ids: Collection[int]) -> dict[int, int]:
    """Bottles the seller could reserve now, by SKU id; 0 for a SKU never stocked. One query, no lock, no promise."""
    found: dict[int, int] = dict(sql.rows(_FREE, {"seller": seller_id, "skus": list(sku_ids)}))
    return {sku_id: found.get(sku_id, 0) for sku_id in sku_ids}


_OPEN = """
SELECT kept.line_no, kept.stock_id, stock.warehouse_id, kept.bottles - kept.shipped - kept.released
FROM stock_reservation AS kept JOIN stock_stock AS stock ON stock.id = kept.stock_id
WHERE kept.document_type = %(document_type)s AND kept.document_number = %(document_number)s
  AND kept.bottles > kept.shipped + kept.released
ORDER BY kept.line_no, kept.stock_id
"""


def open_reservations(*, document_type: str, document_number: str) -> tuple[Taken, ...]:
    """What a document still has reserved, by line and row of stock. One query."""
    document = {"document_type": document_type, "document_number": document_number}
    return tuple(Taken(*row) for row in sql.rows(_OPEN, document))
