"""Reading the query string of an API list strictly: a misspelt filter would otherwise answer everything."""

from collections.abc import Collection
from datetime import date

from rest_framework.request import Request

from core.kernel import clock
from core.kernel.errors import DomainError, refuse_all
from core.web.bodies import FieldUnknown, NotAChoice, NotADay, NotText, NotWhole, TextTooLong

LONGEST = 200
MOST_VALUES = 100


class Query:
    """The query string of one request. Faults are noted and refused together by ``finish``."""

    __slots__ = ("_faults", "_given", "_seen")

    def __init__(self, request: Request) -> None:
        self._given = request._request.GET
        self._seen: set[str] = set()
        self._faults: list[DomainError] = []

    def text(self, name: str) -> str:
        """A text; empty when it was left out."""
        self._seen.add(name)
        value = self._given.get(name, "")
        if "\x00" in value:
            self._faults.append(NotText(field=name))
            return ""
        if len(value) > LONGEST:
            self._faults.append(TextTooLong(field=name, most=LONGEST))
            return ""
        return value.strip()

    def texts(self, name: str) -> tuple[str, ...]:
        """Every value of a name that may be repeated."""
        self._seen.add(name)
        values = self._given.getlist(name)
        if len(values) > MOST_VALUES or any("\x00" in value or len(value) > LONGEST for value in values):
            self._faults.append(NotText(field=name))
            return ()
        return tuple(values)

    def choices(self, name: str, known: Collection[str]) -> tuple[str, ...]:
        """Every value of a name that may be repeated, each one of ``known``."""
        values = self.texts(name)
        if any(value not in known for value in values):
            self._faults.append(NotAChoice(field=name, known=", ".join(known)))
        return values

    def choice(self, name: str, known: Collection[str]) -> str:
        """One of ``known``; empty when it was left out."""
        value = self.text(name)
        if value and value not in known:
            self._faults.append(NotAChoice(field=name, known=", ".join(known)))
        return value

    def day(self, name: str) -> date | None:
        """A day written ``2026-01-31``."""
        value = self.text(name)
        if not value:
            return None
        try:
            return clock.read_day(value)
        except ValueError:
            self._faults.append(NotADay(field=name))
            return None

    def wholes(self, name: str) -> tuple[int, ...]:
        """Whole numbers, the name repeated."""
        values = self.texts(name)
        if any(not (value.isascii() and value.isdigit() and len(value) < 10) for value in values):
            self._faults.append(NotWhole(field=name))
            return ()
        return tuple(int(value) for value in values)

    def whole(self, name: str, *, default: int) -> int:
        """One whole number."""
        return next(iter(self.wholes(name)), default)

    def flag(self, name: str) -> bool:
        """``true`` or nothing."""
        return self.choice(name, ("true", "false")) == "true"

    def finish(self, *also: str) -> None:
        """Refuse what was noted, and names nobody asked for; ``also`` names what another reader takes."""
        unknown = sorted(self._given.keys() - self._seen - set(also))
        refuse_all([*self._faults, *(FieldUnknown(field=name[:60]) for name in unknown)])
