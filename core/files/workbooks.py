"""Reading a workbook in a process of its own, with bounds.

Its reader lays out the whole area between the first and the last cell before anybody can ask how large it is: a file of
two kilobytes with a cell at XFD1048576 wants a terabyte, and what cannot be had ends the process. So that process is
not a worker, whose other jobs would end with it, once for each time the file is tried again.
"""

import contextlib
import io
import logging
import re
import resource
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from itertools import islice
from pathlib import Path
from typing import Any

import orjson

from core.files.errors import FormulaUnsaved, TableUnreadable
from core.kernel.text import normalised

MOST_BYTES = 1536 * 1024 * 1024
"""Address space of the process; 50,000 rows of 30 texts take a third of it."""
MOST_CPU_S = 60
MOST_CHARACTERS = 60_000_000
"""One text may stand in every cell: a file says it once, a table as often as it has cells."""
MOST_MERGED = 2_000_000
"""Cells filled from merged ones, which may lie over each other as often as somebody likes."""
MOST_COLUMNS = 200
MOST_CELLS = 100_000_000
"""Between the first and the last cell, filled or not."""

_ROOT = Path(__file__).resolve().parents[2]
_PATIENCE_S = 600
_PIECE = 500
"""Rows handed over together."""
_UNSAVED = re.compile(rb'<c r="([A-Z]{1,3}[0-9]+)"[^>]*><f[^>]*?(?:/>|>[^<]*</f>)(?:<v ?/>|<v></v>)?</c>')
Numbered = tuple[int, tuple[str, ...]]
log = logging.getLogger(__name__)


def open_workbook(content: bytes, *, most_rows: int) -> tuple[int, Iterator[Numbered]]:
    """How many rows of the first sheet with content have any, and those rows by number; none beyond ``most_rows``.

    Raises ``TableUnreadable``, also while the rows are read, and ``FormulaUnsaved``.
    """
    process = subprocess.Popen(
        [sys.executable, "-m", __name__, str(most_rows)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=_ROOT,
        env={},  # nothing of ours is its business
    )
    lines = _lines(process, content)
    found = next(lines)
    if isinstance(found, str):
        raise FormulaUnsaved(cell=found)
    return int(found), ((number, tuple(cells)) for rows in lines for number, cells in rows)


def _lines(process: subprocess.Popen[bytes], content: bytes) -> Iterator[Any]:
    """What the process says, line by line; it is over, one way or another, when nobody listens any more."""
    late = threading.Timer(_PATIENCE_S, process.kill)
    late.start()
    try:
        with process, contextlib.suppress(BrokenPipeError):
            if process.stdin is None or process.stdout is None:
                raise TableUnreadable
            process.stdin.write(content)
            process.stdin.close()
            is_heard = False
            for line in process.stdout:
                is_heard = True
                yield orjson.loads(line)
        if process.returncode or not is_heard:
            log.warning("a workbook of %d bytes could not be read: %s", len(content), process.returncode)
            raise TableUnreadable
    finally:
        late.cancel()
        process.kill()


def _main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_CPU_S, MOST_CPU_S))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for said in _said(sys.stdin.buffer.read(), int(sys.argv[1])):
        sys.stdout.buffer.write(orjson.dumps(said) + b"\n")


def _said(content: bytes, most_rows: int) -> Iterator[object]:
    """The number of rows with content, then the rows, some hundred at a time; or the cell of an unsaved formula."""
    from python_calamine import load_workbook  # it must not grow a process that only asks for a table

    unsaved = _unsaved_formula(content)
    if unsaved:
        yield unsaved
        return
    workbook = load_workbook(io.BytesIO(content))
    for name in workbook.sheet_names:
        sheet = workbook.get_sheet_by_name(name)
        count = sum(1 for _ in _rows(sheet))
        if count:
            yield count
            if count <= most_rows:
                yield from _pieces(_rows(sheet))
            return
    yield 0


def _unsaved_formula(content: bytes) -> str:
    """The first cell whose formula nobody has ever worked out: a program wrote it, and it reads as empty."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            if name.startswith("xl/worksheets/") and (found := _UNSAVED.search(archive.read(name))):
                return found[1].decode()
    return ""


def _pieces(rows: Iterator[tuple[int, list[str]]]) -> Iterator[list[tuple[int, list[str]]]]:
    while piece := list(islice(rows, _PIECE)):
        yield piece


def _rows(sheet: Any) -> Iterator[tuple[int, list[str]]]:
    """Rows with content by number. Raises ``MemoryError`` where they say more than any table has to say."""
    if sheet.end and (sheet.end[0] + 1) * (sheet.end[1] + 1) > MOST_CELLS:
        raise MemoryError
    merged = _merged_downwards(sheet)
    above: dict[int, str] = {}
    characters = filled = 0
    for place, row in enumerate(sheet.iter_rows()):
        cells = [_text(cell) for cell in row[:MOST_COLUMNS]]
        for column, is_first in merged.get(place, ()):
            # Across, a merged cell is a heading over several columns; downwards it says the same of every row.
            if is_first:
                above[column] = cells[column] if column < len(cells) else ""
            elif column < len(cells):
                cells[column] = above[column]
                filled += 1
        characters += sum(map(len, cells))
        if characters > MOST_CHARACTERS or filled > MOST_MERGED:
            raise MemoryError
        if any(cells):
            yield place + 1, cells


def _merged_downwards(sheet: Any) -> dict[int, list[tuple[int, bool]]]:
    """By row, the columns of cells merged downwards, and whether the row is their first."""
    found: dict[int, list[tuple[int, bool]]] = {}
    cells = 0
    last = sheet.end[0] if sheet.end else -1
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        if left != right or left >= MOST_COLUMNS or bottom > last:
            continue
        cells += bottom - top + 1
        if cells > MOST_MERGED:
            raise MemoryError
        for place in range(top, bottom + 1):
            found.setdefault(place, []).append((left, place == top))
    return found


def _text(cell: object) -> str:
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else f"{cell:.10g}"
    if isinstance(cell, datetime) and cell.time() == time():
        return cell.date().isoformat()
    if isinstance(cell, date | time):
        return cell.isoformat()
    return normalised(str(cell))


if __name__ == "__main__":
    _main()
