"""The API's way in and out: strict JSON, orjson, and every error as ``application/problem+json``."""

import logging
from collections.abc import Iterator, Mapping
from typing import IO, Any, cast

import orjson
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404
from django.utils.encoding import force_str
from django.utils.functional import Promise
from django.utils.translation import gettext
from rest_framework import exceptions, status
from rest_framework.exceptions import ErrorDetail, ParseError
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from core.kernel.actor import Actor
from core.kernel.text import N_
from core.web.refusals import (
    RETRY_AFTER_S,
    TITLES,
    Fault,
    Problem,
    is_worth_a_trace,
    problem,
    problem_of,
    refusal_in,
)
from core.web.replies import PROBLEM_TYPE, request_id_of

log = logging.getLogger(__name__)
MALFORMED = N_("The body is not valid JSON: look at line %(line)s, character %(column)s.")
NULL_CHARACTER = N_("The body holds a null character, which no text may.")
TOO_LARGE = N_("The body is too large.")
REFUSED = N_("Some fields are not as they must be. Nothing was changed.")


class BodyTooLarge(exceptions.APIException):
    """More bytes than ``DATA_UPLOAD_MAX_MEMORY_SIZE``."""

    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_code = "too_large"
    default_detail = TOO_LARGE


class OrjsonRenderer(BaseRenderer):
    """JSON by orjson. A Decimal prints as a string, an instant as ISO 8601 with ``Z``."""

    media_type = "application/json"
    format = "json"
    charset = None

    def render(
        self, data: Any, accepted_media_type: str | None = None, renderer_context: Mapping[str, Any] | None = None
    ) -> bytes:
        """The body's bytes; nothing for no data."""
        if data is None:
            return b""
        return orjson.dumps(data, default=_plain, option=orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS)


def _plain(value: Any) -> Any:
    if isinstance(value, Promise):
        return force_str(value)
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    return str(value)


class StrictJSONParser(BaseParser):
    """JSON by orjson: no NaN, no comments, no trailing commas, no null characters in texts."""

    media_type = "application/json"
    renderer_class = OrjsonRenderer

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        """The parsed body. Raises ``ParseError`` or ``BodyTooLarge``; the bytes stay readable as ``request.body``."""
        try:
            body: bytes = cast("Request", (parser_context or {})["request"])._request.body
        except RequestDataTooBig:
            raise BodyTooLarge(gettext(TOO_LARGE)) from None
        if b"\\u0000" in body:
            raise ParseError(gettext(NULL_CHARACTER))
        try:
            return orjson.loads(body)
        except orjson.JSONDecodeError as error:
            raise ParseError(gettext(MALFORMED) % {"line": error.lineno, "column": error.colno}) from None


def actor_of(request: Request) -> Actor:
    """Who calls. Raises ``NotAuthenticated`` where ``HasActor`` was left out."""
    actor = getattr(request._request, "actor", None)
    if actor is None:
        raise exceptions.NotAuthenticated
    return cast("Actor", actor)


def problem_response(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """DRF's exception handler: every known error as a problem document; None lets a bug become a 500."""
    request: Request = context["request"]
    refusal = refusal_in(error)
    if refusal is not None:
        if is_worth_a_trace(error):
            log.warning("%s behind %s", type(error).__name__, refusal.code, exc_info=error)
        return _reply(problem_of(refusal, instance=request.path, request_id=request_id_of(request._request)), {})
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    if not isinstance(error, exceptions.APIException):
        return None
    return _reply(_api_problem(error, request), _headers(error))


def _api_problem(error: exceptions.APIException, request: Request) -> Problem:
    instance, request_id = request.path, request_id_of(request._request)
    if isinstance(error, exceptions.ValidationError):
        faults = tuple(_faults(error.detail, ()))
        return problem(422, "invalid", gettext(REFUSED), instance=instance, request_id=request_id, errors=faults)
    code = error.get_codes()
    detail = str(error.detail) if isinstance(error.detail, str) else gettext(TITLES.get(error.status_code, TITLES[422]))
    return problem(
        error.status_code,
        code if isinstance(code, str) else error.default_code,
        detail,
        instance=instance,
        request_id=request_id,
    )


def _faults(detail: Any, path: tuple[str | int, ...]) -> Iterator[Fault]:
    """Flatten DRF's nested errors: the first index on the way is the line, the names after it the field."""
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            yield from _faults(inner, path if name == "non_field_errors" else (*path, name))
    elif isinstance(detail, list):
        for place, inner in enumerate(detail):
            yield from _faults(inner, path if isinstance(inner, ErrorDetail) else (*path, place))
    else:
        code = (detail.code if isinstance(detail, ErrorDetail) else None) or "invalid"
        yield Fault(code=code, detail=str(detail), line=_line(path), field=_field(path))


def _line(path: tuple[str | int, ...]) -> int | None:
    return next((part + 1 for part in path if isinstance(part, int)), None)


def _field(path: tuple[str | int, ...]) -> str | None:
    places = [index for index, part in enumerate(path) if isinstance(part, int)]
    names = path[places[0] + 1 :] if places else path
    return ".".join(map(str, names)) or None


def _headers(error: exceptions.APIException) -> dict[str, str]:
    headers: dict[str, str] = {}
    if auth_header := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = auth_header
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = str(int(wait))
    return headers


def _reply(document: Problem, headers: dict[str, str]) -> Response:
    if document.status == status.HTTP_503_SERVICE_UNAVAILABLE:
        headers["Retry-After"] = str(RETRY_AFTER_S)
    return Response(document.as_dict(), status=document.status, headers=headers, content_type=PROBLEM_TYPE)
