"""What a dealer sells to its own customers: the same orders, the same verbs, from the seller's side."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from core.kernel.actor import Side
from core.kernel.errors import DomainError, Missing
from core.kernel.text import whole_of
from core.web.doors import page
from core.web.requests import SignedInRequest
from frontend.storefront.faults import Said, said
from frontend.storefront.shell import shown
from frontend.storefront.views.orders import order_list, story
from frontend.ui.shapes import Crumb
from ordering.fulfilment.permissions import Permission as GoodsPermission
from ordering.fulfilment.selectors import own_warehouses, ready_lines
from ordering.fulfilment.services import Ship, ship
from ordering.orders.permissions import Permission
from ordering.orders.rules.states import WAITING
from ordering.orders.selectors import OrderDetail, order_detail
from ordering.orders.services import Approve, Reject, approve, reject


@page(permission=Permission.READ, side=Side.DEALER)
def sales(request: SignedInRequest) -> HttpResponse:
    """Orders of the house's customers, newest first."""
    return order_list(request, role="sales", url_name="storefront:sales", template="storefront/sales.html")


@page(permission=Permission.READ, side=Side.DEALER)
def sale(request: SignedInRequest, number: str) -> HttpResponse:
    """One customer's order."""
    return _page(request, _sold(request, number))


def _sold(request: SignedInRequest, number: str) -> OrderDetail:
    """Raises ``Missing`` for an order the house does not sell."""
    detail = order_detail(actor=request.actor, number=number)
    if not detail.is_seller:
        raise Missing(order=number)
    return detail


def _page(
    request: SignedInRequest, detail: OrderDetail, faults: tuple[Said, ...] = (), status: int = 200
) -> HttpResponse:
    actor, order = request.actor, detail.order
    is_open = order.status == "CONFIRMED" and actor.can(GoodsPermission.SHIP)
    ready = ready_lines(actor, order.number or "") if is_open else ()
    kept = {code for line in ready for code in line.kept}
    context = {
        **story(actor, detail),
        "faults": faults,
        "typed": {name: request.POST.get(name, "")[:200] for name in ("reason", "carrier", "tracking")},
        "crumbs": [Crumb(_("Customers' orders"), reverse("storefront:sales")), Crumb(order.number or "")],
        "can_decide": actor.can(Permission.APPROVE) and order.status in WAITING,
        "ready": [line for line in ready if line.kept],
        "warehouses": [place for place in own_warehouses(actor) if place.code in kept] if kept else [],
    }
    return shown(request, "storefront/sale.html", context, at="sales", status=status)


@page(permission=Permission.APPROVE, side=Side.DEALER, methods=("POST",), back="storefront:sale")
def approve_sale(request: SignedInRequest, number: str) -> HttpResponse:
    """Accept a customer's order."""
    command = Approve(number, version=_version(request))
    return _done(request, number, lambda: approve(actor=request.actor, command=command), _("The order is accepted."))


@page(permission=Permission.APPROVE, side=Side.DEALER, methods=("POST",), back="storefront:sale")
def reject_sale(request: SignedInRequest, number: str) -> HttpResponse:
    """Turn a customer's order down, and say why."""
    command = Reject(number, reason=request.POST.get("reason", "")[:200], version=_version(request))
    return _done(request, number, lambda: reject(actor=request.actor, command=command), _("The order is turned down."))


@page(permission=GoodsPermission.SHIP, side=Side.DEALER, methods=("POST",), back="storefront:sale")
def ship_sale(request: SignedInRequest, number: str) -> HttpResponse:
    """Send everything that is kept for the order in one warehouse."""
    command = Ship(
        number,
        warehouse_code=request.POST.get("warehouse", "")[:20],
        carrier=request.POST.get("carrier", "")[:60],
        tracking_number=request.POST.get("tracking", "")[:60],
        version=_version(request),
    )
    return _done(request, number, lambda: ship(actor=request.actor, command=command), _("The goods are on their way."))


def _version(request: SignedInRequest) -> int | None:
    """The order as the seller saw it."""
    return whole_of(request.POST.get("version", ""))


def _done(request: SignedInRequest, number: str, verb: Callable[[], object], told: str) -> HttpResponse:
    detail = _sold(request, number)
    try:
        verb()
    except DomainError as refusal:
        return _page(request, detail, tuple(said(fault) for fault in refusal.problems()), status=422)
    messages.success(request, told)
    return redirect("storefront:sale", number=number)
