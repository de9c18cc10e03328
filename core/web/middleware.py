"""Around every request: its record, its language, and the refusals that come out of it."""

import logging
import re
import secrets
import time
from collections.abc import Callable
from typing import Any, cast
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.utils import timezone, translation

from core.db.acts import connection
from core.kernel import clock
from core.web import logs
from core.web.languages import language_of
from core.web.metrics import REQUESTS, STATEMENTS, note_pool
from core.web.refusals import is_worth_a_trace, refusal_in
from core.web.replies import fault, refused
from core.web.requests import PageRequest
from core.web.routes import PROBES, route_of
from core.web.telemetry import Traced, Value, traced

Door = Callable[[HttpRequest], HttpResponseBase]
log = logging.getLogger("jiumai.request")

_GIVEN_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")


class Statements:
    """Counts what is sent to PostgreSQL while it wraps a connection's execution."""

    __slots__ = ("count",)

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        """Count one statement and let it through."""
        self.count += 1
        return execute(sql, params, many, context)


def request_record(get_response: Door) -> Door:
    """Give the request an id, time it, count it by route and write one log line."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        started = time.perf_counter()
        given = request.headers.get("X-Request-ID", "")
        request_id = given if _GIVEN_ID.fullmatch(given) else secrets.token_hex(8)
        cast("PageRequest", request).request_id = request_id
        for name, value in ((logs.request_id, request_id), (logs.schema, "-"), (logs.seat, "-")):
            name.set(value)
        statements = Statements()
        parent = {"traceparent": request.headers.get("traceparent", "")}
        with connection.execute_wrapper(statements), traced("request", carrier=parent) as span:
            response = get_response(request)
            response["X-Request-ID"] = request_id
            _note(request, response.status_code, time.perf_counter() - started, statements.count, span)
        return response

    return answer


def _note(request: HttpRequest, status: int, seconds: float, statements: int, span: Traced) -> None:
    method, route, ms = request.method or "", route_of(request), round(seconds * 1000, 1)
    REQUESTS.labels(method, route, status).observe(seconds)
    STATEMENTS.labels(route).observe(statements)
    note_pool()
    facts: dict[str, Value] = {"method": method, "route": route, "status": status, "ms": ms, "statements": statements}
    log.log(_level(route), "%s %s %d %.1f ms", method, route, status, ms, extra=facts)
    who: dict[str, Value] = {"jiumai.request_id": logs.request_id.get(), "jiumai.schema": logs.schema.get()}
    words: dict[str, Value] = {"http.request.method": method, "http.route": route, "http.response.status_code": status}
    span.tell(f"{method} {route}", {**who, **words, "jiumai.statements": statements}, is_fault=status >= 500)


def _level(route: str) -> int:
    """A page's twenty files and the probes of a proxy would drown what people did."""
    return logging.DEBUG if route == "static" or route in PROBES else logging.INFO


def language(get_response: Door) -> Door:
    """Speak the reader's language; show instants, and count days, in the portal's time zone."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        page = cast("PageRequest", request)
        code = language_of(page)
        translation.activate(code)
        request.LANGUAGE_CODE = code
        zone = page.brand.time_zone if page.brand else clock.SHANGHAI
        timezone.activate(ZoneInfo(zone))
        with clock.in_zone(zone):
            response = get_response(request)
        response.headers.setdefault("Content-Language", code)
        return response

    return answer


def bounded(get_response: Door) -> Door:
    """Refuse a body larger than any upload before a byte of it is read: a form's files go to the disk as they come,
    whoever sends them. Operators alone send more (a brand's archive).
    """

    def answer(request: HttpRequest) -> HttpResponseBase:
        page = cast("PageRequest", request)
        said = request.META.get("CONTENT_LENGTH") or "0"
        is_operator = page.is_desk and page.actor is not None
        if not is_operator and said.isdigit() and int(said[:20]) > settings.BODY_MAX_BYTES:
            raise RequestDataTooBig(f"a body of {said[:20]} bytes")
        return get_response(request)

    return answer


class Refusals:
    """Turns a refusal raised by a page into its page or HTMX fragment; a bug goes on and ends as a 500.

    An address opened in a way it does not answer gets a page too: the frame's own answer is empty.
    """

    def __init__(self, get_response: Door) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Let it through; Django calls ``process_exception`` by itself."""
        response = self.get_response(request)
        if not isinstance(response, HttpResponseNotAllowed) or response.content:
            return response
        shown = fault(request, 405, "method_not_allowed")
        shown["Allow"] = response["Allow"]
        return shown

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer a refusal; None lets a bug pass."""
        refusal = refusal_in(error)
        if refusal is None:
            return None
        if is_worth_a_trace(error):
            log.warning("%s behind %s", type(error).__name__, refusal.code, exc_info=error)
        return refused(cast("PageRequest", request), refusal)
