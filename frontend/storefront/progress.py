"""How an order stands: the five statuses, the next step and who owes it, and what happened in words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from core.events.selectors import TimelineItem
from core.kernel.brand import BrandFacts
from frontend.storefront.paying import ENDED_EARLY, paid_how
from frontend.ui import format as words
from frontend.ui.amending import amendment_words
from frontend.ui.houses import house_name
from frontend.ui.shapes import FiveStatuses, OrderFlow
from ordering.fulfilment.events import CARRIER_CHANGED, ORDER_ALLOCATED, ORDER_SHIPPED, SHIPMENT_RECEIVED
from ordering.fulfilment.selectors import ShipmentCard
from ordering.orders.errors import StateRefused
from ordering.orders.events import (
    ORDER_AMENDED,
    ORDER_APPROVED,
    ORDER_CANCELLED,
    ORDER_CLOSED_SHORT,
    ORDER_EXPIRED,
    ORDER_PLACED,
    ORDER_REJECTED,
)
from ordering.orders.rules.states import UNSHIPPED, WAITING, cancelled
from ordering.orders.selectors import OrderDetail, OrderRow
from ordering.orders.selectors.headed import FirstGoods


@dataclass(frozen=True, slots=True)
class Happening:
    """One entry of the timeline."""

    text: str
    at: datetime
    tone: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class _Next:
    step: str = ""
    owner: str = ""
    hint: str = ""
    url: str = ""
    label: str = ""
    icon: str = "arrow-r"


def statuses_of(order: Any) -> FiveStatuses:
    """The five statuses of an order or of its row on a list."""
    return FiveStatuses(
        order.status, order.payment_status, order.fulfilment_status, order.invoice_status, order.settlement_status
    )


def flow_of(
    detail: OrderDetail, shipments: Sequence[ShipmentCard], *, can_sign: bool, brand: BrandFacts | None = None
) -> OrderFlow:
    """The progress line with the next step as the reader sees it."""
    order = detail.order
    shipped = sum(line.shipped_bottles for line in detail.lines)
    ordered = sum(line.bottles for line in detail.lines)
    following = _next_step(detail, shipments, can_sign=can_sign, brand=brand)
    notes = {"order": words.exact(order.decided_at or order.submitted_at or order.created_at)[5:]}
    if order.payment_status != "UNPAID":
        notes["payment"] = words.money(order.total, order.currency)
    elif order.status in WAITING and detail.is_buyer and order.hold is not None:
        notes["payment"] = _("by itself, once approved")
    if shipped:
        notes["fulfilment"] = _("%(shipped)s of %(ordered)s bottles shipped") % {"shipped": shipped, "ordered": ordered}
    return OrderFlow(
        statuses_of(order),
        notes=notes,
        next_step=following.step,
        next_owner=following.owner,
        next_hint=following.hint,
        next_url=following.url,
        next_label=following.label,
        next_icon=following.icon,
    )


def _next_step(
    detail: OrderDetail, shipments: Sequence[ShipmentCard], *, can_sign: bool, brand: BrandFacts | None
) -> _Next:
    order = detail.order
    seller = _("your company") if detail.is_seller else house_name(order.seller.name, brand)
    buyer = _("your company") if detail.is_buyer else order.buyer.name
    if order.status in WAITING:
        until = words.exact(order.approve_by) if order.approve_by else ""
        hint = _("Goods and prices are kept until %(until)s. After that the order expires.") % {"until": until}
        told = " ".join(part for part in (hint, paid_how(detail)) if part)
        return _Next(_("approve the order"), seller, told, icon="clock")
    if order.status in ENDED_EARLY and detail.is_buyer:
        hint = _(
            "Nothing is held for it any more. “Order the same again” lays its lines into the cart at today's prices."
        )
        return _Next(_("order again, if the goods are still needed"), buyer, hint, icon="refresh")
    if order.status not in {"APPROVED", "CONFIRMED", "CLOSED_SHORT"}:
        return _Next()
    on_the_road = next((one for one in shipments if one.is_to_sign), None)
    if on_the_road is not None:
        step = _("sign for shipment %(number)s") % {"number": on_the_road.number}
        carrier = " · ".join(part for part in (on_the_road.carrier, on_the_road.tracking_number) if part)
        if detail.is_buyer and can_sign:
            url = reverse("storefront:receive", args=[on_the_road.number])
            hint = " · ".join(part for part in (carrier, _("breakage may be claimed for 48 hours after that")) if part)
            return _Next(step, buyer, hint, url, _("Sign for it"), "truck")
        return _Next(step, buyer, carrier, icon="truck")
    if order.status != "CLOSED_SHORT" and order.fulfilment_status in (*UNSHIPPED, "PART_SHIPPED"):
        hint = _("You will be told when the goods leave.") if detail.is_buyer else ""
        return _Next(_("ship the goods"), seller, hint, icon="box")
    if order.fulfilment_status == "RECEIVED":
        return _Next(_("issue the invoice"), seller, icon="receipt")
    return _Next()


def can_cancel(order: Any) -> bool:
    """Whether the state allows it; whether the seat may is another question."""
    try:
        cancelled(order.status, order.fulfilment_status)
    except StateRefused:
        return False
    return True


def happenings_of(detail: OrderDetail, shipments: Iterable[ShipmentCard]) -> list[Happening]:
    """The timeline in words, the newest first. Kinds nobody has words for are left out."""
    by_number = {one.number: one for one in shipments}
    found = [_happening(item, detail, by_number) for item in detail.timeline]
    return [one for one in reversed(found) if one is not None]


def _happening(item: TimelineItem, detail: OrderDetail, shipments: dict[str, ShipmentCard]) -> Happening | None:
    order, payload = detail.order, item.payload
    if item.kind == ORDER_PLACED:
        return Happening(_("%(name)s placed the order") % {"name": order.placed_by_name}, item.at, "good")
    if item.kind == ORDER_AMENDED:
        text = _("The buyer changed the order") if payload["by_buyer"] else _("The seller changed the order")
        told = amendment_words(payload, is_priced=order.total is not None)
        return Happening(text, item.at, "now", told)
    if item.kind == ORDER_APPROVED:
        by = order.decided_by_name
        text = _("%(name)s approved the order") % {"name": by} if by else _("Approved by the rules")
        return Happening(text, item.at, "good")
    if item.kind == ORDER_REJECTED:
        text = _("%(name)s rejected the order") % {"name": order.decided_by_name}
        return Happening(text, item.at, "bad", order.decision_reason)
    if item.kind == ORDER_CANCELLED:
        return Happening(_("The order was cancelled"), item.at, "bad", order.decision_reason)
    if item.kind == ORDER_EXPIRED:
        return Happening(_("The order expired: nobody approved it in time"), item.at, "bad")
    return _goods_happening(item, detail, shipments.get(str(payload.get("shipment") or "")))


def _goods_happening(item: TimelineItem, detail: OrderDetail, shipment: ShipmentCard | None) -> Happening | None:
    """What happened to the goods of the order."""
    payload = item.payload
    if item.kind == ORDER_CLOSED_SHORT:
        text = _("The rest was closed: %(bottles)s bottles will not be delivered") % {
            "bottles": payload["closed_bottles"]
        }
        return Happening(text, item.at, "bad", detail.order.decision_reason)
    if item.kind == CARRIER_CHANGED:
        after = payload["after"]
        carrier = " · ".join(part for part in (after["carrier"], after["tracking_number"]) if part)
        return Happening(
            _("Carrier of %(number)s: %(carrier)s") % {"number": payload["shipment"], "carrier": carrier or "—"},
            item.at,
        )
    if item.kind == ORDER_ALLOCATED:
        return Happening(_("Goods were set apart in the warehouse"), item.at, "good")
    if item.kind == ORDER_SHIPPED:
        text = _("Shipment %(number)s left %(warehouse)s") % {
            "number": payload.get("shipment", ""),
            "warehouse": shipment.warehouse_name if shipment else payload.get("warehouse", ""),
        }
        return Happening(text, item.at, "good")
    if item.kind == SHIPMENT_RECEIVED:
        name = shipment.signed_by_name if shipment else ""
        text = _("%(name)s signed for shipment %(number)s") % {"name": name, "number": payload.get("shipment", "")}
        return Happening(text, item.at, "good", shipment.receipt_note if shipment else "")
    return None


def rows_of(
    rows: Iterable[OrderRow], goods: Mapping[str, FirstGoods]
) -> list[tuple[OrderRow, FiveStatuses, str, FirstGoods | None, str]]:
    """Rows of a list with their five statuses, which of them says how far the order is, the first product, how much."""
    told = []
    for row in rows:
        first = goods.get(row.number)
        told.append(
            (row, statuses_of(row), _telling(row), first, words.packed(first.cases, first.loose) if first else "")
        )
    return told


def _telling(row: OrderRow) -> str:
    """Once an order is confirmed, where the goods are says more than that it is."""
    is_moving = row.status == "CONFIRMED" and row.fulfilment_status != "NONE"
    return "fulfilment" if is_moving else "order"
