"""What a dry run found out about a file, as both faces show it: rows with old beside new, and how many of each fate."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext as _

from core.jobs.mending import FAILED
from core.jobs.models import Job, JobRow
from core.jobs.selectors import RowFilter, shown_rows
from core.web.paging import page_of
from core.web.requests import SignedInRequest
from frontend.ui.format import unit_word
from frontend.ui.lists import chips_of, pager_of
from frontend.ui.vocabulary import term

PreviewRows = Callable[[Iterable[JobRow]], Sequence["PreviewRow"]]


@dataclass(frozen=True, slots=True)
class Difference:
    """One field of a row: its column, what it was (empty for what is new) and what it would be, in words."""

    column: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """One row of an import as the page shows it: what becomes of it, old beside new, and everything worth a look."""

    row: int
    code: str
    name: str
    fate: str
    changes: tuple[Difference, ...]
    notes: tuple[str, ...]


def plain_row(row: JobRow, labels: Mapping[str, str], in_words: Callable[[str, str], str] | None = None) -> PreviewRow:
    """A row in the present language; ``labels`` (msgids) name its columns, ``in_words`` a column's stored value."""
    said: dict[str, Any] = row.said

    def worded(field: str, value: object) -> str:
        return _worded(field, value) if in_words is None else in_words(field, "" if value is None else str(value))

    changes = tuple(
        Difference(gettext(labels.get(field, field)), worded(field, before), worded(field, after))
        for field, (before, after) in said.get("changes", {}).items()
    )
    notes = (str(said["guess"]),) if said.get("guess") else ()
    return PreviewRow(row.row, row.code, str(said.get("name", "")), row.fate, changes, notes)


def _worded(field: str, value: object) -> str:
    """A stored value as the page says it."""
    if value is None or value == "":
        return ""
    if field == "unit":
        return unit_word(str(value))
    return term("channel", str(value)) if field == "channel" else str(value)


def count_words() -> list[tuple[str, str, str]]:
    """What may become of a row: its name, its word and the tone of its tile."""
    return [
        ("new", _("New"), "good"),
        ("changed", _("Changed"), "info"),
        ("confirm", _("To be confirmed"), "warn"),
        ("same", _("Unchanged"), ""),
    ]


def counts_of(found: Job) -> list[tuple[str, int, str]]:
    """How many rows met which fate: word, number, tone."""
    result: dict[str, Any] = found.result or {}
    return [(word, result[name], tone) for name, word, tone in count_words() if name in result]


def preview_of(request: SignedInRequest, found: Job, rows_of: PreviewRows) -> dict[str, object]:
    """The rows the job left to be looked at: a page of them, narrowed by what becomes of them and by code."""
    asked = RowFilter.of(request.GET.dict())
    rows = shown_rows(found, asked)
    page = page_of(rows, request, total=rows.count())
    result: dict[str, Any] = found.result or {}
    words = {name: (word, result.get(name)) for name, word, _tone in count_words() if name != "same"}
    words[FAILED] = (_("Refused"), found.failed)
    options = [("", _("All"), None), *((name, word, count) for name, (word, count) in words.items() if count)]
    return {
        "preview": rows_of(page.rows),
        "preview_pager": pager_of(page.number, page.page_count, page.total or 0, len(page.rows)),
        "fates": chips_of(request, "fate", options),
        "fate": asked.fate,
        "q": asked.text,
        "has_preview": bool(page.rows) or asked != RowFilter(),
    }
