"""The papers that go with the goods, as pages that print: picking lists and delivery notes, several at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core.kernel import clock
from core.kernel.text import normalised
from core.web.requests import SignedInRequest
from frontend.console.doors import staff_page
from frontend.console.shell import shown
from frontend.ui.qr import qr_svg
from ordering.fulfilment.permissions import Permission
from ordering.fulfilment.selectors import DeliveryNote, PickingList, delivery_notes, picking_lists
from ordering.fulfilment.selectors.slips import MOST_PAPERS

PAPERS = {"picking": "console:print_picking", "delivery": "console:print_delivery"}
"""Kinds of paper and the page of each."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of paper with the codes a scanner reads off it."""

    paper: PickingList | DeliveryNote
    codes: tuple[tuple[str, SafeString], ...]


def paper_url(kind: str, numbers: Sequence[str]) -> str:
    """Where a stack of papers is shown; ``numbers`` of orders or shipments."""
    return f"{reverse(PAPERS[kind])}?{urlencode([('number', number) for number in numbers])}"


def _asked(request: SignedInRequest) -> list[str]:
    numbers = (normalised(one)[:30] for one in request.GET.getlist("number"))
    return list(dict.fromkeys(number for number in numbers if number))[:MOST_PAPERS]


@staff_page(permission=Permission.READ)
def print_picking(request: SignedInRequest) -> HttpResponse:
    """What each warehouse brings out for the named orders."""
    numbers = _asked(request)
    sheets = [
        Sheet(one, tuple((order.number, qr_svg(order.number)) for order in one.orders))
        for one in picking_lists(request.actor, numbers)
    ]
    return shown(request, "console/print_picking.html", {"sheets": sheets, "now": clock.now()}, at="shipping")


@staff_page(permission=Permission.READ)
def print_delivery(request: SignedInRequest) -> HttpResponse:
    """The note beside the goods for the named shipments, or for all shipments of the named orders."""
    numbers = _asked(request)
    notes = delivery_notes(request.actor, shipments=numbers, orders=numbers)
    if len(notes) == MOST_PAPERS:
        words = _("These are %(count)s notes, as many as one page holds: print what is missing apart.")
        messages.warning(request, words % {"count": MOST_PAPERS})
    sheets = [Sheet(one, ((one.number, qr_svg(one.number)),)) for one in notes]
    return shown(request, "console/print_delivery.html", {"sheets": sheets, "now": clock.now()}, at="shipping")
