"""The list of a sort of stock papers: chips by state with their counts, a page of rows, the newest first."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from core.web.paging import page_of
from core.web.requests import SignedInRequest
from frontend.console.lists import chips_of, pager_of
from frontend.ui.words import status_word


def papers_page(
    request: SignedInRequest,
    rows: "QuerySet[Any]",
    *,
    status: str,
    states: Mapping[str, int],
    known: tuple[str, Iterable[str]],
) -> dict[str, object]:
    """``rows``, ``pager`` and ``chips`` of a page. ``status`` is the one asked for, ``states`` how many are in each.

    ``known`` is the domain of the status words, and its states in the order of a life.
    """
    domain, order = known
    total = states.get(status, 0) if status else sum(states.values())
    page = page_of(rows, request, total=total)
    options = [(code, status_word(domain, code), states.get(code, 0)) for code in order]
    return {
        "rows": page.rows,
        "pager": pager_of(page.number, page.page_count, total, len(page.rows)),
        "chips": chips_of(request, "status", [("", _("All"), sum(states.values())), *options]),
    }
