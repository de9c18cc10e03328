"""Chips, sorts and pages of a list; all of them live in the URL. The same on every face."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar

from django.db.models import Model, QuerySet
from django.http import HttpRequest

from frontend.ui.paging import link_with
from frontend.ui.shapes import Chip, Pager, SortLink

M = TypeVar("M", bound=Model)
R = TypeVar("R")
T = TypeVar("T")
PAGE_SIZE = 50
ALL_MATCHING = "matching"
"""Name of the hidden input a bulk bar sets when not only the ticked rows, but all that fit are meant."""


def text_asked(request: HttpRequest, name: str = "q") -> str:
    """What was typed into the list's search."""
    return request.GET.get(name, "").strip()[:80]


def choice_asked(request: HttpRequest, name: str, known: Iterable[str], usual: str = "") -> str:
    """One of ``known`` from the URL; anything else is ``usual``."""
    given = request.GET.get(name, usual)
    return given if given in set(known) else usual


def chips_of(
    request: HttpRequest, name: str, options: Iterable[tuple[str, str, int | None]], *, usual: str = ""
) -> list[Chip]:
    """One chip an option (value, word, count); the one of ``usual`` takes the filter off."""
    given = request.GET.get(name, usual)
    return [
        Chip(
            label=word,
            url=link_with(request, **{name: None if value == usual else value}),
            is_current=value == given,
            count=count,
        )
        for value, word, count in options
    ]


def removable_chips(request: HttpRequest, named: Mapping[str, str]) -> list[Chip]:
    """A chip with a cross for each filter in force that has no chip of its own: name in the URL → its words."""
    return [
        Chip(words, link_with(request, **{name: None}), is_current=True, is_removable=True)
        for name, words in named.items()
        if request.GET.get(name) and words
    ]


def sort_links(
    request: HttpRequest, columns: Mapping[str, str], *, usual: str, rising: Iterable[str] = (), base: str = ""
) -> dict[str, SortLink]:
    """Links by column. The first click falls (what is newest, most, dearest), of ``rising`` ones rises (names).

    ``base`` is the list's own address where the page is another one (a list beside a detail).
    """
    now, from_a = request.GET.get("sort") or usual, set(rising)
    links = {}
    for column, label in columns.items():
        is_now = now.removeprefix("-") == column
        first = column if column in from_a else f"-{column}"
        other = column if first.startswith("-") else f"-{column}"
        wanted = other if now == first else first
        order = "" if not is_now else "descending" if now.startswith("-") else "ascending"
        link = link_with(request, sort=None if wanted == usual else wanted)
        links[column] = SortLink(label, f"{base}{link}", order)
    return links


def sort_asked(request: HttpRequest, known: Iterable[str], usual: str) -> str:
    """``name`` or ``-name`` from the URL when ``name`` is one of ``known``; else ``usual``."""
    given = request.GET.get("sort", "")
    return given if given.removeprefix("-") in set(known) and given.count("-") <= 1 else usual


def ordered(
    request: HttpRequest,
    rows: "QuerySet[M, R]",
    columns: Mapping[str, tuple[str, str]],
    *,
    usual: str,
    rising: Iterable[str] = (),
) -> tuple["QuerySet[M, R]", dict[str, SortLink]]:
    """``rows`` as the URL asks, and the links of their heads. ``columns``: word in the URL → head, column of the query.

    ``usual`` names the order the rows have by themselves; it is left as it is.
    """
    links = sort_links(request, {name: label for name, (label, _column) in columns.items()}, usual=usual, rising=rising)
    wanted = sort_asked(request, columns, usual)
    if wanted == usual:
        return rows, links
    column = columns[wanted.removeprefix("-")][1]
    return rows.order_by(f"-{column}" if wanted.startswith("-") else column, "pk"), links


def ordered_list(
    request: HttpRequest,
    rows: Sequence[T],
    columns: Mapping[str, tuple[str, Callable[[T], str]]],
    *,
    usual: str,
    rising: Iterable[str] = (),
) -> tuple[list[T], dict[str, SortLink]]:
    """The same of rows that are read already; names are compared by their ``name_key``."""
    links = sort_links(request, {name: label for name, (label, _key) in columns.items()}, usual=usual, rising=rising)
    wanted = sort_asked(request, columns, usual)
    if wanted == usual:
        return list(rows), links
    key = columns[wanted.removeprefix("-")][1]
    return sorted(rows, key=key, reverse=wanted.startswith("-")), links


def pager_of(number: int, page_count: int, total: int, shown: int, size: int = PAGE_SIZE) -> Pager:
    """Where a list stands that its selector has cut into pages itself."""
    first = (number - 1) * size + 1 if shown else 0
    return Pager(number, page_count, total, first, first + shown - 1 if shown else 0)


def ticked(
    request: HttpRequest, name: str, matching: Callable[[int], Iterable[str]], *, most: int
) -> tuple[Sequence[str], bool]:
    """What a bulk act is about: the ticked ids, each once, or with “all that fit” those ``matching(limit)`` gives.

    The second value says whether there were more than ``most``; those are left out, and the page tells it.
    """
    asked = matching(most + 1) if request.POST.get(ALL_MATCHING) else request.POST.getlist(name)
    found = list(dict.fromkeys(one for one in asked if one))
    return found[:most], len(found) > most
