"""Pages of a list: numbered ones for people, an opaque cursor for programs. Neither counts more than it must."""

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import orjson
from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest

from core.kernel.errors import DomainError
from core.kernel.text import N_

PAGE_SIZE = 50
MAX_PAGE = 2_000
"""Further back nobody leafs: filters and search find it."""
MAX_LIMIT = 200

T = TypeVar("T")
M = TypeVar("M", bound=Model)
R = TypeVar("R", bound=Mapping[str, Any])


class NotACursor(DomainError):
    """The cursor is not one this list gave out."""

    code = "paging.cursor"
    text = N_("This is not a place in the list. Start again without “after”.")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a list. ``total`` None means nobody counted; then ``has_next`` tells whether to go on."""

    rows: list[T]
    number: int
    size: int
    has_next: bool
    total: int | None = None

    @property
    def first(self) -> int:
        """Place of the first row, counted from 1; 0 on an empty page."""
        return (self.number - 1) * self.size + 1 if self.rows else 0

    @property
    def last(self) -> int:
        """Place of the last row."""
        return self.first + len(self.rows) - 1 if self.rows else 0

    @property
    def page_count(self) -> int:
        """Pages known of: all of them where somebody counted."""
        if self.total is None:
            return self.number + 1 if self.has_next else self.number
        return max(1, -(-self.total // self.size))


def page_number(request: HttpRequest) -> int:
    """``?page=`` as a number from 1; anything else is the first page."""
    given = request.GET.get("page", "1")
    return min(int(given[:6]), MAX_PAGE) if given.isascii() and given.isdigit() and int(given[:6]) > 0 else 1


def page_of(
    rows: "QuerySet[M, T] | Sequence[T]", request: HttpRequest, *, size: int = PAGE_SIZE, total: int | None = None
) -> Page[T]:
    """The page the request asks for: one query of ``size`` + 1 rows. Pass ``total`` where it is known anyway."""
    number = page_number(request)
    start = (number - 1) * size
    found = list(rows[start : start + size + 1])
    return Page(found[:size], number, size, len(found) > size, total)


def limit_of(request: HttpRequest, *, default: int = PAGE_SIZE) -> int:
    """``?limit=`` between 1 and 200."""
    given = request.GET.get("limit", "")
    return max(1, min(int(given[:6]), MAX_LIMIT)) if given.isascii() and given.isdigit() else default


@dataclass(frozen=True, slots=True)
class Slice(Generic[T]):
    """Rows after a cursor; ``next_cursor`` empty at the end of the list."""

    rows: list[T]
    next_cursor: str


def slice_of(
    rows: "QuerySet[M, R]", request: HttpRequest, *, order: tuple[str, ...], size: int | None = None
) -> Slice[R]:
    """Rows of a ``.values()`` query after ``?after=``, in ``order`` (names, ``-`` falling; the last one unique).

    Stays fast however far the reader goes, and neither skips nor repeats a row when others are added. Raises
    ``NotACursor``.
    """
    size = size or limit_of(request)
    after = request.GET.get("after", "")
    if after:
        place = _read_cursor(after, len(order))
        try:
            rows = rows.filter(_beyond(place, order))
        except (ValidationError, ValueError, TypeError):  # a place of another sort than the columns'
            raise NotACursor from None
    found = list(rows.order_by(*order)[: size + 1])
    is_more = len(found) > size
    found = found[:size]
    return Slice(found, _cursor([found[-1][name.lstrip("-")] for name in order]) if is_more else "")


def _beyond(place: list[Any], order: tuple[str, ...]) -> Q:
    """Rows strictly after ``place``: (a > x) or (a = x and b > y) …"""
    condition, equal = Q(), Q()
    for name, value in zip(order, place, strict=True):
        field = name.lstrip("-")
        step = Q(**{f"{field}__{'lt' if name.startswith('-') else 'gt'}": value})
        condition |= equal & step
        equal &= Q(**{field: value})
    return condition


def _cursor(place: list[Any]) -> str:
    return base64.urlsafe_b64encode(orjson.dumps(place, default=str)).decode().rstrip("=")


def _read_cursor(text: str, length: int) -> list[Any]:
    try:
        place = orjson.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (binascii.Error, ValueError):
        raise NotACursor from None
    if not isinstance(place, list) or len(place) != length or not all(isinstance(v, (str, int)) for v in place):
        raise NotACursor
    return place
