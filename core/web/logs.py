"""Log records with request id, schema and seat; nothing personal.

What is logged names things by id. Below that rule lies a net: whatever looks like a phone, an address, a token or a
query string is masked, also in tracebacks, since the words of an exception are not ours.
"""

import json
import logging
import re
from contextvars import ContextVar
from datetime import UTC, datetime
from types import TracebackType

from django.http import HttpRequest

from core.web.routes import PROBES, route_of

request_id: ContextVar[str] = ContextVar("request_id", default="-")
schema: ContextVar[str] = ContextVar("schema", default="-")
seat: ContextVar[str] = ContextVar("seat", default="-")

REQUEST_FIELDS = ("method", "route", "status", "ms", "statements")
"""What the line of a request adds: ``ms`` milliseconds, ``statements`` sent to PostgreSQL while it was answered."""

LONGEST = 16_000
"""Characters of one record's words or traceback: a header of 400 kB, told by who refuses it, fills no disk."""

# A header may be as long as the server takes, and its words reach a log (a forged ``Origin``): each of these reads a
# text once, since none begins in the middle of what it could have begun with.
_MASKS = (
    # PostgreSQL repeats the row at fault in these lines.
    (re.compile(r"^(DETAIL|CONTEXT|LINE \d+|QUERY):.*$", re.MULTILINE), r"\1: …"),
    (re.compile(r"(://)[^\s/@]*@"), r"\1…@"),
    (re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), "<mail>"),
    (re.compile(r"(?<!\d)(?:\+?86[ -]?)?1[3-9]\d{9}(?!\d)"), "<phone>"),
    (re.compile(r"\bjm_[\w-]+"), "<token>"),
    (re.compile(r"(?<![^\s?\"'])([^\s?\"'/]*/[^\s?\"']*)\?[^\s\"']+"), r"\1?…"),
    (re.compile(r"(?i)\b(password|secret|token|ticket|authorization|cookie)(['\"]?\s*[:=]\s*)\S+"), r"\1\2…"),
)

_Exception = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


def masked(text: str) -> str:
    """``text`` without phones, mail addresses, tokens, query strings, and the rows PostgreSQL repeats; its two ends
    where it is longer than ``LONGEST``.
    """
    for pattern, words in _MASKS:
        text = pattern.sub(words, text)
    return text if len(text) <= LONGEST else f"{text[: LONGEST // 2]} … {text[-LONGEST // 2 :]}"


class RequestFields(logging.Filter):
    """Adds ``request_id``, ``schema`` and ``seat`` to every record and masks its words."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Annotate and keep the record; what Django says of a probe it answered is dropped."""
        record.request_id = request_id.get()
        record.schema = schema.get()
        record.seat = seat.get()
        request = getattr(record, "request", None)
        words = record.getMessage()
        if isinstance(request, HttpRequest):  # Django tells the path: it becomes the route's name
            route = route_of(request)
            if route in PROBES and not record.exc_info:
                return False
            words = words.replace(request.path, route).replace(request.path_info, route)
        record.msg, record.args = masked(words), None
        return True


class PlainLines(logging.Formatter):
    """Lines for a person, with masked tracebacks."""

    def formatException(self, ei: _Exception) -> str:  # noqa: N802 - the library's name
        """The traceback without what the masks know."""
        return masked(super().formatException(ei))


class JsonLines(PlainLines):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "request_id": getattr(record, "request_id", "-"),
            "schema": getattr(record, "schema", "-"),
            "seat": getattr(record, "seat", "-"),
        }
        line |= {name: getattr(record, name) for name in REQUEST_FIELDS if hasattr(record, name)}
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)
