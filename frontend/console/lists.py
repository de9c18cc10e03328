"""Chips, sorts and pages of the console's lists; all of them live in the URL."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpRequest

from frontend.ui.paging import link_with
from frontend.ui.shapes import Chip, Pager

PAGE_SIZE = 50


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


@dataclass(frozen=True, slots=True)
class SortLink:
    """A column that sorts: its word, where it leads, and how it is sorted now (ascending, descending or none)."""

    label: str
    url: str
    order: str


def sort_links(request: HttpRequest, columns: dict[str, str], *, usual: str) -> dict[str, SortLink]:
    """Links by column; the first click of another column falls or rises as its ``usual`` says."""
    now = request.GET.get("sort", usual)
    links = {}
    for column, label in columns.items():
        is_now = now.removeprefix("-") == column
        wanted = column if is_now and now.startswith("-") else f"-{column}"
        order = "" if not is_now else "descending" if now.startswith("-") else "ascending"
        links[column] = SortLink(label, link_with(request, sort=None if wanted == usual else wanted), order)
    return links


def pager_of(number: int, page_count: int, total: int, shown: int, size: int = PAGE_SIZE) -> Pager:
    """Where a list stands that its selector has cut into pages itself."""
    first = (number - 1) * size + 1 if shown else 0
    return Pager(number, page_count, total, first, first + shown - 1 if shown else 0)
