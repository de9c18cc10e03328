"""An order in words: progress, next step, why a price, what happened."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from core.events.selectors import TimelineItem
from frontend.ui import format as words
from frontend.ui.shapes import FiveStatuses, OrderFlow, PriceTrace, TraceStep
from ordering.fulfilment.events import ORDER_ALLOCATED, ORDER_SHIPPED, SHIPMENT_RECEIVED
from ordering.orders.events import ORDER_APPROVED, ORDER_CANCELLED, ORDER_EXPIRED, ORDER_PLACED, ORDER_REJECTED
from ordering.orders.models import Order
from ordering.orders.rules.states import WAITING
from ordering.orders.selectors import OrderDetail, OrderLineFacts, OrderRow


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
    if order.status != Order.Status.CONFIRMED:
        return "", ""
    following = {
        Order.Fulfilment.NONE: (_("Allocate the goods"), _("warehouse")),
        Order.Fulfilment.ALLOCATED: (_("Ship the goods"), _("warehouse")),
        Order.Fulfilment.PART_SHIPPED: (_("Ship the rest"), _("warehouse")),
        Order.Fulfilment.SHIPPED: (_("Sign for the goods"), _("buyer")),
        Order.Fulfilment.PART_RECEIVED: (_("Sign for the rest"), _("buyer")),
    }
    return following.get(Order.Fulfilment(order.fulfilment_status), ("", ""))


def trace_of(line: OrderLineFacts, currency: str) -> PriceTrace:
    """Why a line costs what it costs, as it was frozen with the order."""
    found = [_step(step, line.price_trace, line.unit, currency) for step in line.price_trace.get("steps", ())]
    steps = [step for step in found if step is not None]
    return PriceTrace(title=line.sku_name, steps=steps, total_fen=line.amount or 0, currency=currency)


def _step(step: Mapping[str, Any], trace: Mapping[str, Any], unit: str, currency: str) -> TraceStep | None:
    if step.get("step") == "base":
        text = f"{words.money(int(step['unit_price']), currency)} × {_counted(int(step['quantity']), unit)}"
        return TraceStep(text, int(step["amount"]), _why(trace, unit))
    if step.get("step") == "manual":
        return TraceStep(_("Price agreed by hand"), int(step["amount"]), str(step.get("reason") or ""))
    return None


def _why(trace: Mapping[str, Any], unit: str) -> str:
    said = _("Price list %(list)s") % {"list": trace.get("list") or "—"}
    start = int(trace.get("from_quantity") or 1)
    if start <= 1:
        return said
    return _("%(list)s, step from %(count)s") % {"list": said, "count": _counted(start, unit)}


def _counted(quantity: int, unit: str) -> str:
    return words.cases_text(quantity) if unit == "CASE" else words.bottles_text(quantity)


@dataclass(frozen=True, slots=True)
class Happening:
    """One entry of the timeline."""

    text: str
    at: datetime
    tone: str
    detail: str = ""


def happenings_of(detail: OrderDetail) -> tuple[Happening, ...]:
    """What happened to the order, the newest first."""
    return tuple(_happening(item, detail.order) for item in reversed(detail.timeline))


def _happening(item: TimelineItem, order: Order) -> Happening:
    payload = item.payload
    reason = str(payload.get("reason") or "")
    shipment = str(payload.get("shipment") or "")
    said: dict[str, tuple[str, str, str]] = {
        ORDER_PLACED: (_("Placed by %(name)s") % {"name": order.placed_by_name}, "", ""),
        ORDER_APPROVED: (_("Approved by %(name)s") % {"name": order.decided_by_name or _("the rules")}, "good", ""),
        ORDER_REJECTED: (_("Rejected by %(name)s") % {"name": order.decided_by_name}, "bad", reason),
        ORDER_CANCELLED: (
            _("Cancelled by the buyer") if payload.get("by_buyer") else _("Cancelled by the brand"),
            "bad",
            reason,
        ),
        ORDER_EXPIRED: (_("Expired: nobody approved it in time"), "bad", ""),
        ORDER_ALLOCATED: (_("Goods allocated"), "good", ""),
        ORDER_SHIPPED: (_("Shipped: %(number)s") % {"number": shipment}, "now", _shipped(payload)),
        SHIPMENT_RECEIVED: (_("Signed for: %(number)s") % {"number": shipment}, "good", ""),
    }
    text, tone, detail = said.get(item.kind, (item.kind, "", ""))
    return Happening(text, item.at, tone, detail)


def _shipped(payload: Mapping[str, Any]) -> str:
    amount, currency = payload.get("amount"), str(payload.get("currency") or "CNY")
    bottles = words.bottles_text(int(payload.get("bottles") or 0))
    return f"{bottles} · {words.money(int(amount), currency)}" if amount is not None else bottles


def lines_total(lines: Sequence[OrderLineFacts]) -> int:
    """Sum of the lines' amounts, minor units."""
    return sum(line.amount or 0 for line in lines)
