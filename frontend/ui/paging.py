"""Links that keep the rest of the URL, and the pager built from them."""

from typing import NamedTuple

from django.core.paginator import Page
from django.http import HttpRequest

from frontend.ui.shapes import Pager

_NEAR = 1
"""Pages shown on each side of the current one."""


class PageLink(NamedTuple):
    """A numbered page, or a gap when ``number`` is 0."""

    number: int
    url: str
    is_current: bool


class PagerView(NamedTuple):
    """Everything the pager's template needs."""

    links: tuple[PageLink, ...]
    previous_url: str
    next_url: str
    first: int
    last: int
    total: int


def link_with(request: HttpRequest | None, **changes: object) -> str:
    """``?…`` of the request with ``changes``; an emptied query is ``?`` so that the link drops what was there."""
    query = request.GET.copy() if request is not None else None
    if query is None:
        return "?" + "&".join(f"{key}={value}" for key, value in changes.items() if value not in (None, ""))
    query.pop("page", None)
    for key, value in changes.items():
        if value is None or value == "":
            query.pop(key, None)
        elif isinstance(value, (list, tuple)):
            query.setlist(key, [str(item) for item in value])
        else:
            query[key] = str(value)
    return f"?{query.urlencode()}"


def pager_view(page: object, request: HttpRequest | None) -> PagerView:
    """Lay out a ``Pager`` or a Django ``Page``. TypeError for anything else."""
    shape = _as_pager(page)
    if shape.previous_url or shape.next_url or not shape.number:
        return PagerView((), shape.previous_url, shape.next_url, shape.first, shape.last, shape.total)
    links = tuple(
        PageLink(number, link_with(request, page=number) if number else "", number == shape.number)
        for number in _numbers(shape.number, shape.page_count)
    )
    before = link_with(request, page=shape.number - 1) if shape.number > 1 else ""
    after = link_with(request, page=shape.number + 1) if shape.number < shape.page_count else ""
    return PagerView(links if shape.page_count > 1 else (), before, after, shape.first, shape.last, shape.total)


def _as_pager(page: object) -> Pager:
    if isinstance(page, Pager):
        return page
    if isinstance(page, Page):
        book = page.paginator
        return Pager(page.number, book.num_pages, book.count, page.start_index(), page.end_index())
    raise TypeError(f"a Pager or a Page is needed, not {type(page).__name__}")


def _numbers(current: int, count: int) -> list[int]:
    """1 … current±1 … last; 0 stands for a gap."""
    kept = sorted({1, count, *range(max(1, current - _NEAR), min(count, current + _NEAR) + 1)})
    numbers: list[int] = []
    for number in kept:
        if numbers and number - numbers[-1] == 2:
            numbers.append(number - 1)
        elif numbers and number - numbers[-1] > 2:
            numbers.append(0)
        numbers.append(number)
    return numbers
