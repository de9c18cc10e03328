"""A house's own orders: the list, one order's whole story, cancelling it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from core.catalogue.selectors.known import known_skus
from core.kernel.actor import Actor, Side
from core.kernel.brand import BrandFacts
from core.kernel.errors import DomainError
from core.web.doors import page
from core.web.paging import page_number
from core.web.requests import SignedInRequest
from frontend.storefront.faults import Said, said
from frontend.storefront.goods import Look, look_of
from frontend.storefront.paying import paid_how
from frontend.storefront.progress import can_cancel, flow_of, happenings_of, rows_of
from frontend.storefront.shell import shown
from frontend.ui.paging import link_with
from frontend.ui.shapes import Chip, Crumb, Pager
from frontend.ui.traces import trace_of
from frontend.ui.words import status_word
from ordering.fulfilment.permissions import Permission as GoodsPermission
from ordering.fulfilment.selectors import ShipmentCard, shipments_of_order
from ordering.orders.permissions import Permission
from ordering.orders.rules.states import WAITING
from ordering.orders.selectors import OrderDetail, OrderFilters, OrderPage, order_detail, order_page
from ordering.orders.selectors.amending import right_to_amend
from ordering.orders.selectors.headed import first_goods
from ordering.orders.selectors.orders import ROWS_A_PAGE
from ordering.orders.services import Cancel, cancel

_STATUSES = ("SUBMITTED", "APPROVING", "CONFIRMED", "COMPLETED", "REJECTED", "CANCELLED", "EXPIRED", "CLOSED_SHORT")


@page(permission=Permission.READ, side=Side.DEALER)
def orders(request: SignedInRequest) -> HttpResponse:
    """What the house has bought, newest first."""
    return order_list(request, role="purchases", url_name="storefront:orders", template="storefront/orders.html")


def order_list(request: SignedInRequest, *, role: str, url_name: str, template: str) -> HttpResponse:
    """A list of orders by status and text, as purchases or as sales."""
    filters = OrderFilters.of(request.GET.dict(), role=role)
    status, text = "".join(filters.statuses), filters.text
    found = order_page(actor=request.actor, filters=filters, page=page_number(request))
    context = {
        "rows": rows_of(found.rows, first_goods(request.actor, [row.number for row in found.rows])),
        "chips": _chips(request, found, status),
        "text": text,
        "is_narrowed": bool(text or filters.statuses),
        "pager": _pager(found),
        "here": reverse(url_name),
        "order_url_name": "storefront:sale" if role == "sales" else "storefront:order",
    }
    return shown(request, template, context, at="sales" if role == "sales" else "orders")


def _chips(request: HttpRequest, found: OrderPage, status: str) -> list[Chip]:
    everything = sum(found.counts.values())
    chips = [Chip(_("All orders"), link_with(request, status=None), status not in _STATUSES, everything)]
    for one in _STATUSES:
        if found.counts.get(one) or one == status:
            url = link_with(request, status=one)
            chips.append(Chip(status_word("order", one), url, one == status, found.counts.get(one, 0)))
    return chips


def _pager(found: OrderPage) -> Pager:
    first = (found.page - 1) * ROWS_A_PAGE + 1 if found.rows else 0
    return Pager(found.page, found.page_count, found.total, first, first + len(found.rows) - 1)


@page(permission=Permission.READ)
def order(request: SignedInRequest, number: str) -> HttpResponse:
    """One order of the house; an order it sells lies with the sales, for the brand's staff at their desk.

    This is the address messages of an order carry, whoever reads them.
    """
    detail = order_detail(actor=request.actor, number=number)
    if request.actor.is_brand_staff:
        return redirect("console:order", number=number)
    if not detail.is_buyer:
        return redirect("storefront:sale", number=number)
    return order_shown(request, detail)


def order_shown(
    request: SignedInRequest, detail: OrderDetail, *, faults: tuple[Said, ...] = (), typed: str = "", status: int = 200
) -> HttpResponse:
    """The page of a purchase."""
    crumbs = [Crumb(_("Orders"), reverse("storefront:orders")), Crumb(detail.order.number or "")]
    context = {**story(request.actor, detail, request.brand), "faults": faults, "typed": typed, "crumbs": crumbs}
    return shown(request, "storefront/order.html", context, at="orders", status=status)


def story(actor: Actor, detail: OrderDetail, brand: BrandFacts | None = None) -> dict[str, object]:
    """What the pages of a purchase and of a sale both tell. The same statements for any number of lines."""
    order = detail.order
    shipments: tuple[ShipmentCard, ...] = ()
    if actor.can(GoodsPermission.READ):
        shipments = shipments_of_order(actor, order.number or "")
    can_sign = actor.can(GoodsPermission.RECEIVE)
    return {
        "detail": detail,
        "order": order,
        "lines": _lines(actor, detail),
        "shipments": shipments,
        "paid_how": paid_how(detail),
        "flow": flow_of(detail, shipments, can_sign=can_sign, brand=brand),
        "happenings": happenings_of(detail, shipments),
        "can_sign": can_sign and detail.is_buyer,
        "can_cancel": actor.can(Permission.CANCEL) and can_cancel(order) and not detail.hidden_lines,
        "can_amend": order.status in WAITING
        and actor.can(right_to_amend(actor, seller_id=order.seller_id))
        and not detail.hidden_lines,
        "can_reorder": actor.can(Permission.PLACE) and detail.is_buyer,
    }


def _lines(actor: Actor, detail: OrderDetail) -> list[dict[str, object]]:
    """Lines with their looks (those still on the shelf) and why they cost what they cost."""
    found = known_skus(actor, {line.sku_code for line in detail.lines}) if actor.can("catalogue.read") else {}
    looks: dict[str, Look] = {code: look_of(sku) for code, sku in found.items()}
    currency = detail.order.currency
    return [
        {
            "facts": line,
            "look": looks.get(line.sku_code),
            "trace": trace_of(
                line.price_trace,
                title=line.sku_name,
                unit=line.unit,
                amount=line.amount,
                currency=currency,
                is_own=detail.is_buyer,
            )
            if line.amount is not None
            else None,
        }
        for line in detail.lines
    ]


@page(permission=Permission.CANCEL, side=Side.DEALER, methods=("POST",), back="storefront:order")
def cancel_order(request: SignedInRequest, number: str) -> HttpResponse:
    """Cancel an order nothing of which has left; everything held for it falls."""
    reason = request.POST.get("reason", "")[:200]
    try:
        cancel(actor=request.actor, command=Cancel(number, reason=reason))
    except DomainError as refusal:
        detail = order_detail(actor=request.actor, number=number)
        if not detail.is_buyer:
            raise
        faults = tuple(said(fault) for fault in refusal.problems())
        return order_shown(request, detail, faults=faults, typed=reason, status=422)
    messages.success(
        request, _("Order %(number)s is cancelled. What was held for it is free again.") % {"number": number}
    )
    return redirect("storefront:order", number=number)
