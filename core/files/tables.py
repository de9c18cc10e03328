"""Tables people keep in spreadsheets: read from xlsx or csv as text cells, written with formulas made harmless."""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import IO

from core.files.errors import ColumnTwice, HeadMissing, TableEmpty, TableTooLong, TableUnreadable
from core.files.workbooks import MOST_COLUMNS, read_workbook
from core.kernel.text import normalised

MOST_ROWS = 50_000
_HEAD_WITHIN = 15
"""Rows in which the head is looked for: a title, notes and grouped headings may stand above it."""
_DELIMITERS = ",\t;|"
_BRACKETED = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_SPREADSHEET = b"PK\x03\x04"
_LONGEST_HEADING = 200
"""A longer cell names no column; brackets are looked for in none of them."""
_FORMULA = re.compile(r"^\s*[=+\-@\t\r＝＋－＠]")
"""Spreadsheets set to Chinese or Japanese calculate from the full-width signs too."""

Cell = str | int | float | None


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row with content; ``number`` as a spreadsheet counts it, from 1."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Head:
    """Where the columns are: place by field; ``unknown`` headings nobody asked for; ``below`` the rows under it."""

    places: Mapping[str, int]
    titles: Mapping[str, str]
    unknown: tuple[str, ...]
    below: tuple[TableRow, ...]

    def cells(self, row: TableRow) -> dict[str, str]:
        """The row's cells by field."""
        return {name: row.cells[place] if place < len(row.cells) else "" for name, place in self.places.items()}


def read_table(stream: IO[bytes]) -> tuple[TableRow, ...]:
    """Every row with content, cells as text: 53 and not 53.0, dates as 2026-01-12, merged cells repeated downwards.

    Reads the first sheet with content, or csv in UTF-8, UTF-16 or GB 18030, parted by comma, tab, semicolon or bar.
    Raises ``TableUnreadable``, ``TableEmpty`` or ``TableTooLong``.
    """
    content = stream.read()
    if content.startswith(_SPREADSHEET):
        count, rows = read_workbook(content, most_rows=MOST_ROWS)
        kept = [TableRow(number, tuple(cells)) for number, cells in rows]
    else:
        kept = [TableRow(number, cells) for number, cells in enumerate(_from_text(content), start=1) if any(cells)]
        count = len(kept)
    if not count:
        raise TableEmpty
    if count > MOST_ROWS:
        raise TableTooLong(rows=count, limit=MOST_ROWS)
    return tuple(kept)


def _from_text(content: bytes) -> list[tuple[str, ...]]:
    text = _decoded(content)
    head = text[:20_000].splitlines()[:20]
    delimiter = max(_DELIMITERS, key=lambda sign: sum(line.count(sign) for line in head))
    try:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        return [tuple(normalised(cell) for cell in row[:MOST_COLUMNS]) for row in rows]
    except csv.Error as error:
        raise TableUnreadable from error


def _decoded(content: bytes) -> str:
    encodings = ("utf-16",) if content.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise TableUnreadable


def find_head(rows: Sequence[TableRow], columns: Mapping[str, Sequence[str]], *, needed: Sequence[str]) -> Head:
    """The row that names most of ``columns`` (field → headings people use), within the first rows.

    Capitals, blanks, marks and what stands in brackets do not matter: ``度数（%vol）*`` is 度数. A second heading row
    right below (the same in English) is passed over. Raises ``HeadMissing`` when no row names one of ``needed``, and
    ``ColumnTwice``.
    """
    names = {_key(heading): field for field, headings in columns.items() for heading in headings}
    read = [[_field(cell, names) for cell in row.cells] for row in rows[:_HEAD_WITHIN]]
    scores = [len({field for field in fields if field}) for fields in read]
    best = max(range(len(read)), key=lambda place: (scores[place], -place))
    places = _places(rows[best], read[best])
    if not any(field in places for field in needed):
        raise HeadMissing(wanted=" / ".join(columns[field][0] for field in needed))
    first = best + 1
    while first < len(read) and _is_heading(rows[first], scores[first]):
        first += 1
    known = set(places.values())
    titles = {field: rows[best].cells[place] for field, place in places.items()}
    unknown = tuple(cell for place, cell in enumerate(rows[best].cells) if cell and place not in known)
    return Head(places, titles, unknown, tuple(rows[first:]))


def _is_heading(row: TableRow, score: int) -> bool:
    """Whether a row below the head repeats it in another language: half its cells are headings."""
    return score >= 2 and 2 * score >= sum(cell != "" for cell in row.cells)


def _places(row: TableRow, fields: Sequence[str | None]) -> dict[str, int]:
    places: dict[str, int] = {}
    for place, field in enumerate(fields):
        if field is None:
            continue
        if field in places:
            raise ColumnTwice(first=row.cells[places[field]], second=row.cells[place])
        places[field] = place
    return places


def _field(cell: str, names: Mapping[str, str]) -> str | None:
    if len(cell) > _LONGEST_HEADING:
        return None
    return names.get(_key(cell)) or names.get(_key(_BRACKETED.sub("", cell)))


def _key(heading: str) -> str:
    return re.sub(r"[\W_]", "", normalised(heading).casefold())


def harmless(cell: Cell) -> Cell:
    """A text that a spreadsheet would run as a formula gets an apostrophe in front; figures stay figures."""
    return f"'{cell}" if isinstance(cell, str) and _FORMULA.match(cell) else cell


def without_guard(cell: str) -> str:
    """The text as it was before ``harmless``."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell[1:]) else cell


def csv_table(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """The table as csv in UTF-8 with a mark that Excel understands."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([harmless(word) for word in head])
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def xlsx_table(head: Sequence[str], rows: Iterable[Sequence[Cell]], *, title: str) -> bytes:
    """The table as a workbook of one sheet, its head in bold and fixed; digits in texts keep their zeros."""
    # Here and not above: workbooks are written now and then, a process that writes none need not carry the library.
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet(title=re.sub(r"[\\/*?:\[\]]", " ", title)[:31])
    sheet.freeze_panes = "A2"
    cells = [WriteOnlyCell(sheet, value=harmless(word)) for word in head]
    for cell in cells:
        cell.font = Font(bold=True)
    sheet.append(cells)
    for row in rows:
        sheet.append([harmless(cell) for cell in row])
    content = io.BytesIO()
    workbook.save(content)
    return content.getvalue()
