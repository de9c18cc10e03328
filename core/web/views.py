"""Doors that belong to no room: what is answered when nothing else can."""

import sys

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse

from core.kernel.errors import DomainError
from core.kernel.text import N_
from core.web.refusals import refusal_in
from core.web.replies import fault, refused


class BodyTooLarge(DomainError):
    """What was sent is larger than anything that is taken here."""

    code = "request.too_large"
    text = N_("That was larger than %(limit_mb)s MB and was not taken. Make the file smaller, or send fewer at once.")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form is stale or came from elsewhere: a calm page, nothing done."""
    return fault(request, 403, "csrf_failed", {"is_stale_form": True})


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The request cannot be read; one too large to be taken says so."""
    if isinstance(exception, RequestDataTooBig):
        return refused(request, BodyTooLarge(limit_mb=_limit_bytes(request) // 1024 // 1024), status=413)
    return fault(request, 400, "bad_request")


def _limit_bytes(request: HttpRequest) -> int:
    """What was passed: the bound of files, or the lower one of what a form holds besides files."""
    said = request.META.get("CONTENT_LENGTH") or "0"
    is_over_all = said.isdigit() and int(said[:20]) > settings.BODY_MAX_BYTES
    return settings.UPLOAD_MAX_BYTES if is_over_all else settings.DATA_UPLOAD_MAX_MEMORY_SIZE


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
