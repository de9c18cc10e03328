"""Where an order's goods lie and could lie: warehouse by warehouse, batch by batch. Quantities are bottles."""

from dataclasses import dataclass

from core.db import scopes, sql
from core.db.naming import called_in, reading
from core.kernel.actor import Actor
from ordering.fulfilment.permissions import Permission

_GOES_OUT = "warehouse.is_active AND warehouse.kind NOT IN ('TRANSIT', 'CUSTODY', 'DEFECT')"


@dataclass(frozen=True, slots=True)
class ShelfRow:
    """One row of stock that can serve a line: ``free`` to anybody, ``kept`` for this very line."""

    line_no: int
    stock_id: int
    warehouse_code: str
    warehouse_name: str
    batch: str
    free: int
    kept: int


_SHELVES = f"""
SELECT line.line_no, stock.id, warehouse.code, {called_in("warehouse")}, stock.batch,
       CASE WHEN stock.condition = 'AVAILABLE' AND {_GOES_OUT}
            THEN greatest(stock.on_hand - stock.reserved, 0) ELSE 0 END,
       coalesce(kept.bottles - kept.shipped - kept.released, 0)
FROM orders_orderline AS line JOIN orders_order AS o ON o.id = line.order_id
JOIN dealers_dealer AS buyer ON buyer.id = o.buyer_id AND {scopes.dealer_condition("buyer", "buyer.id")}
JOIN catalogue_sku AS sku ON sku.id = line.sku_id
JOIN catalogue_productline AS goods ON goods.id = sku.product_line_id AND {scopes.line_condition("goods.code")}
JOIN stock_stock AS stock ON stock.sku_id = line.sku_id AND stock.owner_id = o.seller_id
JOIN stock_warehouse AS warehouse ON warehouse.id = stock.warehouse_id
LEFT JOIN stock_reservation AS kept ON kept.stock_id = stock.id AND kept.document_type = 'ORDER'
     AND kept.document_number = o.number AND kept.line_no = line.line_no
WHERE o.number = %(number)s AND o.seller_id = %(seller)s AND line.bottles > line.shipped_bottles
  AND (kept.bottles > kept.shipped + kept.released
       OR (stock.condition = 'AVAILABLE' AND stock.on_hand > stock.reserved AND {_GOES_OUT}))
ORDER BY line.line_no, warehouse.priority, warehouse.code, stock.batch, stock.id
"""


def shelves(actor: Actor, order_number: str) -> tuple[ShelfRow, ...]:
    """Rows of stock that serve or could serve the lines of an order the actor's house sells. One statement."""
    actor.require(Permission.READ, writes=False)
    asked = {"number": order_number, "seller": actor.dealer_id}
    return tuple(ShelfRow(*row) for row in sql.rows(_SHELVES, {**asked, **reading(), **scopes.parameters(actor)}))


_ROWS = f"""
SELECT line.line_no, warehouse.code, stock.batch, stock.id
FROM orders_orderline AS line
JOIN stock_stock AS stock ON stock.sku_id = line.sku_id AND stock.owner_id = %(seller)s
     AND stock.condition = 'AVAILABLE'
JOIN stock_warehouse AS warehouse ON warehouse.id = stock.warehouse_id AND {_GOES_OUT}
WHERE line.order_id = %(order)s
"""


def stock_rows(order_id: int, seller_id: int) -> dict[tuple[int, str, str], int]:
    """The row of stock by line, warehouse code and batch, for allocating. One statement."""
    found = sql.rows(_ROWS, {"order": order_id, "seller": seller_id})
    return {(line_no, code, batch): stock_id for line_no, code, batch, stock_id in found}
