"""The order's row, locked before anything else of it is touched (rank ORDER); and its lines as events tell them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from core.db import sql
from core.db.locks import Rank, note_rank
from core.kernel.actor import Actor
from core.kernel.errors import Field, Missing, OutOfScope, VersionConflict
from ordering.orders.errors import NotTheSeller
from ordering.orders.events import TradeFacts, line_of
from ordering.orders.selectors.orders import reaches_outside

DOCUMENT_TYPE = "ORDER"
"""The document type of an order's reservations and of its hold."""


@dataclass(frozen=True, slots=True)
class LockedOrder:
    """An order as it stands under its lock."""

    id: int
    number: str
    seller_id: int
    buyer_id: int
    status: str
    payment_status: str
    fulfilment_status: str
    invoice_status: str
    settlement_status: str
    placed_by_id: UUID
    version: int
    currency: str
    channel: str
    ship_to_region: str
    bottles: int
    total: int
    tax: int
    approve_by: datetime | None
    amended_by_ids: list[UUID] | None
    is_promoted: bool
    breaks_floor: bool

    def facts(self) -> TradeFacts:
        """What every event of it tells."""
        return TradeFacts(
            self.seller_id,
            self.buyer_id,
            self.currency,
            self.channel,
            self.ship_to_region,
            self.total,
            self.tax,
            self.bottles,
        )


_ORDER = """
SELECT id, number, seller_id, buyer_id, status, payment_status, fulfilment_status, invoice_status, settlement_status,
       placed_by_id, version, currency, channel, ship_to_region, bottles, total, tax, approve_by,
       amended_by_ids, is_promoted, breaks_floor
FROM orders_order
"""
_MINE = (
    _ORDER
    + """
WHERE number = %(number)s AND status <> 'DRAFT' AND (seller_id = %(dealer)s OR buyer_id = %(dealer)s)
FOR UPDATE
"""
)
_DUE = (
    _ORDER
    + """
WHERE id = %(id)s AND status = ANY(%(waiting)s::text[]) AND approve_by <= %(now)s
FOR UPDATE SKIP LOCKED
"""
)
_LINES = """
SELECT line.line_no, line.sku_code, product_line.code, line.unit, line.quantity, line.bottles, line.amount, line.tax,
       line.is_gift
FROM orders_orderline AS line JOIN catalogue_sku AS sku ON sku.id = line.sku_id
JOIN catalogue_productline AS product_line ON product_line.id = sku.product_line_id
WHERE line.order_id = %(order)s ORDER BY line.line_no
"""


def locked_order(*, actor: Actor, number: str, version: int | None = None) -> LockedOrder:
    """Lock an order in which the actor's house sells or buys; one statement, inside the caller's act.

    Where the seat is limited, a second one asks whether the order lies inside. Raises ``Missing``, ``OutOfScope`` when
    some of its lines lie outside, or ``VersionConflict`` when it is not at ``version`` (None: any) any more.
    """
    note_rank(Rank.ORDER)
    row = sql.row(_MINE, {"number": number, "dealer": actor.dealer_id})
    if row is None:
        raise Missing(order=number)
    order = LockedOrder(*row)
    reaches = reaches_outside(actor, order.id)
    if reaches is None:
        raise Missing(order=number)
    if reaches:
        raise OutOfScope
    if version is not None and version != order.version:
        raise VersionConflict(version=order.version)
    return order


def locked_if_due(*, order_id: int, waiting: tuple[str, ...], now: datetime) -> LockedOrder | None:
    """Lock an order that still waits past its deadline; None when it moved on or somebody works on it right now."""
    note_rank(Rank.ORDER)
    row = sql.row(_DUE, {"id": order_id, "waiting": list(waiting), "now": now})
    return LockedOrder(*row) if row else None


def require_seller(actor: Actor, order: LockedOrder) -> None:
    """Raises ``NotTheSeller`` when the actor sits on the buyer's side."""
    if order.seller_id != actor.dealer_id:
        raise NotTheSeller


def lines_told(order_id: int) -> list[dict[str, Field]]:
    """An order's lines as its events tell them; one statement."""
    names = ("line_no", "sku", "product_line", "unit", "quantity", "bottles", "amount", "tax", "is_gift")
    return [line_of(**dict(zip(names, row, strict=True))) for row in sql.rows(_LINES, {"order": order_id})]
