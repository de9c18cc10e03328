"""Crossing to another host without a password: the doors on both sides of a ticket (docs/decisions/0006)."""

import hashlib
from typing import cast
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from core.kernel.errors import DomainError, Missing
from core.web.languages import is_known, remember_choice
from core.web.refusals import STATUS, words_of
from core.web.requests import PageRequest
from frontend.platform.answers import with_next
from frontend.platform.arrivals import home_of, is_invited, on_the_platform, seated, wanted
from frontend.platform.entrances import came_here, host_of, is_on_our_ground
from tenants.access.context import portal_words
from tenants.access.errors import NoSeat
from tenants.access.selectors import seats_of
from tenants.brands.addresses import address_of
from tenants.brands.hosts import brand_at
from tenants.people.errors import SignInOver, TicketRefused
from tenants.people.sessions import begin_by_ticket, person_in, sign_in_in
from tenants.people.tickets import NONCE_LENGTH, Crossing, digest, issue_ticket, new_nonce, use_ticket

COOKIE = "__Host-jm-enter" if settings.SESSION_COOKIE_SECURE else "jm-enter"
COOKIE_S = 900
"""Long enough to type a password and a code on the way."""
_CARRIED = ("next", "seat")
"""What travels along, looked at on the target only. What is wanted may be an invitation, and then its link with the
token: between our own hosts in one browser, and worth something to who has proved the invited name alone."""


@never_cache
@sensitive_post_parameters("ticket")
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest) -> HttpResponseBase:
    """The target's side: ask for a ticket, then exchange the one that comes back."""
    page = cast("PageRequest", request)
    if request.method == "POST":
        return _exchange(page)
    if request.GET.get("ticket"):
        return render(page, "platform/enter.html", {"ticket": request.GET["ticket"], "carried": _carried(page)})
    return _here_already(page) or _ask(page)


@never_cache
@require_safe
def ticket(request: HttpRequest) -> HttpResponseBase:
    """The issuer's side: a ticket for a host that is ours, on the way back to it. Whoever is signed out signs in first.

    Raises ``Missing`` for any other host: nobody is led out of the house.
    """
    page = cast("PageRequest", request)
    host = request.GET.get("to", "")
    name = _name_of_target(page, host)
    person_id, sign_in_id = person_in(page.session), sign_in_in(page.session)
    if person_id is None or sign_in_id is None or not is_on_our_ground(page):
        return _ask_password(page)
    text = issue_ticket(
        person_id=person_id, sign_in_id=sign_in_id, host=host, browser_digest=request.GET.get("browser", "")
    )
    url = f"{address_of(host)}{reverse('enter')}?{urlencode({'ticket': text, **_carried(page)})}"
    return render(page, "platform/onward.html", {"url": url, "name": name})


def link_to(host: str, *, sign_in_id: UUID, seat_id: str = "", target: str = "") -> str:
    """Address of the way into a brand's portal for this sign-in; who is in there with it already just goes on."""
    asked = {"for": mark_of(sign_in_id), "seat": seat_id, "next": target}
    return f"{address_of(host)}{reverse('enter')}?{urlencode({name: word for name, word in asked.items() if word})}"


def mark_of(sign_in_id: UUID) -> str:
    """What tells one sign-in from another in an address; nobody gets in by it."""
    return hashlib.sha256(f"sign-in {sign_in_id}".encode()).hexdigest()[:16]


def _carried(page: PageRequest) -> dict[str, str]:
    return {name: page.GET[name][:500] for name in _CARRIED if page.GET.get(name)}


def _here_already(page: PageRequest) -> HttpResponseBase | None:
    """Whoever is signed in here goes on, unless another sign-in or another seat is asked for."""
    person_id = person_in(page.session)
    sign_in_id = sign_in_in(page.session)
    asked_for = page.GET.get("for")
    if person_id is None or sign_in_id is None or (asked_for and asked_for != mark_of(sign_in_id)):
        return None
    if page.brand is None:
        return on_the_platform(page)
    if page.actor is None:
        return None if page.GET.get("seat") else redirect(with_next("choose_seat", page))
    if page.GET.get("seat", str(page.actor.seat_id)) != str(page.actor.seat_id):
        return None
    return redirect(wanted(page) or home_of(page.actor.side))


def _ask(page: PageRequest) -> HttpResponse:
    """Give the browser a nonce of this host and lead it to where its person may be signed in."""
    held = page.COOKIES.get(COOKIE, "")  # two tabs on their way at once have one nonce
    nonce = held if len(held) == NONCE_LENGTH else new_nonce()
    asked = {"to": host_of(page), "browser": digest(nonce), **_carried(page)}
    response = redirect(f"{address_of(_issuer(page))}{reverse('ticket')}?{urlencode(asked)}")
    response.set_cookie(
        COOKIE, nonce, max_age=COOKIE_S, secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax"
    )
    return response


def _issuer(page: PageRequest) -> str:
    """The platform for a brand; for the platform the brand's host somebody comes from. Raises ``Missing``."""
    if page.brand is not None:
        return str(settings.BASE_DOMAIN)
    host = page.GET.get("from", "")
    if not host:
        raise Missing
    _open_brand(host)
    return host


def _name_of_target(page: PageRequest, host: str) -> str:
    """The platform issues tickets to brands, a brand to the platform alone. Raises ``Missing``."""
    if page.brand is not None:
        if host != settings.BASE_DOMAIN:
            raise Missing
        return portal_words(None).name
    return _open_brand(host)


def _open_brand(host: str) -> str:
    brand = brand_at(host) if host == host.lower() else None
    if brand is None or not brand.is_open:
        raise Missing
    return portal_words(brand).name


def _ask_password(page: PageRequest) -> HttpResponse:
    """The platform asks for the password and comes back here; a brand's host leaves that to the platform."""
    if page.brand is None:
        return redirect(f"{reverse('sign_in')}?{urlencode({'next': page.get_full_path()})}")
    onward = urlencode({"next": page.GET.get("next", ""), "not": host_of(page)})
    return redirect(f"{address_of(settings.BASE_DOMAIN)}{reverse('sign_in')}?{onward}")


def _exchange(page: PageRequest) -> HttpResponse:
    nonce = page.COOKIES.get(COOKIE, "")
    try:
        response = _arrived(page, use_ticket(text=page.POST.get("ticket", ""), host=host_of(page), nonce=nonce))
    except (TicketRefused, SignInOver, NoSeat) as refusal:
        response = _refused(page, refusal)
    response.delete_cookie(COOKIE, samesite="Lax")
    return response


def _arrived(page: PageRequest, crossing: Crossing) -> HttpResponse:
    """In by ticket, as by password. Raises ``NoSeat`` where the person has no business with this brand."""
    if page.brand is None:
        begin_by_ticket(page, crossing)
        response = on_the_platform(page)
    else:
        seats = seats_of(crossing.person.pk)
        if not seats and not is_invited(page):
            raise NoSeat(brand=page.brand.name)
        begin_by_ticket(page, crossing)
        response = came_here(page, seated(page, page.brand, seats, seat_id=page.POST.get("seat", "")))
    if is_known(crossing.person.language):
        remember_choice(response, crossing.person.language)
    return response


def _refused(page: PageRequest, refusal: DomainError) -> HttpResponse:
    onward = wanted(page)
    may_try_again = page.brand is not None and not isinstance(refusal, NoSeat)
    again = f"{reverse('enter')}?{urlencode({'next': onward})}" if may_try_again else ""
    context = {"problem": words_of(refusal), "again": again, "next": onward}
    return render(page, "platform/enter_refused.html", context, status=STATUS[refusal.kind])
