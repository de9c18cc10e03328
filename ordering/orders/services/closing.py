"""The order's side of closing the rest (短交关闭): status, event, and what the rest was. Source: handbook, §4.2.

Runs inside fulfilment's act, which knows the shipments, under the order's lock.
"""

from dataclasses import dataclass

from core.db import sql
from core.events import services as events
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.errors import Field
from ordering.orders.events import AGGREGATE, ORDER_CLOSED_SHORT, line_of, told
from ordering.orders.services.deciding import OrderState
from ordering.orders.services.locking import LockedOrder


@dataclass(frozen=True, slots=True)
class Rest:
    """What of an order never left: bottles, amount, tax and rebate in minor units, its lines as an event tells them."""

    bottles: int
    amount: int
    tax: int
    rebate: int
    lines: tuple[dict[str, Field], ...]


@dataclass(frozen=True, slots=True)
class ClosedShort:
    """How it was agreed, and what was given back: ``prepay``, ``credit`` and ``rebate`` in minor units."""

    reason: str
    consent: str
    prepay: int
    credit: int
    rebate: int = 0


_REST = """
SELECT line.line_no, line.sku_code, goods.code, line.bottles - line.shipped_bottles,
       line.amount - line.shipped_amount, line.tax - line.shipped_tax, line.rebate - line.shipped_rebate,
       line.is_gift
FROM orders_orderline AS line JOIN catalogue_sku AS sku ON sku.id = line.sku_id
JOIN catalogue_productline AS goods ON goods.id = sku.product_line_id
WHERE line.order_id = %(order)s AND line.bottles > line.shipped_bottles
ORDER BY line.line_no
"""
_CLOSE = """
UPDATE orders_order
SET status = %(status)s, fulfilment_status = %(fulfilment)s, version = version + 1, updated_at = %(at)s,
    decision_reason = %(reason)s, closed_at = %(at)s
WHERE id = %(order)s RETURNING version
"""


def rest_of(order: LockedOrder) -> Rest:
    """What has not left. One statement."""
    rows = sql.rows(_REST, {"order": order.id})
    lines = tuple(
        line_of(
            line_no=number,
            sku=sku,
            product_line=line,
            unit="BOTTLE",
            quantity=bottles,
            bottles=bottles,
            amount=amount,
            tax=tax,
            is_gift=is_gift,
        )
        for number, sku, line, bottles, amount, tax, _rebate, is_gift in rows
    )
    bottles, amount, tax, rebate = (sum(row[place] for row in rows) for place in (3, 4, 5, 6))
    return Rest(bottles, amount, tax, rebate, lines)


def note_closed_short(
    order: LockedOrder, *, status: str, fulfilment: str, rest: Rest, closed: ClosedShort, actor: Actor
) -> OrderState:
    """Write the end down and record ``ORDER_CLOSED_SHORT``; its lines are the rest, not the whole order."""
    stepped = sql.row(
        _CLOSE,
        {
            "order": order.id,
            "status": status,
            "fulfilment": fulfilment,
            "reason": closed.reason,
            "at": clock.now(),
        },
    )
    if stepped is None:
        raise RuntimeError(f"{order.number} vanished under its lock")
    more: dict[str, Field] = {
        "before": order.status,
        "reason": closed.reason,
        "consent": closed.consent,
        "closed_bottles": rest.bottles,
        "closed_amount": rest.amount,
        "closed_tax": rest.tax,
        "returned_prepay": closed.prepay,
        "returned_credit": closed.credit,
        "returned_rebate": closed.rebate,
    }
    events.record(
        kind=ORDER_CLOSED_SHORT,
        aggregate_type=AGGREGATE,
        aggregate_id=order.number,
        version=int(stepped[0]),
        actor=actor,
        payload=told(number=order.number, status=status, facts=order.facts(), lines=rest.lines, more=more),
        seller_id=order.seller_id,
        buyer_id=order.buyer_id,
    )
    return OrderState(order.number, status, order.payment_status, fulfilment, int(stepped[0]))
