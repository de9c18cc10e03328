"""Reading a JSON body strictly: unknown names, wrong sorts and missing values are refused, all at once, by line.

A reader instead of nested serializers: an order of ten lines is read in a few microseconds.
"""

import re
from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeVar

from rest_framework.request import Request

from core.kernel import clock
from core.kernel.errors import DomainError, refuse_all
from core.kernel.money import MINOR_DIGITS, Money, NotMoney
from core.kernel.text import N_

E = TypeVar("E", bound=StrEnum)
T = TypeVar("T")
LONGEST = 2_000
MOST_DIGITS = 15
_ABSENT = object()
_PLAIN_AMOUNT = re.compile(r"-?\d{1,18}(\.\d{1,4})?", re.ASCII)


class FieldUnknown(DomainError):
    """A name this door does not know: a typing error would otherwise be silently left out."""

    code = "body.unknown_field"
    text = N_("There is no such field here.")


class FieldMissing(DomainError):
    """A needed value is absent or null."""

    code = "body.missing"
    text = N_("This value is needed.")


class NotAnObject(DomainError):
    """Something else than ``{…}``."""

    code = "body.not_an_object"
    text = N_("This must be a JSON object.")


class NotAList(DomainError):
    """Something else than ``[…]``."""

    code = "body.not_a_list"
    text = N_("This must be a list.")


class ListTooLong(DomainError):
    """More entries than one request may have."""

    code = "body.list_too_long"
    text = N_("At most %(most)s entries fit into one request.")


class NotText(DomainError):
    """Something else than a string, or a character no text may hold."""

    code = "body.not_text"
    text = N_("This must be a text.")


class TextTooLong(DomainError):
    """More characters than there is room for."""

    code = "body.text_too_long"
    text = N_("At most %(most)s characters fit here.")


class NotWhole(DomainError):
    """A fraction, a text, true or false, or a number outside any use."""

    code = "body.not_whole"
    text = N_("This must be a whole number.")


class NotABoolean(DomainError):
    """Something else than true or false."""

    code = "body.not_boolean"
    text = N_("This must be true or false.")


class NotAChoice(DomainError):
    """None of the words this field takes."""

    code = "body.not_a_choice"
    text = N_("Possible here: %(known)s.")


class NotADay(DomainError):
    """Not a calendar day."""

    code = "body.not_a_day"
    text = N_("This must be a day written as 2026-01-31.")


class NotAnInstant(DomainError):
    """Not an instant with its offset."""

    code = "body.not_an_instant"
    text = N_("This must be an instant written as 2026-01-31T08:00:00+08:00.")


class Body:
    """One JSON object. Every reading method notes what is wrong and goes on; ``finish`` refuses everything at once.

    ``line`` is the 1-based place of the object in the list of the request it stands in.
    """

    __slots__ = ("_faults", "_line", "_seen", "_value")

    def __init__(self, value: Any, *, line: int | None = None, faults: list[DomainError] | None = None) -> None:
        self._faults: list[DomainError] = [] if faults is None else faults
        self._line = line
        self._seen: set[str] = set()
        self._value: dict[str, Any] = value if isinstance(value, dict) else {}
        if not isinstance(value, dict):
            self._faults.append(NotAnObject(line=line))

    def has(self, name: str) -> bool:
        """Whether the field was sent with a value."""
        self._seen.add(name)
        return self._value.get(name) is not None

    def text(self, name: str, *, most: int = LONGEST, default: str | None = "") -> str:
        """A string of at most ``most`` characters; ``default`` None means that it is needed."""
        value = self._take(name, is_needed=default is None)
        if value is _ABSENT:
            return default or ""
        if not isinstance(value, str) or "\x00" in value:
            return self._refuse(NotText(line=self._line, field=name), "")
        if len(value) > most:
            return self._refuse(TextTooLong(line=self._line, field=name, most=most), "")
        if default is None and not value.strip():
            return self._refuse(FieldMissing(line=self._line, field=name), "")
        return value

    def whole(self, name: str, *, is_needed: bool = True) -> int | None:
        """A whole number, whatever its size: the verb knows its bounds. None when it was left out."""
        value = self._take(name, is_needed=is_needed)
        if value is _ABSENT:
            return None
        if type(value) is not int or abs(value) >= 10**MOST_DIGITS:
            return self._refuse(NotWhole(line=self._line, field=name), None)
        return value

    def number(self, name: str) -> int:
        """A whole number that is needed; 0 stands in where it is refused."""
        return self.whole(name) or 0

    def flag(self, name: str, *, default: bool = False) -> bool:
        """True or false."""
        value = self._take(name, is_needed=False)
        if value is _ABSENT:
            return default
        if not isinstance(value, bool):
            return self._refuse(NotABoolean(line=self._line, field=name), default)
        return value

    def choice(self, name: str, known: type[E], *, is_needed: bool = False) -> E | None:
        """One of the words of ``known``."""
        value = self._take(name, is_needed=is_needed)
        if value is _ABSENT:
            return None
        if not isinstance(value, str) or value not in known.__members__.values():
            fault = NotAChoice(line=self._line, field=name, known=", ".join(known))
            return self._refuse(fault, None)
        return known(value)

    def day(self, name: str, *, is_needed: bool = False) -> date | None:
        """A calendar day, ``2026-01-31``."""
        value = self._take(name, is_needed=is_needed)
        if value is _ABSENT:
            return None
        try:
            if not isinstance(value, str):
                raise ValueError
            return clock.read_day(value)
        except ValueError:
            return self._refuse(NotADay(line=self._line, field=name), None)

    def instant(self, name: str) -> datetime | None:
        """An instant of ISO 8601 with its offset or ``Z``; without one nobody knows when it is."""
        value = self._take(name, is_needed=False)
        if value is _ABSENT:
            return None
        try:
            at = datetime.fromisoformat(value) if isinstance(value, str) and len(value) < 40 else None
        except ValueError:
            at = None
        if at is None or at.tzinfo is None or not clock.FIRST_YEAR <= at.year <= clock.LAST_YEAR:
            return self._refuse(NotAnInstant(line=self._line, field=name), None)
        return at

    def money(self, name: str, currency: str, *, is_needed: bool = False) -> int | None:
        """Minor units of an amount written as text, ``"1980.00"``; a number of JSON is refused, it may be rounded."""
        value = self._take(name, is_needed=is_needed)
        if value is _ABSENT:
            return None
        try:
            if not isinstance(value, str) or not _PLAIN_AMOUNT.fullmatch(value):
                # a list or an object may be nested deeper than can be printed
                shown = str(value)[:40] if isinstance(value, str | int | float) else ""
                raise NotMoney(value=shown, digits=MINOR_DIGITS[currency])
            return Money.parse(value, currency).amount
        except NotMoney as fault:
            fault.line, fault.field = self._line, name
            return self._refuse(fault, None)

    def texts(self, name: str, *, most: int) -> tuple[str, ...]:
        """A list of texts."""
        values = self._list(name, most=most, is_needed=False)
        if all(isinstance(value, str) and len(value) <= LONGEST and "\x00" not in value for value in values):
            return tuple(values)
        return self._refuse(NotText(line=self._line, field=name), ())

    def objects(self, name: str, *, most: int, is_needed: bool = True) -> tuple["Body", ...]:
        """A list of objects; their places are the lines of what is refused in them."""
        values = self._list(name, most=most, is_needed=is_needed)
        return tuple(Body(value, line=place, faults=self._faults) for place, value in enumerate(values, start=1))

    def object(self, name: str) -> "Body | None":
        """An object inside this one; None when it was left out."""
        value = self._take(name, is_needed=False)
        return None if value is _ABSENT else Body(value, line=self._line, faults=self._faults)

    def note(self, fault: DomainError) -> None:
        """Note what only the door can know to be wrong."""
        fault.line = self._line
        self._faults.append(fault)

    def close(self) -> None:
        """Note the names nobody asked for: call it when everything was read."""
        for name in self._value.keys() - self._seen:
            self._faults.append(FieldUnknown(line=self._line, field=str(name)[:60]))

    def finish(self) -> None:
        """Close, and refuse everything that was noted here and in the objects inside."""
        self.close()
        refuse_all(sorted(self._faults, key=lambda fault: (fault.line or 0, fault.field or "")))

    def _list(self, name: str, *, most: int, is_needed: bool) -> Sequence[Any]:
        value = self._take(name, is_needed=is_needed)
        if value is _ABSENT:
            return ()
        if not isinstance(value, list):
            return self._refuse(NotAList(line=self._line, field=name), ())
        if len(value) > most:
            return self._refuse(ListTooLong(line=self._line, field=name, most=most), ())
        return value

    def _take(self, name: str, *, is_needed: bool) -> Any:
        self._seen.add(name)
        value = self._value.get(name)
        if value is None:
            if is_needed:
                self._faults.append(FieldMissing(line=self._line, field=name))
            return _ABSENT
        return value

    def _refuse(self, fault: DomainError, instead: T) -> T:
        self._faults.append(fault)
        return instead


def body_of(request: Request) -> Body:
    """The request's JSON object; an empty body is an empty object. Raises what the parser raises (400, 413, 415)."""
    if not request._request.body:
        return Body({})
    return Body(request.data)
