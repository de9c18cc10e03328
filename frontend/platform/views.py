"""The platform's own pages: what it is, and where someone may go from here."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from frontend.platform.shelf import SHELF
from tenants.brands.addresses import address_of
from tenants.brands.selectors import PortalCard, portals_of
from tenants.people.selectors import person
from tenants.people.sessions import person_in


@require_safe
def landing(request: HttpRequest) -> HttpResponse:
    """What the platform does, for a distillery that would send it to its dealers."""
    return render(request, "platform/landing.html", {"shelf": SHELF})


@dataclass(frozen=True, slots=True)
class Visitor:
    """Someone signed in on the platform, where nobody sits in a seat, as the head of the page shows them."""

    person_name: str


@dataclass(frozen=True, slots=True)
class PortalLink:
    """A portal as a link to its own host."""

    name: str
    seal: str
    url: str
    is_brand: bool
    is_dealer: bool


@never_cache
@require_safe
def portals(request: HttpRequest) -> HttpResponse:
    """The portals of the person signed in here; each asks for the password on its own host."""
    person_id = person_in(request.session)
    someone = person(person_id) if person_id else None
    if someone is None:
        return redirect("sign_in")
    links = [_link(card) for card in portals_of(someone.pk)]
    return render(request, "platform/portals.html", {"links": links, "actor": Visitor(someone.name)})


def _link(card: PortalCard) -> PortalLink:
    is_english = (get_language() or "").startswith("en")
    return PortalLink(
        name=card.name_en if is_english and card.name_en else card.name,
        seal=card.seal,
        url=f"{address_of(card.host)}/",
        is_brand="brand" in card.sides,
        is_dealer="dealer" in card.sides,
    )
