"""The long acts the console knows: their words, what they take in, where they lead back to."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.catalogue.resources.preview import PreviewLine, preview_lines
from core.jobs.models import Job
from frontend.ui.format import DASH

Words = str | Promise


@dataclass(frozen=True, slots=True)
class ImportKind:
    """An import by its word in the URL. ``columns`` are those a file needs, ``back`` the list it fills."""

    slug: str
    kind: str
    title: Words
    text: Words
    columns: tuple[Words, ...]
    permission: str
    back: str
    at: str
    needs_warehouse: bool = False


IMPORTS: Mapping[str, ImportKind] = {
    one.slug: one
    for one in (
        ImportKind(
            "products",
            "catalogue.import_products",
            _("Import products"),
            _("New products become drafts, known codes are changed. You see it all before anything is written."),
            (
                _("Code"),
                _("Name"),
                _("Aroma type"),
                _("Strength"),
                _("Bottle ml"),
                _("Bottles a case"),
                _("Product line"),
            ),
            "catalogue.import",
            "console:products",
            "products",
        ),
        ImportKind(
            "dealers",
            "dealers.import",
            _("Import dealers"),
            _("New dealers are set up, known codes are changed. You see it all before anything is written."),
            (_("Code"), _("Name"), _("Tier"), _("Parent code"), _("Division"), _("Unified social credit code")),
            "dealers.import",
            "console:dealers",
            "dealers",
        ),
        ImportKind(
            "count",
            "stock.count",
            _("Import a stock count"),
            _("What was counted becomes the stock on hand; every difference is a movement with its reason."),
            (_("Code"), _("Cases"), _("Bottles")),
            "stock.count",
            "console:stock",
            "stock",
            needs_warehouse=True,
        ),
    )
}
BY_KIND: Mapping[str, ImportKind] = {one.kind: one for one in IMPORTS.values()}


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """One row of an import as the page shows it: what becomes of it, and everything worth a look."""

    row: int
    code: str
    name: str
    fate: str
    notes: tuple[str, ...]


def preview_of(job: Job) -> tuple[PreviewRow, ...]:
    """The rows a job left to look at, in the present language."""
    if job.kind == IMPORTS["products"].kind:
        return tuple(_product_row(line) for line in preview_lines(job))
    rows = (job.result or {}).get("rows")
    return tuple(map(_plain_row, rows)) if isinstance(rows, list) else ()  # an export only counts its rows


def _product_row(line: PreviewLine) -> PreviewRow:
    changes = (f"{column}: {before or DASH} → {after or DASH}" for column, before, after in line.changes)
    notes = (note.text for note in (*line.problems, *line.guesses, *line.advice))
    return PreviewRow(line.row, line.code, line.name, line.fate, (*notes, *changes))


def _plain_row(row: Mapping[str, Any]) -> PreviewRow:
    notes = [str(row["guess"])] if row.get("guess") else []
    if "before" in row:
        notes.append(f"{row['before']} → {row.get('after', DASH)}")
    return PreviewRow(int(row["row"]), str(row.get("code", "")), str(row.get("name", "")), str(row["fate"]), (*notes,))


_WORDS: Mapping[str, Words] = {
    **{one.kind: one.title for one in IMPORTS.values()},
    "catalogue.export_products": _("Export products"),
    "dealers.export": _("Export dealers"),
    "stock.export": _("Export stock"),
    "prices.import": _("Import prices"),
    "orders.export": _("Export orders"),
}


def kind_words(kind: str) -> str:
    """What a kind of job is called; an unknown one reads as itself."""
    return str(_WORDS.get(kind, kind))
