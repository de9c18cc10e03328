"""The door of one's own pages: they need a person, not a seat, and are the same on every host."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache

from core.kernel.actor import Side
from core.web.doors import to_sign_in
from core.web.requests import PageRequest
from frontend.ui.shapes import Crumb
from tenants.people.selectors import OwnFacts
from tenants.people.sessions import person_in

OwnPage = Callable[[PageRequest, UUID], HttpResponse]


@dataclass(frozen=True, slots=True)
class Owner:
    """The person as the head of the page shows them where they sit in no seat."""

    person_name: str


def own(*methods: str) -> Callable[[OwnPage], Callable[[HttpRequest], HttpResponse]]:
    """Let only somebody signed in through, whose id the page gets: there is nobody else's to ask for."""
    answered = {*methods, "HEAD"} if "GET" in methods else set(methods)

    def decorate(view: OwnPage) -> Callable[[HttpRequest], HttpResponse]:
        @never_cache
        @wraps(view)
        def answer(request: HttpRequest) -> HttpResponse:
            if request.method not in answered:
                return HttpResponseNotAllowed(sorted(answered))
            page = cast("PageRequest", request)
            person_id = person_in(page.session)
            return to_sign_in(page) if person_id is None else view(page, person_id)

        # Read by the tests that walk every address with every role.
        answer.methods = frozenset(methods)  # type: ignore[attr-defined]  # functions take attributes
        return answer

    return decorate


def own_page(page: PageRequest, facts: OwnFacts) -> dict[str, object]:
    """What every page of one's own needs: whom the head shows, and the way back to work."""
    crumbs = [_way_back(page)]
    if page.path_info != reverse("profile"):
        crumbs.append(Crumb(gettext("My sign-in"), reverse("profile")))
    return {"actor": page.actor or Owner(facts.name), "crumbs": crumbs}


def _way_back(page: PageRequest) -> Crumb:
    if page.brand is None:
        return Crumb(gettext("Your brands"), "/portals/")
    is_staff = page.actor is not None and page.actor.side is Side.BRAND
    return Crumb(gettext("Back to the portal"), "/console/" if is_staff else "/")
