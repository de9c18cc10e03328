"""Which batches of a product lie ready, as a buyer may know them: the number and whether it is nearly gone."""

from dataclasses import dataclass

from core.db import sql

MOST_BATCHES = 6

_BATCHES = """
SELECT stock.batch, sum(stock.on_hand - stock.reserved)::bigint
FROM stock_stock AS stock JOIN stock_warehouse AS warehouse ON warehouse.id = stock.warehouse_id
WHERE stock.owner_id = %(seller)s AND stock.sku_id = %(sku)s AND stock.condition = 'AVAILABLE' AND stock.batch <> ''
  AND warehouse.is_active AND warehouse.kind NOT IN ('TRANSIT', 'CUSTODY', 'DEFECT')
GROUP BY stock.batch HAVING sum(stock.on_hand - stock.reserved) > 0
ORDER BY stock.batch LIMIT %(most)s
"""


@dataclass(frozen=True, slots=True)
class BatchInStock:
    """One batch with free bottles; how many is for the page's words only."""

    batch: str
    free: int


def batches_in_stock(*, seller_id: int, sku_id: int) -> tuple[BatchInStock, ...]:
    """The seller's batches of a SKU that can be sold, by number. One query, no promise which is delivered."""
    asked = {"seller": seller_id, "sku": sku_id, "most": MOST_BATCHES}
    return tuple(BatchInStock(*row) for row in sql.rows(_BATCHES, asked))
