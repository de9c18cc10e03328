"""What a house will soon be out of: its own stock and what is on the way against what it buys."""

from dataclasses import dataclass
from datetime import timedelta
from math import ceil

from core.db import scopes, sql
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.quantity import Unit
from ordering.orders.permissions import Permission

LOOK_BACK_DAYS = 90
LOW_DAYS = 14
"""Less than goes in so many days is low."""

_LOW = f"""
WITH held AS MATERIALIZED (
    SELECT stock.sku_id, greatest(coalesce(sum(stock.on_hand - stock.reserved) FILTER (
               WHERE stock.condition = 'AVAILABLE' AND warehouse.is_active
                 AND warehouse.kind NOT IN ('TRANSIT', 'CUSTODY', 'DEFECT')), 0), 0)::bigint AS free
    FROM stock_stock AS stock JOIN stock_warehouse AS warehouse ON warehouse.id = stock.warehouse_id
    WHERE stock.owner_id = %(buyer)s GROUP BY stock.sku_id
), bought AS MATERIALIZED (
    SELECT line.sku_id, sum(line.bottles)::bigint AS bottles,
           coalesce(sum(line.bottles - line.received_bottles) FILTER (
               WHERE bought.status NOT IN ('CLOSED_SHORT', 'COMPLETED')
                 AND bought.fulfilment_status <> 'RECEIVED'), 0)::bigint AS coming
    FROM orders_orderline AS line JOIN orders_order AS bought ON bought.id = line.order_id
    WHERE bought.buyer_id = %(buyer)s AND bought.submitted_at >= %(since)s
      AND bought.status NOT IN ('DRAFT', 'REJECTED', 'CANCELLED', 'EXPIRED')
    GROUP BY line.sku_id
), both_known AS MATERIALIZED (
    SELECT sku_id, free, coming, bottles FROM held JOIN bought USING (sku_id)
    WHERE (free + coming) * {LOOK_BACK_DAYS} < bottles * {LOW_DAYS}
    ORDER BY (free + coming)::float / bottles, sku_id LIMIT %(most)s
)
SELECT sku.code, sku.sells_in, sku.bottles_per_case, sku.order_multiple, free, coming, bottles
FROM both_known JOIN catalogue_sku AS sku ON sku.id = both_known.sku_id AND sku.status = 'ON'
JOIN catalogue_productline AS line ON line.id = sku.product_line_id AND {scopes.line_condition("line.code")}
ORDER BY (free + coming)::float / bottles, sku.code
"""


@dataclass(frozen=True, slots=True)
class LowGoods:
    """One SKU that runs low: ``free`` bottles of its own, ``coming`` ordered and not received, bought in 90 days."""

    sku_code: str
    sells_in: str
    bottles_per_case: int
    order_multiple: int
    free: int
    coming: int
    bought: int

    @property
    def days_left(self) -> int:
        """How long what is there and on the way lasts at the pace of the last 90 days."""
        return (self.free + self.coming) * LOOK_BACK_DAYS // self.bought

    @property
    def unit(self) -> Unit:
        """What it is ordered in."""
        return Unit.BOTTLE if self.sells_in == "BOTTLE" else Unit.CASE

    @property
    def quantity(self) -> int:
        """So many of ``unit`` fill it up to a usual month, in the multiples it is sold in."""
        lacking = ceil(self.bought * 30 / LOOK_BACK_DAYS) - self.free - self.coming
        pieces = ceil(lacking / (self.bottles_per_case if self.unit is Unit.CASE else 1))
        return max(1, ceil(pieces / self.order_multiple)) * self.order_multiple


def runs_low(actor: Actor, *, most: int = 5) -> tuple[LowGoods, ...]:
    """What the actor's house keeps stock of and will soon be out of, the scarcest first. One query.

    Nothing for a house that does not keep its stock here: nobody knows what it has.
    """
    actor.require(Permission.READ, writes=False)
    asked = {"buyer": actor.dealer_id, "since": clock.now() - timedelta(days=LOOK_BACK_DAYS), "most": most}
    return tuple(LowGoods(*row) for row in sql.rows(_LOW, {**asked, **scopes.parameters(actor)}))
