"""Products from xlsx and csv: dry run with a preview, then all rows or, if the user chose so, the good ones."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.catalogue.permissions import Permission
from core.catalogue.resources.parsing import ParsedRow, parse_row
from core.catalogue.resources.preview import CONFIRM, Line, changes_of, counted, failures_of, judged, shown
from core.catalogue.resources.products import HEADINGS
from core.catalogue.selectors import brand_rules
from core.catalogue.services import BulkSaveSkus, bulk_save_skus, plan_rows
from core.catalogue.services.planning import OF_FAMILY
from core.files.tables import Head, find_head, read_table
from core.jobs.errors import ChangedSincePreview
from core.jobs.importing import SAME
from core.jobs.previews import previewed
from core.jobs.registry import RunningJob, job_kind
from core.kernel.actor import Actor, Scope
from core.kernel.errors import DomainError

IMPORT_PRODUCTS = "catalogue.import_products"
_BAD = frozenset({"failed", CONFIRM})


@dataclass(frozen=True, slots=True)
class ImportChoices:
    """What the user chose: the job's parameters.

    ``answers`` by row number (as text): true agrees to all guesses of the row, else what to write by field, in the
    words of the table. ``accept_guesses`` agrees to every guess; ``only_good_rows`` leaves the others out.
    ``confirmed``, the button below a preview, does so too: rows in doubt are written where somebody said so.
    """

    accept_guesses: bool = False
    only_good_rows: bool = False
    answers: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, parameters: Mapping[str, Any]) -> "ImportChoices":
        """Read the job's parameters; what has another shape counts as not said."""
        answers = parameters.get("answers")
        return cls(
            accept_guesses=parameters.get("accept_guesses") is True,
            only_good_rows=parameters.get("confirmed") is True or parameters.get("only_good_rows") is True,
            answers=answers if isinstance(answers, Mapping) else {},
        )

    def said_of(self, row: int) -> dict[str, str]:
        """What was answered on the row, by field."""
        answer = self.answers.get(str(row))
        return {str(name): str(value) for name, value in answer.items()} if isinstance(answer, Mapping) else {}

    def agrees_to(self, row: int) -> bool:
        """Whether the row's guesses are accepted."""
        return self.accept_guesses or self.answers.get(str(row)) is True


@job_kind(IMPORT_PRODUCTS, permission=Permission.IMPORT)
def import_products(job: RunningJob, actor: Actor) -> None:
    """Read the source file and save its products in one act, or in a dry run only say what would happen.

    Without ``only_good_rows`` one bad or unconfirmed row holds all back. Run twice, the second time finds every row
    the same. A file that is no table of products ends the job with its reason.
    """
    choices = ImportChoices.of(job.parameters)
    with job.source() as source:
        head = find_head(read_table(source), HEADINGS, needed=("code", "name"))
    job.head_row = head.number
    job.expect(len(head.below))
    understood = {"columns": dict(head.titles), "unknown_columns": list(head.unknown)}
    if job.cursor:  # a worker that died did it all: writing and reporting are one act
        job.finish(understood)
        return
    parsed = _parsed(head, choices)
    del head  # the rows as read are not held beside what became of them
    lines = _judged(parsed, choices, actor.scope)
    _hold_against_preview(job, lines)
    del parsed
    report = _Report.of(job, lines)
    is_written = not job.is_dry_run and report.good > 0 and (choices.only_good_rows or not report.bad)
    command = _command(job, lines) if is_written else None
    del lines  # what is written is planned once more, under its locks: two plans of one table are not held at once
    with job.step():
        if command is not None:
            bulk_save_skus(actor=actor, command=command)
        report.give(job, done=report.good if is_written or job.is_dry_run else 0)
    job.finish({**understood, "is_written": is_written})


@dataclass(frozen=True, slots=True)
class _Report:
    """What is said of a table when it is through; ``kept`` are the rows somebody may look at."""

    rows: int
    counts: Mapping[str, int]
    bad: int
    left_out: Sequence[Line]
    kept: Sequence[Line]

    @classmethod
    def of(cls, job: RunningJob, lines: Sequence[Line]) -> "_Report":
        bad = [line for line in lines if line.fate in _BAD]
        left_out = [line for line in bad if not (job.is_dry_run and line.fate == CONFIRM)]
        kept = [line for line in lines if line.fate != SAME or line.planned.advice] if job.is_dry_run else left_out
        return cls(len(lines), counted(lines), len(bad), left_out, kept)

    @property
    def good(self) -> int:
        return self.rows - self.bad

    def give(self, job: RunningJob, *, done: int) -> None:
        failures = [failure for line in self.left_out for failure in failures_of(line)]
        job.show(map(shown, self.kept))
        job.report(done=done, failed=len(self.left_out), failures=failures, cursor=self.rows, counts=self.counts)


def _command(job: RunningJob, lines: Sequence[Line]) -> BulkSaveSkus:
    good = [line for line in lines if line.fate not in _BAD]
    rows = tuple(line.parsed.row for line in good)
    versions = {one.facts.code: one.version for line in good if (one := line.planned.stored) is not None}
    return BulkSaveSkus(rows, batch=str(job.id), versions=versions)


def _judged(parsed: list[ParsedRow], choices: ImportChoices, scope: Scope) -> list[Line]:
    plan = plan_rows([one.row for one in parsed], scope)
    lines = judged(parsed, plan)
    for line in lines:
        if choices.agrees_to(line.parsed.row.row):
            line.guesses = [guess for guess in line.guesses if guess.value is None]
    return lines


def _hold_against_preview(job: RunningJob, lines: list[Line]) -> None:
    """Keep out what would overwrite a change made since the preview; of a family, whichever row says it."""
    shown_before = previewed(job, [line.parsed.row.row for line in lines])
    if shown_before is None:
        return
    moved: set[tuple[str, str]] = set()
    for line in lines:
        fault = shown_before[line.parsed.row.row].fault(changes_of(line.planned, line.line_names))
        if fault is None:
            continue
        _leave_out(line, fault)
        if line.planned.family is not None and fault.field:
            moved.add((line.planned.family.code, fault.field))
    for line in lines:
        family, said = line.planned.family, line.parsed.row
        told = [name for name in OF_FAMILY if family and getattr(said, name) and (family.code, name) in moved]
        if told:
            _leave_out(line, ChangedSincePreview(field=told[0]))


def _leave_out(line: Line, fault: DomainError) -> None:
    """One reason is enough."""
    fault.line = line.parsed.row.row
    if not line.faults:
        line.faults.append(fault)


def _parsed(head: Head, choices: ImportChoices) -> list[ParsedRow]:
    prefixes = brand_rules().code_prefixes
    prefix = prefixes[0] if len(prefixes) == 1 else ""
    return [
        parse_row(row.number, head.cells(row), prefix=prefix, answers=choices.said_of(row.number)) for row in head.below
    ]
