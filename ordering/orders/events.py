"""What happens to orders, as other rooms, the feed and the timeline hear it.

A payload carries all a hearer needs: lines with net amounts, product line, region, channel, seller. Never a name.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from core.kernel.errors import Field

ORDER_PLACED = "ordering.order_placed.v1"
ORDER_AMENDED = "ordering.order_amended.v1"
ORDER_APPROVED = "ordering.order_approved.v1"
ORDER_REJECTED = "ordering.order_rejected.v1"
ORDER_CANCELLED = "ordering.order_cancelled.v1"
ORDER_EXPIRED = "ordering.order_expired.v1"
ORDER_CLOSED_SHORT = "ordering.order_closed_short.v1"
STAFF_NOTE_ADDED = "ordering.staff_note_added.v1"
FUNDS_ASKED = "ordering.funds_asked.v1"
SETTINGS_CHANGED = "ordering.settings_changed.v1"

AGGREGATE = "order"
FUNDS_REQUEST = "funds_request"
STAFF_NOTE = "staff_note"
"""An aggregate of its own: what staff say among themselves never stands in an order's timeline."""

Payload = dict[str, Field | list[dict[str, Field]]]


@dataclass(frozen=True, slots=True)
class TradeFacts:
    """Whose deal it is and where it goes. ``region`` is where the goods go; ``total`` and ``tax`` minor units."""

    seller_id: int
    buyer_id: int
    currency: str
    channel: str
    region: str
    total: int
    tax: int
    bottles: int


def line_of(
    *,
    line_no: int,
    sku: str,
    product_line: str,
    unit: str,
    quantity: int,
    bottles: int,
    amount: int,
    tax: int,
    is_gift: bool = False,
) -> dict[str, Field]:
    """One line of a payload; ``amount`` is payable, ``net`` that without tax. A gift costs nothing and is named so."""
    line: dict[str, Field] = {
        "line": line_no,
        "sku": sku,
        "product_line": product_line,
        "unit": unit,
        "quantity": quantity,
        "bottles": bottles,
        "amount": amount,
        "tax": tax,
        "net": amount - tax,
    }
    return {**line, "is_gift": True} if is_gift else line


def told(
    *, number: str, status: str, facts: TradeFacts, lines: Iterable[dict[str, Field]], more: Mapping[str, Field]
) -> Payload:
    """The payload of every order event; ``more`` are the words of the one kind."""
    return {
        "number": number,
        "status": status,
        "seller_id": facts.seller_id,
        "buyer_id": facts.buyer_id,
        "currency": facts.currency,
        "channel": facts.channel,
        "region": facts.region,
        "total": facts.total,
        "tax": facts.tax,
        "bottles": facts.bottles,
        "lines": list(lines),
        **more,
    }
