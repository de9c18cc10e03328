"""From the host to the brand, from the session to the seat. After these two a page knows where and who."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import translation

from core.db.acts import connection
from core.kernel.brand import BrandFacts
from core.web import health, logs
from core.web.languages import language_of
from core.web.middleware import Door
from core.web.replies import fault
from core.web.requests import PageRequest
from tenants.access import second_factor
from tenants.access.actors import actor_with
from tenants.access.desk import OPS_HOST
from tenants.access.rights import rights_on
from tenants.access.sessions import leave_seat, seat_in
from tenants.brands.hosts import brand_at
from tenants.people.sessions import person_in

PLATFORM_HOSTS = frozenset({settings.BASE_DOMAIN, f"www.{settings.BASE_DOMAIN}"})


def host_to_brand(get_response: Door) -> Door:
    """Let a brand's host see that brand's schema alone, the platform's hosts the public one, other hosts nothing.

    The path is public again when the answer is complete, streamed ones included.
    """

    def answer(request: HttpRequest) -> HttpResponseBase:
        page = cast("PageRequest", request)
        page.brand, page.actor, page.roles, page.seat_count = None, None, (), 0
        connection.set_schema_to_public()
        host = _host(request)
        page.is_desk = host == OPS_HOST
        if page.is_desk:
            request.urlconf = settings.URLCONF_OPS
        if page.is_desk or host in PLATFORM_HOSTS or request.path_info in health.PATHS:
            return get_response(request)
        brand = brand_at(host) if host else None
        if brand is None:
            translation.activate(language_of(page))
            return fault(request, 404, "host.unknown")
        page.brand = brand
        if not brand.is_open:
            return _closed(page, brand)
        request.urlconf = settings.URLCONF_BRAND
        logs.schema.set(brand.schema_name)
        with _inside(brand):
            response = get_response(request)
        if isinstance(response, StreamingHttpResponse) and not isinstance(response, FileResponse):
            response.streaming_content = _streamed(brand, cast("Iterator[bytes]", response.streaming_content))
        return response

    return answer


def _host(request: HttpRequest) -> str:
    try:
        return request.get_host().partition(":")[0].rstrip(".").lower()
    except DisallowedHost:
        return ""


@contextmanager
def _inside(brand: BrandFacts) -> Iterator[None]:
    connection.set_tenant(brand, include_public=False)
    try:
        yield
    finally:
        connection.set_schema_to_public()


def _streamed(brand: BrandFacts, parts: Iterator[bytes]) -> Iterator[bytes]:
    """Every part is made inside the brand's schema; between the parts the thread may serve others."""
    while True:
        with _inside(brand):
            part = next(parts, None)
        if part is None:
            return
        yield part


def _closed(request: PageRequest, brand: BrandFacts) -> HttpResponse:
    """The calm page of a suspended brand, or of one still being set up."""
    translation.activate(language_of(request))
    if request.path_info.startswith("/api/"):
        return fault(request, 503, "brand.suspended")
    return render(request, "ui/suspended.html", {"state": brand.state, "reason": brand.state_reason}, status=503)


def seat_to_actor(get_response: Door) -> Door:
    """Build the Actor of a signed-in person's seat: one query, asked anew each time, so a closed seat ends at once.

    Staff who owe their brand a second factor get none, and are led to the page that asks for it.
    """

    def answer(request: HttpRequest) -> HttpResponseBase:
        page = cast("PageRequest", request)
        if page.brand is not None and _has_session(request):
            _seat(page, page.brand)
            if page.actor is not None and second_factor.is_owed(page, page.actor, page.brand):
                page.actor, page.roles = None, ()
                led_away = second_factor.way_to_prove(page)
                if led_away is not None:
                    return led_away
        return get_response(request)

    return answer


def _has_session(request: HttpRequest) -> bool:
    """Whether a session's cookie came, and no token that speaks for itself."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES and "Authorization" not in request.headers


def _seat(page: PageRequest, brand: BrandFacts) -> None:
    person_id = person_in(page.session)
    seat_id = seat_in(page.session, brand) if person_id else None
    if person_id is None or seat_id is None:
        return
    rights = rights_on(seat_id, person_id=person_id)
    if rights is None:
        leave_seat(page.session)
        return
    page.actor, page.roles, page.seat_count = actor_with(rights, brand), rights.role_words, rights.seat_count
    logs.seat.set(str(rights.seat.pk))
