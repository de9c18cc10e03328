"""What a table must look like to be read: its columns as the reader knows them, and a file to begin with."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from django.utils.translation import gettext

from core.files.rules import Type
from core.files.tables import Cell, csv_table, xlsx_table


@dataclass(frozen=True, slots=True)
class GuideColumn:
    """A column of a table. ``label`` is the heading to write, ``headings`` all that are understood."""

    field: str
    label: str
    headings: tuple[str, ...]
    is_required: bool


@dataclass(frozen=True, slots=True)
class TemplateFile:
    """A file made for somebody to fill in."""

    name: str
    content: bytes
    content_type: Type


def guide_of(
    headings: Mapping[str, Sequence[str]], labels: Mapping[str, str], *, required: AbstractSet[str]
) -> tuple[GuideColumn, ...]:
    """The columns of a reader that finds ``headings`` by field, what is required first.

    ``labels`` are msgids by field, worded in the present language; a field without one is not asked for.
    """
    columns = [
        GuideColumn(field, gettext(label), tuple(headings[field]), field in required) for field, label in labels.items()
    ]
    return tuple(sorted(columns, key=lambda column: not column.is_required))


def template_file(
    columns: Sequence[GuideColumn], rows: Sequence[Mapping[str, Cell]], *, name: str, is_csv: bool
) -> TemplateFile:
    """A table with these columns and ``rows`` by field, ready to be filled in and read again."""
    head = [column.label for column in columns]
    cells = [[row.get(column.field, "") for column in columns] for row in rows]
    if is_csv:
        return TemplateFile(f"{name}.csv", csv_table(head, cells), Type.CSV)
    return TemplateFile(f"{name}.xlsx", xlsx_table(head, cells, title=name), Type.XLSX)
