"""Doors that belong to no room: what is answered when nothing else can."""

import sys

from django.http import HttpRequest, HttpResponse

from core.web.refusals import refusal_in
from core.web.replies import fault, refused


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form is stale or came from elsewhere: a calm page, nothing done."""
    return fault(request, 403, "csrf_failed", {"is_stale_form": True})


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The request cannot be read."""
    return fault(request, 400, "bad_request")


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django itself refused."""
    return fault(request, 403, "forbidden")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """No such address."""
    return fault(request, 404, "missing")


def server_error(request: HttpRequest) -> HttpResponse:
    """A bug, or a refusal raised where no page could catch it (a middleware while the database is away)."""
    error = sys.exc_info()[1]
    refusal = refusal_in(error) if error is not None else None
    if refusal is not None:
        return refused(request, refusal)
    return fault(request, 500, "server_error")
