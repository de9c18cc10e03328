"""The answers that belong to no room: refusals and faults as page, fragment or problem document."""

from collections.abc import Mapping

import orjson
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from core.kernel.errors import DomainError
from core.web.refusals import RETRY_AFTER_S, STATUS, TITLES, Problem, problem, problem_of, words_of

API_PREFIX = "/api/"
PROBLEM_TYPE = "application/problem+json"


def wants_problem(request: HttpRequest) -> bool:
    """Whether the caller is a program: it asked below /api/."""
    return request.path_info.startswith(API_PREFIX)


def request_id_of(request: HttpRequest) -> str:
    """The id of the request, empty before it has one."""
    return getattr(request, "request_id", "")


def problem_reply(document: Problem) -> HttpResponse:
    """A problem document as an answer."""
    response = HttpResponse(orjson.dumps(document.as_dict()), content_type=PROBLEM_TYPE, status=document.status)
    return _with_retry(response)


def refused(request: HttpRequest, error: DomainError, status: int | None = None) -> HttpResponse:
    """The refusal as the caller can read it: problem document, HTMX fragment or page.

    ``status`` where HTTP has a nearer word than the one of the refusal's kind.
    """
    status = status or STATUS[error.kind]
    if wants_problem(request):
        document = problem_of(error, instance=request.path, request_id=request_id_of(request), status=status)
        return problem_reply(document)
    context = {
        "problem": words_of(error),
        "error": error,
        "faults": _faults(error),
        "request_id": request_id_of(request),
    }
    if getattr(request, "htmx", False):
        response = render(request, "web/refusal_fragment.html", context, status=status)
        response["HX-Reswap"] = "none"  # said in a toast: what the reader sees stays as it is
        return _with_retry(response)
    page = "web/refusal.html" if status in {413, 422} else f"{status}.html"
    return _with_retry(render(request, page, context, status=status))


def fault(request: HttpRequest, status: int, code: str, context: Mapping[str, object] | None = None) -> HttpResponse:
    """A fault that is no refusal (404 of an address, 500, 403 of a forged form …)."""
    if wants_problem(request):
        title = gettext(TITLES[status])
        return problem_reply(problem(status, code, title, instance=request.path, request_id=request_id_of(request)))
    shown = {**(context or {}), "request_id": request_id_of(request)}
    return _with_retry(render(request, f"{status}.html", shown, status=status))


def _faults(error: DomainError) -> list[tuple[int | None, str]]:
    faults = error.problems()
    return [(one.line, words_of(one)) for one in faults] if len(faults) > 1 or faults[0].line else []


def _with_retry(response: HttpResponse) -> HttpResponse:
    if response.status_code == 503:
        response["Retry-After"] = str(RETRY_AFTER_S)
    return response
