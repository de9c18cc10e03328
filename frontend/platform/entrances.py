"""Brands' hosts somebody came in at with this browser: the platform offers to ask there, before it asks for a password.

One signed cookie that our own hosts share, sent to their sign-in pages alone. It names hosts and opens nothing: whether
somebody is signed in there still, only that host knows (docs/decisions/0006).
"""

from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlencode

from django.conf import settings
from django.core import signing
from django.http import HttpResponse
from django.urls import reverse

from core.web.requests import PageRequest
from frontend.platform.arrivals import wanted
from tenants.access.context import portal_words
from tenants.brands.hosts import brand_at

COOKIE = "__Secure-jm-came" if settings.SESSION_COOKIE_SECURE else "jm-came"
LASTS_S = 90 * 24 * 3600
MOST = 4
"""Hosts, the latest first."""
_SALT = "frontend.platform.entrances"

Answer = TypeVar("Answer", bound=HttpResponse)


@dataclass(frozen=True, slots=True)
class Entrance:
    """A brand somebody may be signed in at, and the way over from there."""

    name: str
    url: str


def is_on_our_ground(page: PageRequest) -> bool:
    """Whether the host lies below our own domain. A customer's may be pointed elsewhere any day: what a browser shows
    there (a session) must open nothing but that brand.
    """
    return f".{host_of(page)}".endswith(f".{settings.BASE_DOMAIN}")


def host_of(page: PageRequest) -> str:
    """The host asked, without its port."""
    return page.get_host().partition(":")[0].rstrip(".").lower()


def came_here(page: PageRequest, response: Answer) -> Answer:
    """Note that somebody came in at this brand's host, where it is one of ours."""
    if page.brand is None or not is_on_our_ground(page):
        return response
    host = host_of(page)
    hosts = [host, *(known for known in _read(page) if known != host)][:MOST]
    response.set_cookie(
        COOKIE,
        signing.dumps(hosts, salt=_SALT, compress=True),
        max_age=LASTS_S,
        domain=settings.BASE_DOMAIN,
        path=reverse("sign_in"),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def entrances(page: PageRequest) -> list[Entrance]:
    """Where to ask before the password is, on the platform's own sign-in page; not where there was nobody (``not``)."""
    if page.brand is not None:
        return []
    empty, target = page.GET.get("not", ""), wanted(page)
    found = []
    for host in _read(page):
        brand = brand_at(host) if host != empty else None
        if brand is not None and brand.is_open:
            asked = urlencode({"from": host, **({"next": target} if target else {})})
            found.append(Entrance(portal_words(brand).name, f"{reverse('enter')}?{asked}"))
    return found


def _read(page: PageRequest) -> list[str]:
    try:
        hosts = signing.loads(page.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=LASTS_S)
    except signing.BadSignature:
        return []
    return [str(host) for host in hosts]
