"""Tables written as they come, in constant memory: csv, or a workbook of one sheet.

A workbook is a handful of small files in a zip; the one with the rows is written in pieces, so that a hundred thousand
rows need no more room than one.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from html import escape
from itertools import chain, islice
from typing import IO, Protocol

from core.files.errors import SheetFull
from core.files.rules import Type

Cell = str | int | float | Decimal | date | datetime | None
Row = Sequence[Cell]

MOST_SHEET_ROWS = 1_048_575
"""Rows of a sheet below its head; more no spreadsheet opens."""
_FORMULA = re.compile(r"^\s*[=+\-@\t\r＝＋－＠]")
"""Spreadsheets set to Chinese or Japanese calculate from the full-width signs too."""
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LONGEST_TEXT = 32_767
_EXACT = 10**15
"""Larger whole numbers lose digits in a spreadsheet: they are written as text."""
_SAMPLED = 200
"""Rows the widths of the columns are taken from."""
_NARROWEST, _WIDEST = 8, 60
_PIECE = 500
"""Rows compressed together."""
_DAY_ZERO = date(1899, 12, 30)
_BOLD, _MONEY, _DAY, _INSTANT = 1, 2, 3, 4
"""Places in the list of styles."""


class TableWriter(Protocol):
    """Takes rows, one by one."""

    def write(self, row: Row) -> None:
        """Add a row below the last. Raises ``SheetFull``."""


def harmless(cell: Cell) -> Cell:
    """A text that a spreadsheet would run as a formula gets an apostrophe in front; figures stay figures."""
    return f"'{cell}" if isinstance(cell, str) and _FORMULA.match(cell) else cell


def without_guard(cell: str) -> str:
    """The text as it was before ``harmless``."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell[1:]) else cell


@contextmanager
def table_writer(
    stream: IO[bytes], kind: Type, head: Sequence[str], *, title: str, sample: Iterable[Row] = ()
) -> Iterator[TableWriter]:
    """A writer of ``kind`` (csv or xlsx) that has written the head; the table is whole at the end of the block.

    ``title`` names the sheet; ``sample``, some rows like those to come, tells how wide its columns are.
    """
    if kind is Type.CSV:
        text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="", write_through=False)
        yield _CsvWriter(text, head)
        text.flush()
        text.detach()
        return
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
        for name, content in _PARTS.items():
            archive.writestr(name, content)
        archive.writestr("xl/workbook.xml", _WORKBOOK % escape(_sheet_name(title)))
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            writer = _SheetWriter(sheet, head, sample)
            yield writer
            writer.close()


def write_table(stream: IO[bytes], kind: Type, head: Sequence[str], rows: Iterable[Row], *, title: str) -> int:
    """Write a whole table; how many rows it has. Raises ``SheetFull``."""
    rest = iter(rows)
    sample = list(islice(rest, _SAMPLED))
    count = 0
    with table_writer(stream, kind, head, title=title, sample=sample) as writer:
        for row in chain(sample, rest):
            writer.write(row)
            count += 1
    return count


class _CsvWriter:
    """In UTF-8 with a mark that Excel understands."""

    def __init__(self, text: io.TextIOWrapper, head: Sequence[str]) -> None:
        self._writer = csv.writer(text)
        self.write(head)

    def write(self, row: Row) -> None:
        self._writer.writerow([_as_text(cell) for cell in row])


def _as_text(cell: Cell) -> object:
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%d %H:%M")
    return harmless(cell)


class _SheetWriter:
    """The file of the rows; its head is bold, fixed and filters."""

    def __init__(self, sheet: IO[bytes], head: Sequence[str], sample: Iterable[Row]) -> None:
        self._sheet = sheet
        self._columns = [_letters(place) for place in range(len(head))]
        self._count = 0
        self._waiting: list[str] = [_SHEET_HEAD % _widths(head, sample)]
        cells = "".join(
            _text_cell(f"{letters}1", word, _BOLD) for letters, word in zip(self._columns, head, strict=True)
        )
        self._waiting.append(f'<row r="1">{cells}</row>')

    def write(self, row: Row) -> None:
        if self._count >= MOST_SHEET_ROWS:
            raise SheetFull(limit=MOST_SHEET_ROWS)
        self._count += 1
        number = self._count + 1
        cells = [
            _cell(f"{letters}{number}", cell)
            for letters, cell in zip(self._columns, row, strict=True)
            if cell is not None
        ]
        self._waiting.append(f'<row r="{number}">{"".join(cells)}</row>')
        if len(self._waiting) >= _PIECE:
            self._flush()

    def close(self) -> None:
        last = f"{self._columns[-1] if self._columns else 'A'}{self._count + 1}"
        self._waiting.append(f'</sheetData><autoFilter ref="A1:{last}"/></worksheet>')
        self._flush()

    def _flush(self) -> None:
        self._sheet.write("".join(self._waiting).encode())
        self._waiting.clear()


def _cell(place: str, cell: Cell) -> str:
    if isinstance(cell, str):
        return _text_cell(place, cell)
    if isinstance(cell, datetime):
        days = (cell.date() - _DAY_ZERO).days + (cell.hour * 3600 + cell.minute * 60 + cell.second) / 86_400
        return f'<c r="{place}" s="{_INSTANT}"><v>{days:.10g}</v></c>'
    if isinstance(cell, date):
        return f'<c r="{place}" s="{_DAY}"><v>{(cell - _DAY_ZERO).days}</v></c>'
    if isinstance(cell, Decimal):
        style = f' s="{_MONEY}"' if cell.as_tuple().exponent else ""
        return f'<c r="{place}"{style}><v>{cell:f}</v></c>'
    if isinstance(cell, int) and abs(cell) >= _EXACT:
        return _text_cell(place, str(cell))
    return f'<c r="{place}"><v>{cell}</v></c>'


def _text_cell(place: str, text: str, style: int = 0) -> str:
    if not text:
        return ""
    words = escape(_NO_XML.sub("", str(harmless(text)))[:_LONGEST_TEXT], quote=False)
    styled = f' s="{style}"' if style else ""
    return f'<c r="{place}"{styled} t="inlineStr"><is><t xml:space="preserve">{words}</t></is></c>'


def _letters(place: int) -> str:
    """A, B … Z, AA …: the name of the column at ``place``, from 0."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _widths(head: Sequence[str], sample: Iterable[Row]) -> str:
    if not head:
        return ""
    widest = [_width(word) for word in head]
    for row in sample:
        widest = [max(width, _width(cell)) for width, cell in zip(widest, row, strict=True)]
    columns = "".join(
        f'<col min="{place}" max="{place}" width="{min(max(width + 2, _NARROWEST), _WIDEST)}" customWidth="1"/>'
        for place, width in enumerate(widest, start=1)
    )
    return f"<cols>{columns}</cols>"


def _width(cell: Cell) -> int:
    """In figures; a Chinese sign is as wide as two."""
    text = str(_as_text(cell)) if cell is not None else ""
    return len(text) + sum(sign > "\u2e80" for sign in text)


def _sheet_name(title: str) -> str:
    return re.sub(r"[\\/*?:\[\]']", " ", _NO_XML.sub("", title)).strip()[:31] or "Sheet"


_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_WORD = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_SHEET_HEAD = (
    f'{_XML}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
    '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>%s<sheetData>'
)
_WORKBOOK = (
    f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets><sheet name="%s" sheetId="1" r:id="rId1"/></sheets>'
    "</workbook>"
)
_PARTS = {
    "[Content_Types].xml": (
        f'{_XML}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_WORD}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_WORD}.worksheet+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_WORD}.styles+xml"/></Types>'
    ),
    "_rels/.rels": (
        f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/_rels/workbook.xml.rels": (
        f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>'
    ),
    "xl/styles.xml": (
        f'{_XML}<styleSheet xmlns="{_MAIN}">'
        '<numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/>'
        '<numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd\\ hh:mm"/></numFmts>'
        '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
        '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
        '<fills count="2"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill></fills>'
        '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
        '<cellXfs count="5"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
        '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>'
        '<xf numFmtId="4" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
        '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
        '<xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    ),
}
