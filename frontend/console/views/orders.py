"""The order desk: list beside detail, every act without leaving the page."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlencode

from django.contrib import messages
from django.forms import BaseForm, Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.kernel.actor import Actor
from core.kernel.errors import DomainError, Kind
from core.kernel.text import whole_of
from core.web.paging import page_number
from core.web.refusals import words_of
from core.web.requests import SignedInRequest
from frontend.console.doors import form_page, staff_page
from frontend.console.forms.orders import AllocateForm, ReasonForm, ShipForm
from frontend.console.lists import SortLink, pager_of, sort_links, text_asked
from frontend.console.orderpanel import Panel, panel_of
from frontend.console.orderwords import statuses_of
from frontend.console.shell import forget_waiting, shown, waiting
from frontend.ui.paging import link_with
from frontend.ui.refusals import REFUSED, attempt, did
from frontend.ui.shapes import Chip
from ordering.fulfilment import services as fulfilment
from ordering.fulfilment.selectors import own_warehouses, ready_lines
from ordering.fulfilment.services import Allocate, Ship
from ordering.orders import services
from ordering.orders.models import Order
from ordering.orders.permissions import Permission
from ordering.orders.selectors import OrderFilters, OrderPage, OrderRow, order_page
from ordering.orders.selectors.desk import LOST, ON_THE_ROAD, TO_SHIP, WAITING
from ordering.orders.services import Approve, Cancel, Reject

T = TypeVar("T")
SORTS = ("submitted_at", "total", "approve_by", "number", "buyer__name")
MOST_AT_ONCE = 100
DETAIL = "desk-detail"
_KEPT = ("view", "q", "sort", "page")
"""What of the list's URL an order's URL carries on."""
CONFIRMED = (Order.Status.CONFIRMED,)
VIEWS: dict[str, tuple[Sequence[str], Sequence[str]]] = {
    "": ((), ()),
    "approve": (WAITING, ()),
    "allocate": (CONFIRMED, (Order.Fulfilment.NONE,)),
    "ship": (CONFIRMED, TO_SHIP),
    "road": (CONFIRMED, ON_THE_ROAD),
    "received": ((), (Order.Fulfilment.RECEIVED,)),
    "lost": (LOST, ()),
}
"""What each chip shows: order statuses and fulfilment statuses, empty for any."""


@form_page(permission=Permission.READ)
def orders(request: SignedInRequest) -> HttpResponse:
    """The list with nothing opened; POST approves the ticked orders."""
    if request.method == "POST":
        return _approve_ticked(request)
    return _desk(request, None)


@staff_page(permission=Permission.READ)
def shipping(request: SignedInRequest) -> HttpResponse:
    """What is to be shipped, at the same desk."""
    return redirect(f"{reverse('console:orders')}?view=ship")


@form_page(permission=Permission.READ)
def order(request: SignedInRequest, number: str) -> HttpResponse:
    """One order at the desk; ``?do=`` opens a form, POST does what its ``act`` says."""
    if request.method == "POST":
        return _act(request, number)
    panel = panel_of(request.actor, number, do=request.GET.get("do", ""), warehouse=request.GET.get("warehouse", ""))
    return _shown(request, panel)


# the list ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DeskRow:
    """A row of the list: the order, where it leads, whether it may be ticked."""

    order: OrderRow
    url: str
    is_open: bool
    is_tickable: bool

    @property
    def statuses(self) -> object:
        """Its five statuses."""
        return statuses_of(self.order)


def _desk(
    request: SignedInRequest, panel: Panel | None, *, status: int = 200, refused: Sequence[tuple[str, str]] = ()
) -> HttpResponse:
    view = _view(request)
    page = order_page(actor=request.actor, filters=_filters(request), page=page_number(request))
    opened = panel.order.number if panel else ""
    context = {
        "rows": [_row(request, row, opened or "") for row in page.rows],
        "pager": pager_of(page.page, page.page_count, page.total, len(page.rows)),
        "chips": _chips(request, page),
        "sorts": _sorts(request),
        "q": text_asked(request),
        "view": view,
        "panel": panel,
        "refused": refused,
        "may_approve": request.actor.can(Permission.APPROVE),
        "list_url": _list_url(request),
        **_panel_urls(request, panel),
    }
    at = "shipping" if view in ("allocate", "ship", "road") else "orders"
    return shown(request, "console/orders.html", context, at=at, status=status)


def _view(request: SignedInRequest) -> str:
    given = request.GET.get("view", "")
    return given if given in VIEWS else ""


def _filters(request: SignedInRequest) -> OrderFilters:
    statuses, fulfilled = VIEWS[_view(request)]
    sort = request.GET.get("sort", "-submitted_at")
    return OrderFilters(
        statuses=tuple(statuses),
        fulfilment=tuple(fulfilled),
        text=text_asked(request),
        role="sales",
        sort=sort if sort.removeprefix("-") in SORTS else "-submitted_at",
    )


def _row(request: SignedInRequest, row: OrderRow, opened: str) -> DeskRow:
    return DeskRow(row, _order_url(request, row.number), row.number == opened, row.status in WAITING)


def _order_url(request: HttpRequest, number: str, **more: str) -> str:
    kept = {name: request.GET[name] for name in _KEPT if request.GET.get(name)}
    words = urlencode({**kept, **more})
    return f"{reverse('console:order', args=[number])}{'?' if words else ''}{words}"


def _list_url(request: HttpRequest) -> str:
    kept = {name: request.GET[name] for name in _KEPT if request.GET.get(name)}
    return f"{reverse('console:orders')}?{urlencode(kept)}" if kept else reverse("console:orders")


def _chips(request: SignedInRequest, page: OrderPage) -> list[Chip]:
    counts = waiting(request.actor)
    options = (
        ("", _("All"), None),
        ("approve", _("To approve"), counts.to_approve),
        ("allocate", _("To allocate"), counts.to_allocate),
        ("ship", _("To ship"), counts.to_ship),
        ("road", _("In transit"), counts.on_the_road),
        ("received", _("Received"), None),
        ("lost", _("Rejected, cancelled, expired"), None),
    )
    given, base = _view(request), reverse("console:orders")
    return [
        Chip(
            word,
            f"{base}{link_with(request, view=value, do=None, warehouse=None)}",
            is_current=value == given,
            count=page.total if value == given else count,
        )
        for value, word, count in options
    ]


def _sorts(request: SignedInRequest) -> dict[str, SortLink]:
    columns = {"buyer__name": _("Dealer"), "submitted_at": _("Placed"), "total": _("Payable")}
    base = reverse("console:orders")
    links = sort_links(request, columns, usual="-submitted_at")
    return {name: SortLink(one.label, f"{base}{one.url}", one.order) for name, one in links.items()}


def _panel_urls(request: HttpRequest, panel: Panel | None) -> dict[str, object]:
    if panel is None or panel.order.number is None:
        return {}
    number = panel.order.number
    urls = {do: _order_url(request, number, do=do) for do in ("reject", "allocate", "ship", "cancel")}
    return {
        "urls": urls,
        "order_url": _order_url(request, number),
        "list_url": _list_url(request),
        "warehouse_urls": [
            (one, _order_url(request, number, do="ship", warehouse=one.code)) for one in panel.warehouses
        ],
    }


def _approve_ticked(request: SignedInRequest) -> HttpResponse:
    """Approve the ticked orders one by one; each refusal is told with its order."""
    numbers = list(dict.fromkeys(request.POST.getlist("number")))[:MOST_AT_ONCE]
    refused: list[tuple[str, str]] = []
    for number in numbers:
        try:
            services.approve(actor=request.actor, command=Approve(number=number))
        except DomainError as refusal:
            refused.append((number, words_of(refusal)))
    forget_waiting(request.actor)
    approved = len(numbers) - len(refused)
    if approved:
        words = ngettext("%(count)s order approved.", "%(count)s orders approved.", approved)
        messages.success(request, words % {"count": approved})
    if not numbers:
        messages.warning(request, _("Tick at least one order first."))
    if refused:
        return _desk(request, None, status=REFUSED, refused=refused)
    return redirect(_list_url(request))


# the detail ------------------------------------------------------------------------------------------


def _shown(request: SignedInRequest, panel: Panel, *, said: str = "", status: int = 200) -> HttpResponse:
    """The whole desk, or for htmx the detail alone (and after an act the row of the list beside it)."""
    if not (request.htmx and request.htmx.target == DETAIL):
        return _desk(request, panel, status=status)
    row = OrderRow(**panel.row) if said else None
    context = {
        "panel": panel,
        "said": said,
        "row": _row(request, row, row.number) if row else None,
        "may_approve": request.actor.can(Permission.APPROVE),
        **_panel_urls(request, panel),
    }
    return render(request, "console/parts/order_reply.html", context, status=status)


def _act(request: SignedInRequest, number: str) -> HttpResponse:
    do = request.POST.get("act", "")
    acts: dict[str, Callable[[SignedInRequest, str, int | None], tuple[BaseForm, str]]] = {
        "approve": _approve,
        "reject": _reject,
        "cancel": _cancel,
        "allocate": _allocate,
        "ship": _ship,
    }
    if do not in acts:
        return redirect(_order_url(request, panel_of(request.actor, number).order.number or ""))
    form, said = acts[do](request, number, whole_of(request.POST.get("version", "")))
    forget_waiting(request.actor)
    if said:
        return _done(request, number, said)
    panel = panel_of(
        request.actor, number, do=do, form=form, warehouse=request.POST.get("warehouse", "") if do == "ship" else ""
    )
    return _shown(request, panel, status=REFUSED)


def _done(request: SignedInRequest, number: str, said: str) -> HttpResponse:
    if not request.htmx:
        messages.success(request, said)
        return redirect(_order_url(request, number))
    response = _shown(request, panel_of(request.actor, number), said=said)
    response["HX-Push-Url"] = _order_url(request, number)
    return response


def _approve(request: SignedInRequest, number: str, version: int | None) -> tuple[BaseForm, str]:
    form = Form(request.POST)
    form.is_valid()
    command = Approve(number=number, version=version)
    done = attempt(form, lambda: services.approve(actor=request.actor, command=command))
    return form, _("Order %(number)s is approved.") % {"number": number} if done else ""


def _reject(request: SignedInRequest, number: str, version: int | None) -> tuple[BaseForm, str]:
    form = ReasonForm(request.POST)
    done = did(
        form,
        lambda: services.reject(
            actor=request.actor, command=Reject(number=number, reason=form.cleaned_data["reason"], version=version)
        ),
    )
    return form, _("Order %(number)s is rejected; stock and money are free again.") % {"number": number} if done else ""


def _cancel(request: SignedInRequest, number: str, version: int | None) -> tuple[BaseForm, str]:
    form = ReasonForm(request.POST)
    done = did(
        form,
        lambda: services.cancel(
            actor=request.actor, command=Cancel(number=number, reason=form.cleaned_data["reason"], version=version)
        ),
    )
    return form, _("Order %(number)s is cancelled; stock and money are free again.") % {"number": number} if (
        done
    ) else ""


def _allocate(request: SignedInRequest, number: str, version: int | None) -> tuple[BaseForm, str]:
    form = AllocateForm(request.POST, warehouses=own_warehouses(request.actor))
    done = did(
        form,
        lambda: fulfilment.allocate(
            actor=request.actor,
            command=Allocate(number, warehouse_code=form.cleaned_data["warehouse"], version=version),
        ),
    )
    return form, _("The goods of %(number)s are allocated.") % {"number": number} if done else ""


def _ship(request: SignedInRequest, number: str, version: int | None) -> tuple[BaseForm, str]:
    warehouse = request.POST.get("warehouse", "")
    form = _ship_form(request.actor, number, warehouse, request)
    if not form.is_valid():
        return form, ""
    command = Ship(
        order_number=number,
        warehouse_code=warehouse,
        lines=form.wishes(),
        carrier=form.cleaned_data["carrier"],
        tracking_number=form.cleaned_data["tracking"],
        version=version,
    )
    try:
        made = fulfilment.ship(actor=request.actor, command=command)
    except DomainError as refusal:
        if refusal.kind is Kind.MISSING:
            raise
        for fault in refusal.problems():
            form.refuse(fault)
        return form, ""
    return form, _("Shipment %(number)s is under way.") % {"number": made.number}


def _ship_form(actor: Actor, number: str, warehouse: str, request: SignedInRequest) -> ShipForm:
    return ShipForm(request.POST, lines=ready_lines(actor, number), warehouse=warehouse)
