"""An order in words: progress, next step, why a price, what happened."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from core.events.selectors import TimelineItem
from core.kernel.text import N_
from frontend.ui import format as words
from frontend.ui import traces
from frontend.ui.amending import amendment_words
from frontend.ui.shapes import FiveStatuses, OrderFlow, PriceTrace
from ordering.fulfilment.events import CARRIER_CHANGED, ORDER_ALLOCATED, ORDER_SHIPPED, SHIPMENT_RECEIVED
from ordering.orders.events import (
    ORDER_AMENDED,
    ORDER_APPROVED,
    ORDER_CANCELLED,
    ORDER_CLOSED_SHORT,
    ORDER_EXPIRED,
    ORDER_PLACED,
    ORDER_REJECTED,
)
from ordering.orders.models import Order
from ordering.orders.rules.states import WAITING
from ordering.orders.selectors import OrderDetail, OrderLineFacts, OrderRow
from ordering.orders.selectors.deeds import Deed


def statuses_of(order: Order | OrderRow) -> FiveStatuses:
    """The five statuses of an order or of its row in the list."""
    return FiveStatuses(
        order.status, order.payment_status, order.fulfilment_status, order.invoice_status, order.settlement_status
    )


def flow_of(detail: OrderDetail) -> OrderFlow:
    """The progress line with the next step as the seller sees it."""
    order = detail.order
    step, owner = _next_step(order)
    notes = {"order": words.exact(order.decided_at or order.submitted_at or order.created_at)[5:]}
    shipped = sum(line.shipped_bottles for line in detail.lines)
    if shipped:
        notes["fulfilment"] = _("%(shipped)s of %(all)s bottles") % {"shipped": shipped, "all": order.bottles}
    return OrderFlow(statuses=statuses_of(order), notes=notes, next_step=step, next_owner=owner)


def _next_step(order: Order) -> tuple[str, str]:
    if order.status in WAITING:
        return _("Approve or reject"), _("you, before %(instant)s") % {"instant": words.exact(order.approve_by)} if (
            order.approve_by
        ) else _("you")
    if order.status not in (Order.Status.CONFIRMED, Order.Status.CLOSED_SHORT):
        return "", ""
    following = {
        Order.Fulfilment.NONE: (_("Allocate the goods"), _("warehouse")),
        Order.Fulfilment.ALLOCATED: (_("Ship the goods"), _("warehouse")),
        Order.Fulfilment.PART_SHIPPED: (_("Ship the rest"), _("warehouse")),
        Order.Fulfilment.SHIPPED: (_("Sign for the goods"), _("buyer")),
        Order.Fulfilment.PART_RECEIVED: (_("Sign for the rest"), _("buyer")),
        Order.Fulfilment.RECEIVED: (_("Issue the invoice"), _("finance")),
    }
    return following.get(Order.Fulfilment(order.fulfilment_status), ("", ""))


def trace_of(line: OrderLineFacts, currency: str) -> PriceTrace:
    """Why a line costs what it costs, as it was frozen with the order."""
    return traces.trace_of(
        line.price_trace, title=line.sku_name, unit=line.unit, amount=line.amount or 0, currency=currency
    )


@dataclass(frozen=True, slots=True)
class Happening:
    """One entry of the timeline."""

    text: str
    at: datetime
    tone: str
    detail: str = ""
    name: str = ""


def happenings_of(detail: OrderDetail, people: Mapping[UUID, str]) -> tuple[Happening, ...]:
    """What happened to the order, the newest first; ``people`` are the names by seat."""
    return tuple(_happening(item, detail.order, people) for item in reversed(detail.timeline))


def _happening(item: TimelineItem, order: Order, people: Mapping[UUID, str]) -> Happening:
    payload = item.payload
    name = people.get(item.seat_id, "") if item.seat_id else ""
    shipment = str(payload.get("shipment") or "")
    reason = str(payload.get("reason") or "")
    said: dict[str, tuple[str, str, str]] = {
        ORDER_PLACED: (_("Order placed"), "", ""),
        ORDER_AMENDED: (
            _("Changed by the buyer") if payload.get("by_buyer") else _("Changed by the brand"),
            "now",
            amendment_words(payload),
        ),
        ORDER_APPROVED: (_("Approved") if item.seat_id else _("Approved by the rules"), "good", ""),
        ORDER_REJECTED: (_("Rejected"), "bad", reason),
        ORDER_CANCELLED: (
            _("Cancelled by the buyer") if payload.get("by_buyer") else _("Cancelled by the brand"),
            "bad",
            reason,
        ),
        ORDER_EXPIRED: (_("Expired: nobody approved it in time"), "bad", ""),
        ORDER_CLOSED_SHORT: (_("Rest closed"), "bad", _closed(payload)),
        ORDER_ALLOCATED: (_("Goods allocated"), "good", _places(payload)),
        ORDER_SHIPPED: (_("Shipped: %(number)s") % {"number": shipment}, "now", _shipped(payload)),
        CARRIER_CHANGED: (_("Carrier changed: %(number)s") % {"number": shipment}, "", _carrier(payload)),
        SHIPMENT_RECEIVED: (_("Signed for: %(number)s") % {"number": shipment}, "good", ""),
    }
    text, tone, detail = said.get(item.kind, (item.kind, "", ""))
    if item.kind == ORDER_PLACED:
        name = order.placed_by_name
    elif item.kind in (ORDER_APPROVED, ORDER_REJECTED):
        name = name or order.decided_by_name
    return Happening(text, item.at, tone, detail, name)


def _closed(payload: Mapping[str, Any]) -> str:
    said = _("%(bottles)s will not be delivered; agreed: %(consent)s") % {
        "bottles": words.bottles_text(int(payload.get("closed_bottles") or 0)),
        "consent": payload.get("consent") or "—",
    }
    return f"{said} · {payload['reason']}" if payload.get("reason") else said


def _places(payload: Mapping[str, Any]) -> str:
    """The warehouses that were named, each once."""
    named = [str(line["warehouse"]) for line in payload.get("lines", ()) if line.get("warehouse")]
    return " · ".join(dict.fromkeys(named))


def _carrier(payload: Mapping[str, Any]) -> str:
    """Carrier and number before and after; empty for events that tell something else."""
    before, after = payload.get("before"), payload.get("after")
    if not isinstance(before, dict) or not isinstance(after, dict):
        return ""

    def told(side: Mapping[str, Any]) -> str:
        return " ".join(part for part in (side.get("carrier"), side.get("tracking_number")) if part) or words.DASH

    return f"{told(before)} → {told(after)}"


_DEEDS = {
    ORDER_PLACED: N_("%(name)s placed this order at %(at)s."),
    ORDER_AMENDED: N_("%(name)s changed this order at %(at)s."),
    ORDER_APPROVED: N_("%(name)s approved this order at %(at)s."),
    ORDER_REJECTED: N_("%(name)s rejected this order at %(at)s."),
    ORDER_CANCELLED: N_("%(name)s cancelled this order at %(at)s."),
    ORDER_EXPIRED: N_("This order expired at %(at)s."),
    ORDER_CLOSED_SHORT: N_("%(name)s closed the rest of this order at %(at)s."),
    ORDER_ALLOCATED: N_("%(name)s allocated the goods of this order at %(at)s."),
    ORDER_SHIPPED: N_("%(name)s shipped goods of this order at %(at)s."),
    CARRIER_CHANGED: N_("%(name)s changed the carrier at %(at)s."),
    SHIPMENT_RECEIVED: N_("%(name)s signed for goods of this order at %(at)s."),
}


def deed_words(deed: Deed | None, person_id: UUID | None) -> str:
    """Who did what last, and when, for whoever comes second; ``person_id`` is who reads it. Empty: nothing known."""
    if deed is None or deed.kind not in _DEEDS:
        return ""
    name = _("You") if deed.person_id == person_id else deed.person_name or _("Somebody")
    return _(_DEEDS[deed.kind]) % {"name": name, "at": words.exact(deed.at)}


def _shipped(payload: Mapping[str, Any]) -> str:
    amount, currency = payload.get("amount"), str(payload.get("currency") or "CNY")
    bottles = words.bottles_text(int(payload.get("bottles") or 0))
    return f"{bottles} · {words.money(int(amount), currency)}" if amount is not None else bottles


def lines_total(lines: Sequence[OrderLineFacts]) -> int:
    """Sum of the lines' amounts, minor units."""
    return sum(line.amount or 0 for line in lines)
