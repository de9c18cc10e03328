"""A table read in pieces and handed to one verb a piece: what every import of rows that stand alone has in common."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Generic, TypeVar

from core.files.tables import Head, TableRow, open_table, under_head
from core.jobs.failures import RowFailure
from core.jobs.mending import FAILED
from core.jobs.running import RunningJob, ShownRow
from core.kernel.errors import DomainError

Change = tuple[Any, Any]
"""Old and new value of a field as JSON; None: there was none."""
SAME = "same"
FATES = ("new", "changed", SAME)
T = TypeVar("T")


@dataclass(slots=True)
class SourceRow(Generic[T]):
    """One row as read: the command it asks for, or what is wrong with it; ``code`` and ``name`` say which it is."""

    number: int
    code: str
    command: T | None = None
    name: str = ""
    faults: list[DomainError] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Judged:
    """What a verb answers to commands, by their 1-based place: fates of the good ones with old and new by field, and
    the faults of the others, each with its line.
    """

    fates: Mapping[int, str]
    changes: Mapping[int, Mapping[str, Change]]
    faults: Sequence[DomainError] = ()


@dataclass(frozen=True, slots=True)
class Source(Generic[T]):
    """How a kind of table is read: ``headings`` by field, ``labels`` (msgids) of what may be at fault, one row's
    ``read``. ``batch``: rows in one act. A row has a cell of every heading, empty where the file has no such column;
    where ``tells_absent``, of the file's columns alone.
    """

    headings: Mapping[str, Sequence[str]]
    needed: Sequence[str]
    labels: Mapping[str, str]
    batch: int
    read: Callable[[TableRow, Mapping[str, str]], SourceRow[T]]
    tells_absent: bool = False


def import_rows(job: RunningJob, source: Source[T], write: Callable[[Sequence[T], str], Judged]) -> None:
    """Read the job's file piece by piece; ``write`` judges the good rows of a piece, and in a real run does them.

    It gets the number of the piece (the batch the job was started with, or the job itself): the same piece of the same
    batch is done once. Memory does not grow with the file.
    """
    with job.source() as stream:
        table = open_table(stream)
    head, lines = under_head(table, source.headings, needed=source.needed)
    job.head_row = head.number
    job.expect(table.count - head.above)
    began = job.cursor
    for place, start in enumerate(range(0, table.count, source.batch), start=1):
        rows = [_read(source, head, line) for line in islice(lines, source.batch)]
        if start < began or not rows:
            continue  # done by a worker before: read for what stands twice
        good = [row for row in rows if row.command is not None and not row.faults]
        with job.step():
            commands = [row.command for row in good if row.command is not None]
            judged = write(commands, piece_number(job, place))
            _report(job, source, rows, good, judged)
    job.finish({})


def piece_number(job: RunningJob, place: int) -> str:
    """What the ``place``-th piece of a job's file is called, at most 64 characters."""
    return f"{str(job.parameters.get('batch') or job.id)[:50]}/{place}"


def refuse_twice(first: dict[tuple[str, ...], int], key: tuple[str, ...], number: int) -> int | None:
    """In which earlier row the key stood; None: it is new, and noted now."""
    other = first.setdefault(key, number)
    return other if other != number else None


def _read(source: Source[T], head: Head, line: TableRow) -> SourceRow[T]:
    cells = head.cells(line)
    return source.read(line, cells if source.tells_absent else dict.fromkeys(source.headings, "") | cells)


def _report(
    job: RunningJob, source: Source[T], rows: Sequence[SourceRow[T]], good: Sequence[SourceRow[T]], judged: Judged
) -> None:
    places = {row.number: place for place, row in enumerate(good, start=1)}
    for fault in judged.faults:
        good[(fault.line or 1) - 1].faults.append(fault)
    counts: dict[str, int] = dict.fromkeys(FATES, 0)
    shown: list[ShownRow] = []
    for row in rows:
        place = places.get(row.number, 0)
        fate = judged.fates.get(place)
        if fate is None or row.faults:
            shown.append(ShownRow(row.number, FAILED, row.code, {"name": row.name}))
            continue
        counts[fate] += 1
        if job.is_dry_run and fate != SAME:
            said = {"name": row.name, "changes": judged.changes.get(place, {})}
            shown.append(ShownRow(row.number, fate, row.code, said))
    job.show(shown)
    job.report(
        done=sum(counts.values()),
        failures=_failures(rows, source.labels),
        cursor=job.cursor + len(rows),
        counts=counts,
    )


def _failures(rows: Iterable[SourceRow[T]], labels: Mapping[str, str]) -> list[RowFailure]:
    return [
        failure
        for row in rows
        for fault in row.faults
        for failure in RowFailure.of(fault, row=row.number, labels=labels)
    ]
