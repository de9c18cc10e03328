"""Tables as people keep them, and an import run to its end as a worker would."""

import io
from collections.abc import Sequence

import pytest
from openpyxl import Workbook

from core.files.rules import Purpose
from core.files.services import store
from core.jobs import services as jobs
from core.jobs.models import Job
from core.kernel.actor import Actor


def xlsx(*rows: Sequence[object]) -> bytes:
    """A workbook of these rows."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def csv(*rows: Sequence[object], encoding: str = "utf-8") -> bytes:
    """The rows as csv."""
    lines = (",".join("" if cell is None else str(cell) for cell in row) for row in rows)
    return "\r\n".join(lines).encode(encoding)


def imported(
    monkeypatch: pytest.MonkeyPatch,
    actor: Actor,
    kind: str,
    content: bytes,
    *,
    is_dry_run: bool = False,
    **choices: object,
) -> Job:
    """The import of ``content``, run to its end; the worker finds the actor on their seat."""
    monkeypatch.setattr(jobs, "actor_of_seat", {actor.seat_id: actor}.get)
    name = "table.xlsx" if content.startswith(b"PK") else "table.csv"
    stored = store(actor=actor, upload=io.BytesIO(content), name=name, purpose=Purpose.IMPORT)
    job = jobs.start(actor=actor, kind=kind, parameters=choices, source_file_id=stored.pk, is_dry_run=is_dry_run)
    jobs.run(job.pk)
    job.refresh_from_db()
    return job


def faults(job: Job) -> list[tuple[int, str]]:
    """Row and code of every failure, by row."""
    return sorted((failure["row"], failure["code"]) for failure in job.failures)


def counts(job: Job) -> dict[str, int]:
    """How many rows met which fate."""
    return {fate: count for fate, count in job.result.items() if isinstance(count, int) and count}
