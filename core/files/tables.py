"""Tables people keep in spreadsheets: read from xlsx or csv as text cells, written with formulas made harmless."""

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import IO

from core.files.errors import ColumnTwice, HeadMissing, TableEmpty, TableTooLong, TableUnreadable
from core.files.rules import Type
from core.files.sheets import Cell, Row, harmless, without_guard, write_table
from core.files.workbooks import MOST_COLUMNS, open_workbook
from core.kernel.text import normalised

__all__ = [
    "MOST_ROWS",
    "Cell",
    "Head",
    "Table",
    "TableRow",
    "csv_table",
    "find_head",
    "harmless",
    "open_table",
    "read_table",
    "under_head",
    "without_guard",
    "xlsx_table",
]

MOST_ROWS = 50_000
MOST_STREAMED = 200_000
"""Rows of a table that is read in pieces and never held whole."""
_HEAD_WITHIN = 15
"""Rows in which the head is looked for: a title, notes and grouped headings may stand above it."""
_DELIMITERS = ",\t;|"
_BRACKETED = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_SPREADSHEET = b"PK\x03\x04"
_LONGEST_HEADING = 200
"""A longer cell names no column; brackets are looked for in none of them."""
_CHUNK_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row with content; ``number`` as a spreadsheet counts it, from 1."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table that is being read: ``count`` rows with content, and the rows, once."""

    count: int
    rows: Iterator[TableRow]


@dataclass(frozen=True, slots=True)
class Head:
    """Where the columns are: place by field; ``unknown`` headings nobody asked for; ``below`` the rows under it.

    ``number`` is the row the head stands in, ``above`` how many rows with content lie over the first one below it.
    """

    places: Mapping[str, int]
    titles: Mapping[str, str]
    unknown: tuple[str, ...]
    below: tuple[TableRow, ...]
    number: int = 1
    above: int = 1

    def cells(self, row: TableRow) -> dict[str, str]:
        """The row's cells by field."""
        return {name: row.cells[place] if place < len(row.cells) else "" for name, place in self.places.items()}


def read_table(stream: IO[bytes]) -> tuple[TableRow, ...]:
    """Every row with content, cells as text: 53 and not 53.0, dates as 2026-01-12, merged cells repeated downwards.

    Reads the first sheet with content, or csv in UTF-8, UTF-16 or GB 18030, parted by comma, tab, semicolon or bar.
    Raises ``TableUnreadable``, ``TableEmpty``, ``TableTooLong`` or ``FormulaUnsaved``.
    """
    once: dict[str, str] = {}  # most cells of a table say what others of their column say
    rows = open_table(stream, most_rows=MOST_ROWS).rows
    return tuple(TableRow(row.number, tuple([once.setdefault(cell, cell) for cell in row.cells])) for row in rows)


def open_table(stream: IO[bytes], *, most_rows: int = MOST_STREAMED) -> Table:
    """``read_table`` row by row, for what is too long to be held; counted beforehand. Raises the same."""
    content = stream.read()
    is_workbook = content.startswith(_SPREADSHEET)
    count, rows = open_workbook(content, most_rows=most_rows) if is_workbook else _open_text(content)
    if not count:
        raise TableEmpty
    if count > most_rows:
        raise TableTooLong(rows=count, limit=most_rows)
    return Table(count, (TableRow(number, cells) for number, cells in rows))


def _open_text(content: bytes) -> tuple[int, Iterator[tuple[int, tuple[str, ...]]]]:
    encoding = _encoding_of(content)
    with _text(content, encoding) as text:
        head = text.read(20_000).splitlines()[:20]
    delimiter = max(_DELIMITERS, key=lambda sign: sum(line.count(sign) for line in head))
    with _text(content, encoding) as text:
        count = sum(any(map(_says_something, row[:MOST_COLUMNS])) for row in _parsed(text, delimiter))
    return count, _text_rows(content, encoding, delimiter)


def _says_something(cell: str) -> bool:
    """Whether anything is left of a cell once it is normalised; looked at twice only where that is in doubt."""
    return bool(cell.strip()) and (cell.isprintable() or bool(normalised(cell)))


def _parsed(text: io.TextIOWrapper, delimiter: str) -> Iterator[list[str]]:
    """Rows as they stand. Raises ``TableUnreadable``."""
    try:
        yield from csv.reader(text, delimiter=delimiter)
    except csv.Error as error:
        raise TableUnreadable from error


def _text_rows(content: bytes, encoding: str, delimiter: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Rows with content by number. Raises ``TableUnreadable``."""
    with _text(content, encoding) as text:
        for number, row in enumerate(_parsed(text, delimiter), start=1):
            cells = tuple([normalised(cell) for cell in row[:MOST_COLUMNS]])
            if any(cells):
                yield number, cells


def _text(content: bytes, encoding: str) -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(content), encoding=encoding, newline="")


def _encoding_of(content: bytes) -> str:
    """What the bytes are text in. Raises ``TableUnreadable``."""
    encodings = ("utf-16",) if content.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        if _is_text(content, encoding):
            return encoding
    raise TableUnreadable


def _is_text(content: bytes, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for start in range(0, len(content), _CHUNK_BYTES):
            if "\x00" in decoder.decode(content[start : start + _CHUNK_BYTES]):
                return False
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def under_head(
    table: Table, columns: Mapping[str, Sequence[str]], *, needed: Sequence[str]
) -> tuple[Head, Iterator[TableRow]]:
    """``find_head`` of a table that is being read, and the rows under it. Raises the same."""
    first = list(islice(table.rows, _HEAD_WITHIN))
    head = find_head(first, columns, needed=needed)
    return head, chain(head.below, table.rows)


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
    return Head(places, titles, unknown, tuple(rows[first:]), rows[best].number, first)


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


def csv_table(head: Sequence[str], rows: Iterable[Row]) -> bytes:
    """The table as csv in UTF-8 with a mark that Excel understands."""
    content = io.BytesIO()
    write_table(content, Type.CSV, head, rows, title="")
    return content.getvalue()


def xlsx_table(head: Sequence[str], rows: Iterable[Row], *, title: str) -> bytes:
    """The table as a workbook of one sheet, its head in bold and fixed; digits in texts keep their zeros."""
    content = io.BytesIO()
    write_table(content, Type.XLSX, head, rows, title=title)
    return content.getvalue()
