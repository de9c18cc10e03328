"""Somebody's portals: every brand in which they have a seat, one step from each."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core.db.acts import brand_schema
from core.kernel.text import normalised
from core.web.requests import PageRequest
from frontend.platform.crossing import link_to
from frontend.platform.own import Owner
from frontend.platform.seats import SeatCard, cards_of
from tenants.access.rights import rights_of_person
from tenants.brands.selectors import PortalCard, portals_of
from tenants.people.selectors import person
from tenants.people.sessions import person_in, sign_in_in

WORTH_A_SEARCH = 8
"""From so many ways in on, a search box helps."""


@dataclass(frozen=True, slots=True)
class WayIn:
    """One seat of one brand, and the address that leads to it."""

    name: str
    seal: str
    seat: SeatCard
    is_read_only: bool
    url: str


@dataclass(slots=True)
class House:
    """The ways in that one house opens: a dealer's brands, or with ``is_staff`` the brands somebody works for."""

    name: str
    is_staff: bool
    ways: list[WayIn] = field(default_factory=list)

    @property
    def brand_count(self) -> int:
        """How many brands the ways lead to."""
        return len({(way.seal, way.name) for way in self.ways})


@never_cache
@require_safe
def portals(request: HttpRequest) -> HttpResponse:
    """The portals of the person signed in here, by house; each is entered without another password."""
    page = cast("PageRequest", request)
    person_id, sign_in_id = person_in(page.session), sign_in_in(page.session)
    someone = person(person_id) if person_id else None
    if someone is None or sign_in_id is None:
        return redirect("sign_in")
    ways = [way for card in portals_of(someone.pk) for way in _ways_into(card, someone.pk, sign_in_id)]
    query = normalised(request.GET.get("q", ""))[:60]
    context = {
        "houses": _by_house(way for way in ways if _fits(way, query)),
        "actor": Owner(someone.name),
        "q": query,
        "has_search": len(ways) > WORTH_A_SEARCH or query,
        "has_any": bool(ways),
        "portals_url": reverse("portals"),
    }
    return render(request, "platform/portals.html", context)


def _ways_into(card: PortalCard, person_id: UUID, sign_in_id: UUID) -> list[WayIn]:
    """One way a seat. The brand's own schema knows the seats; a portal without any is left out."""
    with brand_schema(card.schema_name):
        seats = cards_of(rights_of_person(person_id), None)
    is_english = (get_language() or "").startswith("en")
    name = card.name_en if is_english and card.name_en else card.name
    return [
        WayIn(
            name=name,
            seal=card.seal,
            seat=seat,
            is_read_only=card.is_read_only,
            url=link_to(card.host, sign_in_id=sign_in_id, seat_id=str(seat.seat_id) if len(seats) > 1 else ""),
        )
        for seat in seats
    ]


def _fits(way: WayIn, query: str) -> bool:
    return query.casefold() in f"{way.name} {way.seat.dealer_name}".casefold()


def _by_house(ways: Iterable[WayIn]) -> list[House]:
    """Dealers' houses first, each with its brands; then the brands somebody works for."""
    houses: dict[tuple[bool, str], House] = {}
    for way in ways:
        is_staff = way.seat.is_brand
        name = gettext("Brands you work for") if is_staff else way.seat.dealer_name
        houses.setdefault((is_staff, name), House(name, is_staff)).ways.append(way)
    return [houses[key] for key in sorted(houses)]
