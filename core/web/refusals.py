"""One table from a refusal to what a door answers, for pages and API alike."""

import dataclasses
from dataclasses import asdict, dataclass

from django.db import DataError, Error, OperationalError
from django.utils.translation import gettext

from core.db.acts import is_contention
from core.kernel.errors import Busy, DomainError, Field, Kind
from core.kernel.text import N_

STATUS: dict[Kind, int] = {
    Kind.INVALID: 422,
    Kind.FORBIDDEN: 403,
    Kind.MISSING: 404,
    Kind.CONFLICT: 409,
    Kind.BUSY: 503,
}
RETRY_AFTER_S = 2
"""When a busy door asks to be tried again."""


class NotStorable(DomainError):
    """The database cannot hold the value: too large a number, too long a text, a null character."""

    code = "value.not_storable"
    text = N_("A number is too large, a text too long, or a character cannot be stored. Nothing was changed.")


class Unavailable(DomainError):
    """The database does not answer."""

    code = "unavailable"
    kind = Kind.BUSY
    text = N_("The service cannot be reached for a moment. Nothing was changed; please try again shortly.")


def words_of(error: DomainError) -> str:
    """The refusal in the present language with its places filled in."""
    text = gettext(error.text)
    try:
        return text % error.fields if error.fields else text
    except (KeyError, TypeError, ValueError):
        return text


def refusal_in(error: BaseException) -> DomainError | None:
    """The refusal behind an exception, or None for a bug.

    A lock that could not be had is ``Busy`` outside acts too; what the database cannot store refuses like any input.
    """
    if isinstance(error, DomainError):
        return error
    if isinstance(error, OperationalError):
        return Busy() if is_contention(error) else Unavailable()
    if isinstance(error, DataError):
        return NotStorable()
    return None


def is_worth_a_trace(error: BaseException) -> bool:
    """Whether the log should show where it happened: a refusal speaks for itself, a database error does not."""
    return isinstance(error, Error)


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of a problem document. ``line`` counts from 1."""

    code: str
    detail: str
    line: int | None = None
    field: str | None = None
    fields: dict[str, Field] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Problem:
    """The body of an ``application/problem+json`` answer (RFC 9457)."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    instance: str
    request_id: str
    errors: tuple[Fault, ...] = ()

    def as_dict(self) -> dict[str, object]:
        """Plain dict for the renderer."""
        return asdict(self)


TITLES: dict[int, str] = {
    400: N_("The request cannot be read"),
    401: N_("Sign-in needed"),
    403: N_("Not permitted"),
    404: N_("Not found"),
    405: N_("Method not allowed"),
    406: N_("No such format"),
    409: N_("In conflict with the present state"),
    413: N_("Too large"),
    415: N_("Content type not understood"),
    422: N_("Refused"),
    429: N_("Too many requests"),
    500: N_("Something broke on our side"),
    503: N_("Busy"),
}


def problem(
    status: int, code: str, detail: str, *, instance: str, request_id: str, errors: tuple[Fault, ...] = ()
) -> Problem:
    """A problem document; ``title`` follows from the status."""
    return Problem(
        type=f"urn:jiumai:problem:{code}",
        title=gettext(TITLES.get(status, TITLES[422])),
        status=status,
        code=code,
        detail=detail,
        instance=instance,
        request_id=request_id,
        errors=errors,
    )


def problem_of(error: DomainError, *, instance: str, request_id: str, status: int | None = None) -> Problem:
    """A refusal as a problem document, every fault with its line; ``status`` where it is not the kind's own."""
    faults = tuple(
        Fault(code=one.code, detail=words_of(one), line=one.line, field=one.field, fields=one.fields)
        for one in error.problems()
    )
    shown = status or STATUS[error.kind]
    return problem(shown, error.code, words_of(error), instance=instance, request_id=request_id, errors=faults)
