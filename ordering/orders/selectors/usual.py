"""What a house usually orders: the goods most of its recent orders hold, and how much of them at a time."""

from dataclasses import dataclass
from datetime import timedelta

from core.db import scopes, sql
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.quantity import Unit
from ordering.orders.permissions import Permission

LOOK_BACK = timedelta(days=180)

_USUAL = f"""
SELECT line.sku_code, line.unit, count(*), max(bought.submitted_at),
       (percentile_disc(0.5) WITHIN GROUP (ORDER BY line.quantity))::int
FROM orders_orderline AS line JOIN orders_order AS bought ON bought.id = line.order_id
JOIN catalogue_sku AS sku ON sku.id = line.sku_id
JOIN catalogue_productline AS goods ON goods.id = sku.product_line_id AND {scopes.line_condition("goods.code")}
WHERE bought.buyer_id = %(buyer)s AND bought.submitted_at >= %(since)s
  AND bought.status NOT IN ('DRAFT', 'REJECTED', 'CANCELLED', 'EXPIRED')
GROUP BY line.sku_code, line.unit ORDER BY 3 DESC, 4 DESC, 1 LIMIT %(most)s
"""


@dataclass(frozen=True, slots=True)
class UsualGoods:
    """One SKU with the middle quantity (of ``unit``) of the orders that hold it."""

    sku_code: str
    unit: Unit
    orders: int
    quantity: int


def usual_goods(actor: Actor, *, most: int = 8) -> tuple[UsualGoods, ...]:
    """The actor's house's most frequent goods of half a year, the most frequent first. One query."""
    actor.require(Permission.READ, writes=False)
    asked = {"buyer": actor.dealer_id, "since": clock.now() - LOOK_BACK, "most": most}
    rows = sql.rows(_USUAL, {**asked, **scopes.parameters(actor)})
    return tuple(UsualGoods(code, Unit(unit), orders, quantity) for code, unit, orders, _last, quantity in rows)
