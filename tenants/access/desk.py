"""Who sits at the operator's desk: its own cookie, its own kind of session, and a door that knows operators only."""

from typing import cast

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from core.web import logs
from core.web.middleware import Door
from core.web.operators import DeskUser
from core.web.requests import PageRequest
from tenants.people.operators import operator_actor
from tenants.people.sessions import person_in

OPS_HOST = f"ops.{settings.BASE_DOMAIN}"
OPEN = frozenset({"sign_in", "sign_out", "set_language", "theme", "healthz", "readyz", "metrics", "certificate"})
"""Pages of the desk's host that need nobody."""
_DESK = "desk"


def take_desk(session: SessionBase) -> None:
    """Mark the session as one that was begun at the desk's own sign-in: no other session opens it."""
    session[_DESK] = True
    session.set_expiry(settings.DESK_SESSION_S)


def own_cookie(get_response: Door) -> Door:
    """Let the desk keep its session under a cookie name of its own, sent by no other site (``SameSite=Strict``)."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        if not cast("PageRequest", request).is_desk:
            return get_response(request)
        request.COOKIES.pop(settings.SESSION_COOKIE_NAME, None)
        given = request.COOKIES.get(settings.DESK_COOKIE_NAME)
        if given:
            request.COOKIES[settings.SESSION_COOKIE_NAME] = given
        response = get_response(request)
        morsel = response.cookies.pop(settings.SESSION_COOKIE_NAME, None)
        if morsel is not None:
            response.cookies[settings.DESK_COOKIE_NAME] = morsel.value
            response.cookies[settings.DESK_COOKIE_NAME].update(morsel)
            response.cookies[settings.DESK_COOKIE_NAME]["samesite"] = "Strict"
        return response

    return answer


class OperatorDoor:
    """On the desk's host: the operator of the session becomes the actor; without one only the open pages answer."""

    def __init__(self, get_response: Door) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Find the operator: one query a request, so that a dismissed one is out at once."""
        page = cast("PageRequest", request)
        if page.is_desk and settings.SESSION_COOKIE_NAME in request.COOKIES:
            _sit(page)
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: object) -> HttpResponse | None:
        """Turn away whoever is no operator."""
        page = cast("PageRequest", request)
        match = request.resolver_match
        if not page.is_desk or page.actor is not None or (match is not None and match.url_name in OPEN):
            return None
        return redirect("sign_in")


def _sit(page: PageRequest) -> None:
    if page.session.get(_DESK) is not True:
        return
    person_id = person_in(page.session)
    actor = operator_actor(person_id) if person_id else None
    if actor is None:
        page.session.flush()
        return
    page.actor = actor
    page.user = DeskUser(pk=actor.person_id, name=actor.person_name)  # type: ignore[assignment]  # not a row of people
    logs.seat.set(str(actor.seat_id))
