"""The order desk: list beside detail, every act without leaving the page."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.kernel import clock
from core.kernel.text import whole_of
from core.web.refusals import words_of
from core.web.requests import SignedInRequest
from frontend.console.doors import form_page, staff_page
from frontend.console.forms.shipping import TOGETHER
from frontend.console.lists import ticked
from frontend.console.orderlist import SHIPPING_VIEWS, Told, figures_context, list_context, list_url, order_url, row_of
from frontend.console.orderpanel import Panel, panel_of
from frontend.console.orderwords import deed_words
from frontend.console.shell import forget_waiting, rail_of, shown
from frontend.console.views.orderacts import ACTS, Done
from frontend.console.views.slips import PAPERS, paper_url
from frontend.ui.refusals import REFUSED
from ordering.fulfilment.permissions import Permission as FulfilmentPermission
from ordering.fulfilment.services import ShipEverything, ship_each
from ordering.orders.permissions import Permission
from ordering.orders.selectors import OrderFilters
from ordering.orders.selectors.deeds import last_deeds
from ordering.orders.selectors.desk import sales_of
from ordering.orders.selectors.filters import in_view, narrowed
from ordering.orders.services import Approve, Outcome, approve_each
from ordering.orders.services.bulk import MOST_AT_ONCE

DETAIL, LIST = "desk-detail", "desk-list"
"""Ids of the two halves of the desk that htmx swaps."""


@form_page(permission=Permission.READ)
def orders(request: SignedInRequest) -> HttpResponse:
    """The list with nothing opened; POST approves, ships or prints the ticked orders."""
    if request.method == "POST":
        return _bulk(request)
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
    asked = request.GET
    panel = panel_of(
        request.actor,
        number,
        do=asked.get("do", ""),
        warehouse=asked.get("warehouse", ""),
        shows_then=asked.get("show") == "then",
    )
    return _shown(request, panel)


# the list ------------------------------------------------------------------------------------------


def _desk(
    request: SignedInRequest, panel: Panel | None, *, status: int = 200, told: Sequence[Told] = ()
) -> HttpResponse:
    context = {**list_context(request, (panel.order.number or "") if panel else "", told), "panel": panel}
    if request.htmx and request.htmx.target == LIST:
        again = {"nav": rail_of(request.actor, _at(request))} if told else {}
        return render(request, "console/parts/order_list_reply.html", {**context, **again}, status=status)
    context |= {**_panel_context(request, panel), "keys": _keys()}
    return shown(request, "console/orders.html", context, at=_at(request), status=status)


def _at(request: SignedInRequest) -> str:
    """The entry of the rail the list belongs to."""
    return "shipping" if OrderFilters.of(request.GET.dict()).view in SHIPPING_VIEWS else "orders"


def _keys() -> list[tuple[str, str]]:
    """What the keys of the desk do once an order is opened; they stand in the list of keys before one is."""
    return [
        ("a", _("Approve the opened order")),
        ("r", _("Reject it")),
        ("e", _("Change it before its approval")),
        ("l", _("Allocate its goods")),
        ("s", _("Ship")),
        ("p", _("Print its papers")),
        ("n", _("Write a note among colleagues")),
        ("c", _("Close what is left of it")),
        ("A", _("Approve the ticked orders")),
        ("S", _("Ship the ticked orders")),
        ("P", _("Picking lists of the ticked orders")),
    ]


def _bulk(request: SignedInRequest) -> HttpResponse:
    """Do one thing to every ticked order, each by itself; what became of each is told row by row."""
    do = request.POST.get("act", "approve")
    named, is_more = ticked(request, "number", lambda most: _matching(request, most), most=MOST_AT_ONCE)
    wanted = [_tick(one) for one in named]
    if not wanted:
        messages.warning(request, _("Tick at least one order first."))
        return _desk(request, None, status=REFUSED)
    if is_more:
        words = ngettext(
            "Only the first %(count)s order was taken; send the rest again.",
            "Only the first %(count)s orders were taken; send the rest again.",
            MOST_AT_ONCE,
        )
        messages.warning(request, words % {"count": MOST_AT_ONCE})
    if do in PAPERS:
        return _to_paper(request, do, [number for number, _version in wanted])
    if do == "ship":
        found = ship_each(
            actor=request.actor,
            commands=[ShipEverything(number, version=version) for number, version in wanted],
        )
    else:
        found = approve_each(actor=request.actor, commands=[Approve(number, version) for number, version in wanted])
    forget_waiting(request.actor)
    told = _told(request, found, is_shipping=do == "ship")
    return _desk(request, None, status=200 if all(one.is_done for one in told) else REFUSED, told=told)


def _to_paper(request: SignedInRequest, do: str, numbers: Sequence[str]) -> HttpResponse:
    url = paper_url(do, numbers)
    if not request.htmx:
        return redirect(url)
    response = HttpResponse(status=204)
    response["HX-Redirect"] = url
    return response


def _matching(request: SignedInRequest, most: int) -> list[str]:
    filters = OrderFilters.of(request.GET.dict())
    found = sales_of(request.actor).filter(narrowed(request.actor, filters), in_view(filters.view, clock.now()))
    rows = found.order_by("approve_by", "pk").values_list("number", "version")[:most]
    return [f"{number}:{version}" for number, version in rows]


def _tick(text: str) -> tuple[str, int | None]:
    """A tick is a number, and the version the row was shown with."""
    number, _colon, version = text.partition(":")
    return number, whole_of(version)


def _told(request: SignedInRequest, found: Sequence[Outcome], *, is_shipping: bool) -> list[Told]:
    """Each outcome in words; who was there first where somebody was."""
    deeds = last_deeds(request.actor, [one.number for one in found if one.refusal])
    told = []
    for one in found:
        if one.refusal is None:
            said = _("Shipped: %(number)s") % {"number": ", ".join(one.made)} if is_shipping else _("Approved")
            told.append(Told(one.number, True, said))
        else:
            who = deed_words(deeds.get(one.number), request.actor.person_id)
            told.append(Told(one.number, False, words_of(one.refusal), who))
    return told


# the detail ------------------------------------------------------------------------------------------


def _panel_context(request: SignedInRequest, panel: Panel | None) -> dict[str, Any]:
    if panel is None:
        return {}
    number = panel.order.number or ""
    acts = ("reject", "allocate", "ship", "cancel", "close", "note")
    papers = []
    if panel.can_print_list:
        papers.append((paper_url("picking", [number]), _("Picking list")))
    if panel.can_print_notes:
        papers.append((paper_url("delivery", [number]), _("Delivery notes")))
    return {
        "urls": {do: order_url(request, number, do=do) for do in acts},
        "then_url": order_url(request, number, show="then"),
        "order_url": order_url(request, number),
        "list_url": list_url(request),
        "papers": papers,
        "warehouse_urls": [
            (one, kept, order_url(request, number, do="ship", warehouse=one.code)) for one, kept in panel.warehouses
        ],
        "together_url": order_url(request, number, do="ship", warehouse=TOGETHER),
        "shipment_urls": [
            (one, order_url(request, number, do=f"carrier:{one.number}"), paper_url("delivery", [one.number]))
            for one in panel.shipments
        ],
    }


def _shown(request: SignedInRequest, panel: Panel, *, said: str = "", status: int = 200) -> HttpResponse:
    """The whole desk, or for htmx the detail alone (and after an act the row of the list beside it)."""
    if not (request.htmx and request.htmx.target == DETAIL):
        return _desk(request, panel, status=status)
    acted = request.method == "POST" and (said or panel.overtaken)
    figures = {**figures_context(request), "nav": rail_of(request.actor, _at(request))} if acted else {}
    context = {
        **figures,
        "panel": panel,
        "said": said,
        "row": row_of(request, panel.desk, panel.order.number or "") if said or panel.overtaken else None,
        "may_approve": request.actor.can(Permission.APPROVE),
        "may_ship": request.actor.can(FulfilmentPermission.SHIP),
        **_panel_context(request, panel),
    }
    return render(request, "console/parts/order_reply.html", context, status=status)


def _act(request: SignedInRequest, number: str) -> HttpResponse:
    do = request.POST.get("act", "")
    if do not in ACTS:
        return redirect(order_url(request, panel_of(request.actor, number).order.number or ""))
    done = ACTS[do](request, number, whole_of(request.POST.get("version", "")))
    forget_waiting(request.actor)
    if done.said:
        return _done(request, number, done.said)
    return _shown(request, _refused(request, number, do, done), status=REFUSED)


def _refused(request: SignedInRequest, number: str, do: str, done: Done) -> Panel:
    """The detail with the refused form open; where somebody else was first, who and when."""
    deed = last_deeds(request.actor, [number]).get(number) if done.is_overtaken else None
    overtaken = deed_words(deed, request.actor.person_id)
    warehouse = request.POST.get("warehouse", "") if do == "ship" else ""
    return panel_of(request.actor, number, do=do, form=done.form, warehouse=warehouse, overtaken=overtaken)


def _done(request: SignedInRequest, number: str, said: str) -> HttpResponse:
    if not request.htmx:
        messages.success(request, said)
        return redirect(order_url(request, number))
    response = _shown(request, panel_of(request.actor, number), said=said)
    response["HX-Push-Url"] = order_url(request, number)
    return response
