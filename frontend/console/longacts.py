"""The long acts the console knows: their words, what they take in, where they lead back to."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.catalogue import resources as products
from core.catalogue.resources.preview import PreviewLine, PreviewNote, preview_lines
from core.files.guides import GuideColumn, TemplateFile
from core.jobs.exports import export_title
from core.jobs.models import Job
from core.jobs.selectors import in_column
from core.kernel.actor import Actor
from dms.dealers import resources as dealers
from dms.stock import resources as stock
from frontend.ui.format import DASH

Words = str | Promise


@dataclass(frozen=True, slots=True)
class ImportKind:
    """An import by its word in the URL. ``guide`` tells the columns the reader knows, ``back`` is the list it fills.

    ``template`` makes the file to fill in: for an actor, the code of a warehouse (empty where none is asked), as csv.
    """

    slug: str
    kind: str
    title: Words
    text: Words
    guide: Callable[[], tuple[GuideColumn, ...]]
    template: Callable[[Actor, str, bool], TemplateFile]
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
            products.import_guide,
            lambda _actor, _warehouse, is_csv: products.import_template(is_csv=is_csv),
            "catalogue.import",
            "console:products",
            "products",
        ),
        ImportKind(
            "dealers",
            "dealers.import",
            _("Import dealers"),
            _("New dealers are set up, known codes are changed. You see it all before anything is written."),
            dealers.import_guide,
            lambda _actor, _warehouse, is_csv: dealers.import_template(is_csv=is_csv),
            "dealers.import",
            "console:dealers",
            "dealers",
        ),
        ImportKind(
            "count",
            "stock.count",
            _("Import a stock count"),
            _("What was counted becomes the stock on hand; every difference is a movement with its reason."),
            stock.import_guide,
            lambda actor, warehouse, is_csv: stock.import_template(actor, warehouse, is_csv=is_csv),
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
    notes = (_noted(note) for note in (*line.problems, *line.guesses, *line.advice))
    return PreviewRow(line.row, line.code, line.name, line.fate, (*notes, *changes))


def _noted(note: PreviewNote) -> str:
    return in_column(note.column, note.text)


def _plain_row(row: Mapping[str, Any]) -> PreviewRow:
    notes = [str(row["guess"])] if row.get("guess") else []
    if "before" in row:
        notes.append(f"{row['before']} → {row.get('after', DASH)}")
    return PreviewRow(int(row["row"]), str(row.get("code", "")), str(row.get("name", "")), str(row["fate"]), (*notes,))


_WORDS: Mapping[str, Words] = {
    **{one.kind: one.title for one in IMPORTS.values()},
}


def kind_words(kind: str) -> str:
    """What a kind of job is called; an unknown one reads as itself."""
    if title := export_title(kind):
        return gettext("Export: %(list)s") % {"list": gettext(title)}
    return str(_WORDS.get(kind, kind))
