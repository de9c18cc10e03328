"""Every address of a brand's host, one line each: whose id to try it with, and who may.

A pattern of the resolver that has no line here fails ``test_urls.py``. ``houses`` name who owns the document; ``who``
are the seats of the cast that must succeed with it. Everybody else gets 404 (or 403 where their role never includes it)
and changes nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from tests.walls.world import World

Id = Callable[[World], object]


@dataclass(frozen=True, slots=True)
class Cell:
    """One address with one method. ``ids`` fill the pattern, ``data`` is the form or JSON body of a POST."""

    name: str
    method: str
    who: tuple[str, ...]
    ids: dict[str, Id] = field(default_factory=dict)
    data: Callable[[World], dict[str, object]] | None = None
    may_refuse: bool = False


OPEN: dict[str, str] = {}
"""Addresses that need nobody: name → why."""
CELLS: dict[tuple[str, str], Cell] = {}

STAFF = ("admin", "sales_admin", "region_manager", "rep", "finance", "warehouse", "auditor", "product", "pricing")
C1 = ("buyer_c1", "admin_c1", "finance_c1", "warehouse_c1")
EVERYBODY = (*STAFF, *C1, "buyer_p1", "buyer_c2", "buyer_t1")


def open_to_all(name: str, why: str) -> None:
    """An address that shows nothing of anybody."""
    OPEN[name] = why


def get(name: str, *who: str, **ids: Id) -> None:
    """A page or resource ``who`` can read; with ``ids`` it is one document of theirs."""
    CELLS[name, "GET"] = Cell(name, "GET", who, ids)


def post(
    name: str,
    *who: str,
    data: Callable[[World], dict[str, object]] | None = None,
    may_refuse: bool = False,
    method: str = "POST",
    **ids: Id,
) -> None:
    """A form or call ``who`` can send; ``may_refuse``: for them a 409 or 422 is an answer too (nothing to do yet)."""
    CELLS[name, method] = Cell(name, method, who, ids, data, may_refuse)
