"""Where somebody lands who has just come in, by whichever door: the wanted page, their seat, or the choice of one."""

from collections.abc import Sequence
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from core.kernel.brand import BrandFacts
from core.web.requests import PageRequest
from tenants.access.models import Seat
from tenants.access.sessions import sit_down
from tenants.brands.services import note_portal


def wanted(page: PageRequest) -> str:
    """``next`` when it is a page of this very host, else empty: nobody is sent elsewhere."""
    target = page.POST.get("next") or page.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(target, allowed_hosts=None, require_https=page.is_secure())
    return target if is_ours and target.startswith("/") else ""


def is_invited(page: PageRequest) -> bool:
    """Whether somebody is on the way to an invitation: they sign in before they have a seat."""
    return wanted(page).startswith("/invitation/")


def home_of(side: str) -> str:
    """The first page of a seat."""
    return "/console/" if side == Seat.Side.BRAND else "/"


def on_the_platform(page: PageRequest) -> HttpResponse:
    """Somebody signed in on the platform's host goes on to what they wanted, else to their portals."""
    return redirect(wanted(page) or reverse("portals"))


def seated(page: PageRequest, brand: BrandFacts, seats: Sequence[Seat], *, seat_id: str = "") -> HttpResponse:
    """Sit down where there is one seat or ``seat_id`` is one of them, else ask for a choice.

    Without any seat only somebody invited gets here: on to the invitation.
    """
    if not seats:
        return redirect(wanted(page) if is_invited(page) else reverse("choose_seat"))
    for side in {seat.side for seat in seats}:
        note_portal(schema_name=brand.schema_name, person_id=seats[0].person_id, side=side)
    chosen = next((seat for seat in seats if str(seat.pk) == seat_id), seats[0] if len(seats) == 1 else None)
    if chosen is not None:
        sit_down(page, brand, chosen)
        return redirect(wanted(page) or home_of(chosen.side))
    target = wanted(page)
    return redirect(f"{reverse('choose_seat')}?{urlencode({'next': target})}" if target else reverse("choose_seat"))
