"""Signing for a shipment (签收): all of it in one tap, or line by line what is missing or broken."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from core.kernel.actor import Side
from core.kernel.errors import DomainError
from core.web.doors import page
from core.web.requests import SignedInRequest
from frontend.storefront.faults import Said, said
from frontend.storefront.quantities import quantity_of
from frontend.storefront.shell import shown
from frontend.ui.shapes import Crumb
from ordering.fulfilment.permissions import Permission
from ordering.fulfilment.rules import Wish
from ordering.fulfilment.selectors import ShipmentCard, shipment
from ordering.fulfilment.services import Receive, receive


@page(permission=Permission.READ, side=Side.DEALER, methods=("GET", "POST"))
def receive_shipment(request: SignedInRequest, number: str) -> HttpResponse:
    """Show what came, or sign for it."""
    found = shipment(request.actor, number)
    if found.buyer_id != request.actor.dealer_id:
        return redirect("storefront:sale", number=found.order_number)
    if request.method != "POST":
        return _page(request, found)
    try:
        lines = () if request.POST.get("all") else _arrived(request, found)
        note = request.POST.get("note", "")
        signed = receive(actor=request.actor, command=Receive(number, lines, note=note))
    except DomainError as refusal:
        return _page(request, found, tuple(said(fault) for fault in refusal.problems()), status=422)
    text = _("Shipment %(number)s is signed for.") % {"number": number}
    if signed.short_bottles:
        text = _("Shipment %(number)s is signed for; what is missing has been claimed.") % {"number": number}
    messages.success(request, text)
    return redirect("storefront:order", number=signed.order_number)


def _arrived(request: SignedInRequest, found: ShipmentCard) -> tuple[Wish, ...]:
    """How many bottles of each line arrived: what was shipped less what is said to be missing.

    More missing than was shipped is a slip of the finger: the verb refuses it.
    """
    wishes = []
    for line in found.lines:
        missing = quantity_of(request.POST.get(f"missing-{line.line_no}", ""))
        if missing:
            wishes.append(Wish(line.line_no, line.bottles - missing))
    return tuple(wishes)


def _page(
    request: SignedInRequest, found: ShipmentCard, faults: tuple[Said, ...] = (), status: int = 200
) -> HttpResponse:
    orders_url, order_url = reverse("storefront:orders"), reverse("storefront:order", args=[found.order_number])
    typed = {line.line_no: request.POST.get(f"missing-{line.line_no}", "")[:20] for line in found.lines}
    context = {
        "shipment": found,
        "lines": [(line, typed[line.line_no]) for line in found.lines],
        "note": request.POST.get("note", ""),
        "faults": faults,
        "can_sign": found.is_to_sign and request.actor.can(Permission.RECEIVE),
        "crumbs": [Crumb(_("Orders"), orders_url), Crumb(found.order_number, order_url), Crumb(found.number)],
    }
    return shown(request, "storefront/receive.html", context, at="orders", status=status)
