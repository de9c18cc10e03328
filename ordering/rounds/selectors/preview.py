"""What a round would change: whom it reaches, and what the last months' orders would have cost by it."""

from dataclasses import dataclass
from datetime import timedelta

from core.db import sql
from core.db.scopes import dealers_within
from core.kernel import clock
from core.kernel.actor import Actor
from dms.dealers.models import Dealer
from ordering.orders.permissions import Permission as OrderPermission
from ordering.pricing.permissions import Permission
from ordering.rounds.models import PriceRound, PriceRoundLine
from ordering.rounds.selectors.reach import Reach, reach_of_lists
from ordering.rounds.selectors.rounds import seen_ids

LOOKED_BACK = timedelta(days=90)
MOST_BUYERS = 20


@dataclass(frozen=True, slots=True)
class Effect:
    """What one buyer ordered by these prices in 90 days, and what it would cost more (or less, below 0).

    Minor units of ``currency``.
    """

    buyer_code: str
    buyer_name: str
    currency: str
    amount: int
    difference: int


@dataclass(frozen=True, slots=True)
class Preview:
    """Reach by tier, the buyers with the largest effect, and the sums over all of them by currency."""

    reach: tuple[Reach, ...]
    effects: tuple[Effect, ...]
    buyer_count: int
    sums: tuple[tuple[str, int, int], ...]
    sees_orders: bool


_EFFECT = """
WITH changed AS (
    SELECT line.price_list_id, line.sku_id, line.unit, line.min_quantity, line.amount
    FROM rounds_priceroundline AS line
    WHERE line.round_id = %(round)s AND line.amount IS NOT NULL AND line.id = ANY(%(seen)s::bigint[])
), bought AS (
    SELECT orders.buyer_id, orders.currency, line.amount, line.quantity * (changed.amount - line.unit_price) AS more
    FROM orders_orderline AS line
    JOIN orders_order AS orders ON orders.id = line.order_id
         AND orders.seller_id = %(seller)s AND orders.submitted_at >= %(since)s
         AND orders.status NOT IN ('DRAFT', 'REJECTED', 'CANCELLED', 'EXPIRED')
    JOIN LATERAL (
        SELECT amount FROM changed
        WHERE changed.price_list_id = line.price_list_id AND changed.sku_id = line.sku_id AND changed.unit = line.unit
          AND changed.min_quantity = coalesce((line.price_trace ->> 'from_quantity')::int, 1)
    ) AS changed ON true
    WHERE line.manual_price_reason = '' AND line.sku_id IN (SELECT sku_id FROM changed)
), summed AS (
    SELECT buyer_id, currency, sum(amount) AS amount, sum(more) AS more FROM bought
    WHERE buyer_id = ANY(%(inside)s::bigint[]) GROUP BY 1, 2
)
SELECT dealer.code, coalesce(nullif(dealer.short_name, ''), dealer.name), summed.currency, summed.amount::bigint,
       summed.more::bigint
FROM summed JOIN dealers_dealer AS dealer ON dealer.id = summed.buyer_id
ORDER BY abs(summed.more) DESC, dealer.code
"""


def preview_of(actor: Actor, row: PriceRound) -> Preview:
    """Six statements at most, whatever the size. Only lines and houses within the seat's limits are counted.

    What houses ordered is told to those alone who may read orders (``sees_orders``).
    """
    actor.require(Permission.READ, writes=False)
    sees_orders, seen = actor.can(OrderPermission.READ), seen_ids(actor, row)
    lists = set(PriceRoundLine.objects.filter(pk__in=seen).values_list("price_list_id", flat=True))
    reach = reach_of_lists(actor, sorted(lists))
    inside = Dealer.objects.filter(dealers_within(actor), supplier_id=row.seller_id).values_list("pk", flat=True)
    asked: dict[str, object] = {
        "round": row.pk,
        "seller": row.seller_id,
        "inside": list(inside) if sees_orders else [],
        "seen": seen,
        "since": clock.now() - LOOKED_BACK,
    }
    effects = [Effect(*facts) for facts in sql.rows(_EFFECT, asked)] if sees_orders else []
    sums: dict[str, tuple[int, int]] = {}
    for one in effects:
        before, more = sums.get(one.currency, (0, 0))
        sums[one.currency] = (before + one.amount, more + one.difference)
    return Preview(
        reach,
        tuple(effects[:MOST_BUYERS]),
        len({one.buyer_code for one in effects}),
        tuple((currency, *both) for currency, both in sorted(sums.items())),
        sees_orders,
    )
