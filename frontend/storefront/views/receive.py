"""Signing for a shipment (签收): all of it in one tap, or line by line what is missing or broken."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from core.kernel.actor import Side
from core.kernel.errors import DomainError, refuse_all
from core.kernel.text import N_
from core.web.doors import page
from core.web.requests import SignedInRequest
from frontend.storefront.faults import said
from frontend.storefront.quantities import quantity_of
from frontend.storefront.shell import shown
from frontend.ui.shapes import Crumb
from ordering.fulfilment.permissions import Permission
from ordering.fulfilment.rules import Wish
from ordering.fulfilment.selectors import ShipmentCard, shipment
from ordering.fulfilment.services import Receive, receive


class MissingTooMuch(DomainError):
    """More cannot be missing than was shipped; ``shipped`` in bottles."""

    code = "receipt.missing_too_much"
    text = N_("Only %(shipped)s bottles were shipped; more cannot be missing.")


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
        return _page(request, found, refusal.problems(), status=422)
    text = _("Shipment %(number)s is signed for.") % {"number": number}
    if signed.short_bottles:
        text = _("Shipment %(number)s is signed for; what is missing has been claimed.") % {"number": number}
    messages.success(request, text)
    return redirect("storefront:order", number=signed.order_number)


def _arrived(request: SignedInRequest, found: ShipmentCard) -> tuple[Wish, ...]:
    """How many bottles of each line arrived: what was shipped less what is said to be missing.

    Refuses, by line, what is no number and more than was shipped: a slip of the finger must not become a claim.
    """
    wishes: list[Wish] = []
    faults: list[DomainError] = []
    for line in found.lines:
        try:
            missing = quantity_of(request.POST.get(f"missing-{line.line_no}", ""))
            if missing > line.bottles:
                raise MissingTooMuch(shipped=line.bottles)
        except DomainError as fault:
            fault.line = line.line_no
            faults.append(fault)
            continue
        if missing:
            wishes.append(Wish(line.line_no, line.bottles - missing))
    refuse_all(faults)
    return tuple(wishes)


def _page(
    request: SignedInRequest, found: ShipmentCard, faults: Sequence[DomainError] = (), status: int = 200
) -> HttpResponse:
    orders_url, order_url = reverse("storefront:orders"), reverse("storefront:order", args=[found.order_number])
    typed = {line.line_no: request.POST.get(f"missing-{line.line_no}", "")[:20] for line in found.lines}
    at_line = {fault.line: said(fault).text for fault in faults if fault.line in typed}
    context = {
        "shipment": found,
        "lines": [(line, typed[line.line_no], at_line.get(line.line_no, "")) for line in found.lines],
        "note": request.POST.get("note", ""),
        "faults": [said(fault) for fault in faults if fault.line not in typed],
        "is_refused": bool(at_line),
        "can_sign": found.is_to_sign and request.actor.can(Permission.RECEIVE),
        "crumbs": [Crumb(_("Orders"), orders_url), Crumb(found.order_number, order_url), Crumb(found.number)],
    }
    return shown(request, "storefront/receive.html", context, at="orders", status=status)
