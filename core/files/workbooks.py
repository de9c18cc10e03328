"""Reading a workbook in a process of its own, with bounds.

Its reader lays out the whole area between the first and the last cell before anybody can ask how large it is: a file of
two kilobytes with a cell at XFD1048576 wants a terabyte, and what cannot be had ends the process. So that process is
not a worker, whose other jobs would end with it, once for each time the file is tried again.
"""

import io
import logging
import resource
import subprocess
import sys
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import orjson

from core.files.errors import TableUnreadable
from core.kernel.text import normalised

MOST_BYTES = 1536 * 1024 * 1024
"""Address space of the process; 50,000 rows of 30 texts take a third of it."""
MOST_CPU_S = 60
MOST_CHARACTERS = 60_000_000
"""One text may stand in every cell: a file says it once, a table as often as it has cells."""
MOST_MERGED = 2_000_000
"""Cells filled from merged ones, which may lie over each other as often as somebody likes."""
MOST_COLUMNS = 200

Rows = list[tuple[int, list[str]]]
_ROOT = Path(__file__).resolve().parents[2]
_PATIENCE_S = 600
log = logging.getLogger(__name__)


def read_workbook(content: bytes, *, most_rows: int) -> tuple[int, Rows]:
    """How many rows of the first sheet with content have any, and those rows by number; none beyond ``most_rows``.

    Raises ``TableUnreadable``.
    """
    command = [sys.executable, "-m", __name__, str(most_rows)]
    try:
        done = subprocess.run(
            command,
            input=content,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=_ROOT,
            env={},  # nothing of ours is its business
            timeout=_PATIENCE_S,
            check=True,
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        log.warning("a workbook of %d bytes could not be read: %s", len(content), getattr(error, "returncode", "late"))
        raise TableUnreadable from None
    count, rows = orjson.loads(done.stdout)
    return int(count), [(number, cells) for number, cells in rows]


def _main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_CPU_S, MOST_CPU_S))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    count, rows = _read(sys.stdin.buffer.read(), int(sys.argv[1]))
    sys.stdout.buffer.write(orjson.dumps((count, rows)))


def _read(content: bytes, most_rows: int) -> tuple[int, Rows]:
    from python_calamine import load_workbook  # it must not grow a process that only asks for a table

    workbook = load_workbook(io.BytesIO(content))
    for name in workbook.sheet_names:
        rows = [(number, cells) for number, cells in enumerate(_sheet(workbook, name), start=1) if any(cells)]
        if rows:
            characters = sum(len(cell) for _, cells in rows for cell in cells)
            if characters > MOST_CHARACTERS:
                raise MemoryError
            return len(rows), rows if len(rows) <= most_rows else []
    return 0, []


def _sheet(workbook: Any, name: str) -> list[list[str]]:
    sheet = workbook.get_sheet_by_name(name)
    rows = [[_text(cell) for cell in row[:MOST_COLUMNS]] for row in sheet.to_python(skip_empty_area=False)]
    filled = 0
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        # Across, a merged cell is a heading over several columns; downwards it says the same of every row.
        if left == right and bottom < len(rows) and left < MOST_COLUMNS:
            filled += bottom - top
            if filled > MOST_MERGED:
                raise MemoryError
            for place in range(top + 1, bottom + 1):
                rows[place][left] = rows[top][left]
    return rows


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
