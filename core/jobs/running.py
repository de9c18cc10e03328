"""A job as the function that does it sees it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO, Any
from uuid import UUID

from core.db import sql
from core.files.models import StoredFile
from core.files.selectors import open_file
from core.jobs.failures import RowFailure, stored
from core.jobs.models import Job
from core.kernel import clock
from core.web.draining import is_draining

MOST_FAILURES = 2000
"""Kept with the job; the count goes on beyond."""

_REPORT = """
UPDATE jobs_job SET
    total = greatest(total, coalesce(%(total)s, total)), done = done + %(done)s, failed = failed + %(failed)s,
    cursor = %(cursor)s, heartbeat_at = %(now)s,
    failures = CASE WHEN jsonb_array_length(failures) < %(most)s THEN failures || %(failures)s::jsonb ELSE failures END
WHERE id = %(id)s AND runs = %(run)s AND status = 'RUNNING'
"""


class HandedBack(Exception):
    """This worker is about to stop: the next one goes on at the cursor."""


class NoLongerOurs(Exception):
    """The job was cancelled, or another worker took it up: stop at once, quietly."""


@dataclass(slots=True)
class RunningJob:
    """What a job function may know and say. ``run`` tells this worker from those that had the job before.

    A job works in batches of about a thousand rows: skip ``cursor`` rows, act on a batch by one verb (an act of its
    own), then ``report`` it. A worker that dies in between leaves a batch that is done again: batches are idempotent.
    """

    id: UUID
    kind: str
    parameters: Mapping[str, Any]
    source_file_id: UUID | None
    is_dry_run: bool
    cursor: int
    run: int
    outcome: dict[str, Any] = field(default_factory=dict)
    result_file_id: UUID | None = None

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
        )

    def source(self) -> IO[bytes]:
        """The source file, open for reading. Raises ``ValueError`` when the job was started without one."""
        if self.source_file_id is None:
            raise ValueError("this job has no source file")
        return open_file(StoredFile.objects.get(pk=self.source_file_id))

    def expect(self, total: int) -> None:
        """Say how many rows there are in all."""
        self._tell(total=total)

    def report(
        self,
        *,
        done: int = 0,
        failed: int | None = None,
        failures: Sequence[RowFailure] = (),
        cursor: int | None = None,
    ) -> None:
        """Report a batch after its act: how many rows it did and failed, and the cursor behind it.

        ``failed`` is the number of failing rows (by default of distinct rows in ``failures``), ``cursor`` by default
        the old one plus all rows of the batch. One statement. Raises ``NoLongerOurs``, and ``HandedBack`` when this
        worker is about to stop.
        """
        lost = len({failure.row for failure in failures}) if failed is None else failed
        self._tell(
            done=done, failed=lost, failures=failures, cursor=self.cursor + done + lost if cursor is None else cursor
        )
        if is_draining():
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
        }
        if not sql.execute(_REPORT, told):
            raise NoLongerOurs
        if cursor is not None:
            self.cursor = cursor
