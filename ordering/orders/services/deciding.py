"""What becomes of a placed order: approved, rejected, cancelled, expired. The order's row is locked first.

Two at the same time: the second finds the status the first left and is refused as ``order.state``.
"""

import logging
from dataclasses import dataclass
from datetime import datetime

from billing.ledger.services import release as release_money
from core.db import sql
from core.db.acts import act
from core.events import services as events
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.errors import Busy, Field
from core.kernel.text import normalised
from dms.stock.services import release as release_stock
from ordering.orders.errors import CHANGED_BY_YOU, DeadlinePassed, FloorBroken, OwnApproval, PriceRaised, ReasonMissing
from ordering.orders.events import (
    AGGREGATE,
    ORDER_APPROVED,
    ORDER_CANCELLED,
    ORDER_EXPIRED,
    ORDER_REJECTED,
    told,
)
from ordering.orders.permissions import Permission
from ordering.orders.rules.states import WAITING, approved, cancelled, refunded, rejected, walk
from ordering.orders.services.locking import (
    DOCUMENT_TYPE,
    LockedOrder,
    lines_told,
    locked_if_due,
    locked_order,
    require_seller,
)
from ordering.pricing.permissions import Permission as PricePermission
from ordering.promotions.services import give_back

log = logging.getLogger(__name__)

_RAISED = """
SELECT line.sku_code
FROM orders_orderline AS line
JOIN pricing_priceentry AS agreed ON agreed.id = line.price_entry_id
JOIN pricing_priceentry AS later
  ON later.price_list_id = agreed.price_list_id AND later.sku_id = agreed.sku_id AND later.unit = agreed.unit
     AND later.min_quantity = agreed.min_quantity
WHERE line.order_id = %(order)s AND line.manual_price_reason = '' AND later.valid_from > agreed.valid_from
  AND later.valid_from <= %(now)s AND later.funded_until <= %(now)s AND later.amount > agreed.amount
  AND NOT EXISTS (
    SELECT FROM pricing_priceentry AS back
    WHERE back.price_list_id = later.price_list_id AND back.sku_id = later.sku_id AND back.unit = later.unit
      AND back.min_quantity = later.min_quantity AND back.valid_from > later.valid_from
      AND back.valid_from <= %(now)s AND back.amount <= agreed.amount)
ORDER BY line.line_no LIMIT 1
"""
"""A rise whose time to fund is over and that nobody has taken back since. A derived price names its parent's entry, so
a rise is seen through the factor; a factor itself has no time to fund."""


@dataclass(frozen=True, slots=True)
class Approve:
    """``version``: the order as the actor saw it, None for any."""

    number: str
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Reject:
    """A rejection says why."""

    number: str
    reason: str
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Cancel:
    """Either side may say why."""

    number: str
    reason: str = ""
    version: int | None = None


@dataclass(frozen=True, slots=True)
class OrderState:
    """Where the order stands now."""

    number: str
    status: str
    payment_status: str
    fulfilment_status: str
    version: int


@dataclass(frozen=True, slots=True)
class _Decision:
    """A status that was decided, and by whom (nobody: the clock)."""

    kind: str
    status: str
    payment_status: str
    at: datetime
    reason: str = ""
    actor: Actor | None = None
    is_closed: bool = True


def approve(*, actor: Actor, command: Approve) -> OrderState:
    """Confirm a waiting order; its hold covers it, so it is FUNDED. Records ``ORDER_APPROVED``.

    Raises NotTheSeller, OwnApproval (who placed it, whoever changed it, or a stand-in), FloorBroken, DeadlinePassed,
    PriceRaised, StateRefused.
    """
    actor.require(Permission.APPROVE)
    with act():
        order = locked_order(actor=actor, number=command.number, version=command.version)
        require_seller(actor, order)
        status = approved(order.status)
        if actor.stands_for(order.placed_by_id):
            raise OwnApproval
        if any(actor.stands_for(person_id) for person_id in order.amended_by_ids or ()):
            raise OwnApproval(CHANGED_BY_YOU)
        if order.breaks_floor and not actor.can(PricePermission.APPROVE):
            raise FloorBroken
        now = clock.now()
        if order.approve_by is not None and order.approve_by <= now:
            raise DeadlinePassed
        _refuse_raised(order, now)
        payment = walk("payment", order.payment_status, "FUNDED")
        return _decide(order, _Decision(ORDER_APPROVED, status, payment, now, actor=actor, is_closed=False))


def _refuse_raised(order: LockedOrder, now: datetime) -> None:
    """提价截止: an order keeps its price through a rise only when it is funded in time. One statement."""
    raised = sql.row(_RAISED, {"order": order.id, "now": now})
    if raised is not None:
        raise PriceRaised(sku=raised[0])


def reject(*, actor: Actor, command: Reject) -> OrderState:
    """Refuse a waiting order; stock and money are free again. Records ``ORDER_REJECTED``.

    Raises NotTheSeller, ReasonMissing, StateRefused.
    """
    actor.require(Permission.APPROVE)
    with act():
        order = locked_order(actor=actor, number=command.number, version=command.version)
        require_seller(actor, order)
        status = rejected(order.status)
        reason = normalised(command.reason)[:200]
        if not reason:
            raise ReasonMissing(field="reason")
        payment = refunded(order.payment_status)
        return _release(order, _Decision(ORDER_REJECTED, status, payment, clock.now(), reason, actor))


def cancel(*, actor: Actor, command: Cancel) -> OrderState:
    """Take an order back while nothing has shipped; buyer or seller. Stock and money are free again.

    Records ``ORDER_CANCELLED``. Raises StateRefused.
    """
    actor.require(Permission.CANCEL)
    with act():
        order = locked_order(actor=actor, number=command.number, version=command.version)
        status = cancelled(order.status, order.fulfilment_status)
        reason = normalised(command.reason)[:200]
        payment = refunded(order.payment_status)
        return _release(order, _Decision(ORDER_CANCELLED, status, payment, clock.now(), reason, actor))


_DUE = """
SELECT id FROM orders_order
WHERE status IN ('SUBMITTED', 'APPROVING') AND approve_by <= %(now)s
ORDER BY approve_by, id LIMIT %(limit)s
"""


def expire_due(*, limit: int = 200) -> int:
    """Let the orders whose time to be approved is over expire, one act each; how many did. For the schema's clock.

    Stock and money of an order fall together. An order somebody works on right now is left for the next round, one
    that cannot expire is told to the log and keeps no other from it.
    """
    due = [order_id for (order_id,) in sql.rows(_DUE, {"now": clock.now(), "limit": limit})]
    return sum(_expired(order_id) for order_id in due)


def _expired(order_id: int) -> bool:
    try:
        return _expire(order_id)
    except Busy:
        return False
    except Exception:  # its act is rolled back; the orders behind it are due all the same
        log.exception("order %s cannot expire", order_id)
        return False


def _expire(order_id: int) -> bool:
    with act():
        now = clock.now()
        order = locked_if_due(order_id=order_id, waiting=WAITING, now=now)
        if order is None:
            return False
        status = walk("order", order.status, "EXPIRED")
        _release(order, _Decision(ORDER_EXPIRED, status, refunded(order.payment_status), now))
        return True


def _release(order: LockedOrder, decision: _Decision) -> OrderState:
    """What policies gave, stock, then money (the order of ranks), then the status."""
    if order.is_promoted:
        give_back(order_number=order.number)
    release_stock(document_type=DOCUMENT_TYPE, document_number=order.number)
    release_money(document_type=DOCUMENT_TYPE, document_number=order.number)
    return _decide(order, decision)


_DECIDE = """
UPDATE orders_order
SET status = %(status)s, payment_status = %(payment)s, version = version + 1, updated_at = %(at)s,
    decided_at = CASE WHEN %(is_decision)s THEN %(at)s ELSE decided_at END,
    decided_by_name = CASE WHEN %(is_decision)s THEN %(name)s ELSE decided_by_name END,
    decision_reason = %(reason)s, closed_at = %(closed_at)s
WHERE id = %(id)s
"""


def _decide(order: LockedOrder, decision: _Decision) -> OrderState:
    person = decision.actor
    sql.execute(
        _DECIDE,
        {
            "id": order.id,
            "status": decision.status,
            "payment": decision.payment_status,
            "at": decision.at,
            "is_decision": decision.kind in (ORDER_APPROVED, ORDER_REJECTED),
            "name": person.person_name[:60] if person else "",
            "reason": decision.reason,
            "closed_at": decision.at if decision.is_closed else None,
        },
    )
    version = order.version + 1
    more: dict[str, Field] = {"before": order.status, "reason": decision.reason, "by_buyer": _is_buyer(person, order)}
    events.record(
        kind=decision.kind,
        aggregate_type=AGGREGATE,
        aggregate_id=order.number,
        version=version,
        actor=person,
        payload=told(
            number=order.number, status=decision.status, facts=order.facts(), lines=lines_told(order.id), more=more
        ),
        seller_id=order.seller_id,
        buyer_id=order.buyer_id,
    )
    return OrderState(order.number, decision.status, decision.payment_status, order.fulfilment_status, version)


def _is_buyer(actor: Actor | None, order: LockedOrder) -> bool:
    return actor is not None and actor.dealer_id == order.buyer_id
