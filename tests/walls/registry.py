"""The lines of pages.py: whose id an address is tried with, and who may.

``who`` are the seats of the cast that must succeed. Everybody else gets 404 (or 403 where their role never includes it)
and changes nothing. An address may have several lines, one for each sort of owner.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from tenants.access.roles import codes_of
from tests.cast import PEOPLE
from tests.walls.world import World

Id = Callable[[World], object]
Data = Callable[[World], dict[str, object]]


@dataclass(frozen=True, slots=True)
class Cell:
    """One address with one method. ``ids`` fill the pattern, ``data`` is the form or JSON body."""

    name: str
    method: str
    who: tuple[str, ...]
    ids: dict[str, Id] = field(default_factory=dict)
    data: Data | None = None
    may_refuse: bool = False

    def __str__(self) -> str:
        return f"{self.method} {self.name}"


OPEN: dict[str, str] = {}
"""Addresses that need nobody: name → why."""
CELLS: list[Cell] = []

STAFF = tuple(key for key, (_, house, _) in PEOPLE.items() if house == "root")
C1 = tuple(key for key, (_, house, _) in PEOPLE.items() if house == "c1")
DEALERS = tuple(key for key in PEOPLE if key not in STAFF)
EVERYBODY = tuple(PEOPLE)


def those_with(code: str, of: tuple[str, ...] = EVERYBODY) -> tuple[str, ...]:
    """The seats of ``of`` whose role carries the permission."""
    return tuple(key for key in of if code in codes_of([PEOPLE[key][2]]))


def open_to_all(name: str, why: str) -> None:
    """An address that shows nothing of anybody."""
    OPEN[name] = why


def get(name: str, /, *who: str, **ids: Id) -> None:
    """A page or resource ``who`` can read; with ``ids`` it is one document of theirs."""
    CELLS.append(Cell(name, "GET", who, ids))


def post(
    name: str, /, *who: str, data: Data | None = None, may_refuse: bool = False, method: str = "POST", **ids: Id
) -> None:
    """A form or call ``who`` can send; ``may_refuse``: for them a 409 or 422 is an answer too (nothing to do yet)."""
    CELLS.append(Cell(name, method, who, ids, data, may_refuse))
