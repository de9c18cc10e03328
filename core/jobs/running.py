"""A job as the function that does it sees it."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO, Any
from uuid import UUID

from core.db import sql
from core.db.acts import door_act
from core.files.models import StoredFile
from core.files.selectors import open_file
from core.jobs.failures import RowFailure, stored
from core.jobs.models import Job, JobRow
from core.kernel import clock
from core.tasks.workers import note_alive
from core.web.draining import is_draining

NO_COUNTS: Mapping[str, int] = {}
MOST_FAILURES = 2000
"""Kept with the job; the count goes on beyond."""

_REPORT = """
UPDATE jobs_job SET
    total = greatest(total, coalesce(%(total)s, total)), done = done + %(done)s, failed = failed + %(failed)s,
    cursor = %(cursor)s, heartbeat_at = %(now)s,
    failures = CASE WHEN jsonb_array_length(failures) < %(most)s THEN failures || %(failures)s::jsonb ELSE failures END,
    result = CASE WHEN %(counts)s::jsonb = '{}' THEN result ELSE result || (
        SELECT jsonb_object_agg(key, coalesce((result->>key)::bigint, 0) + value::bigint)
        FROM jsonb_each_text(%(counts)s::jsonb)) END
WHERE id = %(id)s AND runs = %(run)s AND status = 'RUNNING'
"""

_BEGIN_ANEW = """
UPDATE jobs_job SET total = 0, done = 0, failed = 0, cursor = 0, failures = '[]', result = '{}', heartbeat_at = %(now)s
WHERE id = %(id)s AND runs = %(run)s AND status = 'RUNNING'
"""
_CLAIM_FILE = """
UPDATE jobs_job SET result_file_id = %(file)s WHERE id = %(id)s AND runs = %(run)s AND status = 'RUNNING'
"""


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row of the source worth a look: its number, what becomes of it, its key, what the kind says of it (JSON)."""

    row: int
    fate: str
    code: str
    said: Mapping[str, Any]


class HandedBack(Exception):
    """This worker is about to stop: the next one goes on at the cursor."""


class NoLongerOurs(Exception):
    """The job was cancelled, or another worker took it up: stop at once, quietly."""


@dataclass(slots=True)
class RunningJob:
    """What a job function may know and say. ``run`` tells this worker from those that had the job before.

    A job works in batches of a thousand rows or more: skip ``cursor`` rows, then in one ``step`` act on a batch by one
    verb and ``report`` it. Where a verb needs an act of its own, a worker that dies before the report leaves a batch
    that is done again: batches are idempotent.
    """

    id: UUID
    kind: str
    parameters: Mapping[str, Any]
    source_file_id: UUID | None
    is_dry_run: bool
    cursor: int
    run: int
    done: int = 0
    outcome: dict[str, Any] = field(default_factory=dict)
    result_file_id: UUID | None = None
    head_row: int = 0
    """Row of the source that names its columns; 0: there is none, or nobody said."""
    is_stepping: bool = False

    @classmethod
    def of(cls, job: Job) -> "RunningJob":
        """The job as this worker has just taken it up."""
        return cls(
            id=job.pk,
            kind=job.kind,
            parameters=job.parameters,
            source_file_id=job.source_file_id,
            is_dry_run=job.is_dry_run,
            cursor=job.cursor,
            run=job.runs,
            done=job.done,
            result_file_id=job.result_file_id,
        )

    def source(self) -> IO[bytes]:
        """The source file, open for reading. Raises ``ValueError`` when the job was started without one."""
        if self.source_file_id is None:
            raise ValueError("this job has no source file")
        return open_file(StoredFile.objects.get(pk=self.source_file_id))

    def expect(self, total: int) -> None:
        """Say how many rows there are in all."""
        self._tell(total=total)

    def begin_anew(self) -> None:
        """Forget what an earlier worker reported: this kind of job cannot go on in the middle.

        Raises ``NoLongerOurs``.
        """
        if not sql.execute(_BEGIN_ANEW, {"id": self.id, "run": self.run, "now": clock.now()}):
            raise NoLongerOurs
        JobRow.objects.filter(job_id=self.id).delete()
        self.cursor = self.done = 0

    @contextmanager
    def step(self) -> Iterator[None]:
        """One batch: its one verb and its report stand together or not at all, so that the counts are of the whole.

        Raises ``HandedBack`` behind it when this worker is about to stop.
        """
        self.is_stepping = True
        try:
            with door_act():
                yield
        finally:
            self.is_stepping = False
        note_alive()
        if is_draining():
            raise HandedBack

    def claim_file(self, file_id: UUID) -> None:
        """Write down the result in the act that keeps it: a worker that goes on finds it. Raises ``NoLongerOurs``."""
        if not sql.execute(_CLAIM_FILE, {"file": file_id, "id": self.id, "run": self.run}):
            raise NoLongerOurs

    def show(self, rows: Iterable[ShownRow]) -> None:
        """Keep rows to be looked at, beside the report of their batch."""
        cells = (
            (str(self.id), one.row, one.fate, one.code[:80], json.dumps(one.said, ensure_ascii=False)) for one in rows
        )
        sql.copy("jobs_jobrow", ("job_id", "row", "fate", "code", "said"), cells)

    def report(
        self,
        *,
        done: int = 0,
        failed: int | None = None,
        failures: Sequence[RowFailure] = (),
        cursor: int | None = None,
        counts: Mapping[str, int] = NO_COUNTS,
    ) -> None:
        """Report a batch after its act: how many rows it did and failed, and the cursor behind it.

        ``counts`` (new, changed, same …) add up over all batches and workers in the job's result. ``failed`` is the
        number of failing rows (by default of distinct rows in ``failures``), ``cursor`` by default the old one plus
        all rows of the batch. One statement. Raises ``NoLongerOurs``, and outside a step ``HandedBack`` when this
        worker is about to stop.
        """
        lost = len({failure.row for failure in failures}) if failed is None else failed
        behind = self.cursor + done + lost if cursor is None else cursor
        self._tell(done=done, failed=lost, failures=failures, cursor=behind, counts=counts)
        if is_draining() and not self.is_stepping:
            raise HandedBack

    def heartbeat(self) -> None:
        """Say that this worker lives, where a batch takes minutes. Raises ``NoLongerOurs``."""
        self._tell()

    def finish(self, outcome: Mapping[str, Any], *, result_file_id: UUID | None = None) -> None:
        """Leave counts or numbers to show at the end, and a result file made by ``files.services.keep_produced``."""
        self.outcome = dict(outcome)
        self.result_file_id = result_file_id

    def _tell(
        self,
        *,
        total: int | None = None,
        done: int = 0,
        failed: int = 0,
        failures: Sequence[RowFailure] = (),
        cursor: int | None = None,
        counts: Mapping[str, int] = NO_COUNTS,
    ) -> None:
        told = {
            "id": self.id,
            "run": self.run,
            "total": total,
            "done": done,
            "failed": failed,
            "cursor": self.cursor if cursor is None else cursor,
            "now": clock.now(),
            "most": MOST_FAILURES,
            "failures": json.dumps(stored(failures), ensure_ascii=False),
            "counts": json.dumps(dict(counts)),
        }
        if not self.is_stepping:  # nothing calls out inside an act
            note_alive()
        if not sql.execute(_REPORT, told):
            raise NoLongerOurs
        if cursor is not None:
            self.cursor = cursor
