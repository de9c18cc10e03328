"""What a house usually orders: the goods most of its recent orders hold, how much at a time, and in which rhythm."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from core.db import scopes, sql
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.quantity import Unit
from ordering.orders.permissions import Permission

LOOK_BACK = timedelta(days=180)

_USUAL = f"""
SELECT line.sku_code, line.unit, count(DISTINCT bought.id), max(bought.submitted_at), min(bought.submitted_at),
       (percentile_disc(0.5) WITHIN GROUP (ORDER BY line.quantity))::int
FROM orders_orderline AS line JOIN orders_order AS bought ON bought.id = line.order_id
JOIN catalogue_sku AS sku ON sku.id = line.sku_id
JOIN catalogue_productline AS goods ON goods.id = sku.product_line_id AND {scopes.line_condition("goods.code")}
WHERE bought.buyer_id = %(buyer)s AND bought.submitted_at >= %(since)s
  AND NOT line.is_gift AND bought.status NOT IN ('DRAFT', 'REJECTED', 'CANCELLED', 'EXPIRED')
  AND (%(sku_code)s = '' OR line.sku_code = %(sku_code)s)
GROUP BY line.sku_code, line.unit ORDER BY 3 DESC, 4 DESC, 1 LIMIT %(most)s
"""


RHYTHM_FROM = 3
"""Orders that make a rhythm: two may be chance."""


@dataclass(frozen=True, slots=True)
class UsualGoods:
    """One SKU with the middle quantity (of ``unit``) of the orders that hold it, first and last ordered when."""

    sku_code: str
    unit: Unit
    orders: int
    quantity: int
    first_at: datetime
    last_at: datetime

    @property
    def rhythm_days(self) -> int:
        """Days from one order to the next, on average, at least 1; 0 where there is no rhythm yet."""
        if self.orders < RHYTHM_FROM:
            return 0
        return max(1, ceil((self.last_at - self.first_at).days / (self.orders - 1)))

    def is_due(self, now: datetime) -> bool:
        """As much time has passed as usually lies between two orders, and not so much that it is given up."""
        passed = (now - self.last_at).days
        return 0 < self.rhythm_days <= passed <= 3 * self.rhythm_days


def usual_goods(actor: Actor, *, most: int = 8, sku_code: str = "") -> tuple[UsualGoods, ...]:
    """The actor's house's most frequent goods of half a year, the most frequent first; of one SKU where it is named.

    One query.
    """
    actor.require(Permission.READ, writes=False)
    asked = {"buyer": actor.dealer_id, "since": clock.now() - LOOK_BACK, "most": most, "sku_code": sku_code}
    rows = sql.rows(_USUAL, {**asked, **scopes.parameters(actor)})
    return tuple(
        UsualGoods(code, Unit(unit), orders, quantity, first, last)
        for code, unit, orders, last, first, quantity in rows
    )
