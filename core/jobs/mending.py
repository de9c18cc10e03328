"""The file of what failed: the rows as they stood in the source, each with its faults beside it, to be mended there
and uploaded again."""

from collections.abc import Iterator
from tempfile import TemporaryFile
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext, override

from core.files.models import StoredFile
from core.files.rules import Type
from core.files.selectors import open_file
from core.files.services import keep_produced
from core.files.sheets import Row, write_table
from core.files.tables import TableRow, open_table
from core.jobs.models import Job, JobRow
from core.jobs.selectors import FailureLine, failure_lines
from core.kernel.text import N_

FAILED = "failed"
FAULT_HEADING = N_("What is wrong (this column is not read)")


def failure_file(job: Job, head_row: int) -> UUID:
    """Keep the failed rows of a job: with the source's own columns where the source has a head, else row by row.

    In the language the job was started in, or the house's.
    """
    with override(str(job.parameters.get("language") or settings.LANGUAGE_CODE)), TemporaryFile() as content:
        has_head = bool(head_row and job.source_file_id)
        source = StoredFile.objects.filter(pk=str(job.source_file_id)).first() if has_head else None
        kind = Type(source.content_type) if source is not None else Type.CSV
        head, rows = _as_in(job, source, head_row) if source is not None else _as_list(job)
        name = gettext("failed-rows")
        write_table(content, kind, head, rows, title=name)
        kept = keep_produced(
            name=f"{name}-{job.kind}.{'csv' if kind is Type.CSV else 'xlsx'}",
            content=content,
            content_type=kind,
            dealer_id=job.dealer_id,
            seat_id=job.seat_id,
        )
    return kept.pk


def _as_list(job: Job) -> tuple[list[str], Iterator[Row]]:
    head = [gettext("Row"), gettext("Reason"), gettext("What to do"), gettext("Fault code")]
    return head, ((line.row, line.text, line.remedy, line.code) for line in failure_lines(job))


def _as_in(job: Job, source: StoredFile, head_row: int) -> tuple[list[str], Iterator[Row]]:
    with open_file(source) as stream:
        table = open_table(stream)
    above = next(row for row in table.rows if row.number >= head_row)
    width = len(above.cells)
    return [*above.cells, gettext(FAULT_HEADING)], _mended(job, table.rows, width)


def _mended(job: Job, rows: Iterator[TableRow], width: int) -> Iterator[Row]:
    """The failed rows, read past all others; those beyond the reasons kept with the job have none beside them."""
    reasons: dict[int, list[FailureLine]] = {}
    for line in failure_lines(job):
        reasons.setdefault(line.row, []).append(line)
    failed = {*reasons, *JobRow.objects.filter(job=job, fate=FAILED).values_list("row", flat=True)}
    for row in rows:
        if row.number in failed:
            cells = [*row.cells[:width], *[""] * (width - len(row.cells))]
            yield [*cells, _said(reasons.get(row.number, []))]


def _said(lines: list[FailureLine]) -> str:
    return "; ".join(f"{line.text} {line.remedy}".strip() for line in lines)
