"""Stock counts from a spreadsheet: cases and bottles read, products found, good rows handed to one verb a thousand."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from django.utils.translation import gettext

from core.files.columns import Cells, Columns, Reading, Text, column
from core.files.guides import GuideColumn, TemplateFile, guide_of, template_file
from core.files.tables import Cell, Head, TableRow, open_table, under_head
from core.jobs.mending import FAILED
from core.jobs.models import JobRow
from core.jobs.registry import RowFailure, RunningJob, job_kind
from core.jobs.running import ShownRow
from core.kernel.actor import Actor
from core.kernel.errors import DomainError
from core.kernel.identifiers import restore_upc
from core.kernel.quantity import MAX_BOTTLES
from core.kernel.text import N_
from dms.stock import errors, services
from dms.stock.permissions import Permission
from dms.stock.selectors import LevelAt, levels_at, skus_by_term
from dms.stock.services import Counted, CountStock

BATCH = 5_000
"""Rows in one act."""
COLUMNS: Mapping[str, Sequence[str]] = {
    "code": (
        "商品编码",
        "编码",
        "货号",
        "代码",
        "商品代码",
        "条码",
        "条形码",
        "箱码",
        "sku",
        "sku code",
        "barcode",
        "code",
    ),
    "cases": ("箱数", "箱", "整箱", "件数", "数量(箱)", "cases"),
    "bottles": ("瓶数", "瓶", "散瓶", "数量(瓶)", "数量", "实盘数", "盘点数", "bottles", "quantity"),
    "batch": ("批次", "批号", "生产批号", "batch"),
}
LABELS: Mapping[str, str] = {
    "code": N_("SKU code"),
    "cases": N_("Cases"),
    "bottles": N_("Bottles"),
    "batch": N_("Batch"),
}
"""By field, the heading that is asked for."""
REQUIRED = frozenset({"code"})
"""And one of the two quantities; the other may be left out."""
_WHOLE = re.compile(r"^\d{1,9}(?:\.0+)?$", re.ASCII)
_MANGLED = re.compile(r"^\d+(?:\.\d+)?[eE]\+?\d+$", re.ASCII)


class Count(Reading):
    """A whole number from 0; None where the cell is empty."""

    def clean(self, value: str, row: Cells | None = None, **options: object) -> int | None:
        """The number. Raises ``QuantityInvalid``."""
        plain = value.replace(",", "").replace(" ", "")
        if plain and not _WHOLE.match(plain):
            raise errors.QuantityInvalid(value=value[:40], most=MAX_BOTTLES)
        return int(float(plain)) if plain else None


class Code(Text):
    """A code or barcode that the spreadsheet has not rounded."""

    def clean(self, value: str, row: Cells | None = None, **options: object) -> str:
        """The text. Raises ``CodeMissing`` or ``NumberMangled``."""
        text = super().clean(value, row)
        if not text:
            raise errors.CodeMissing
        if _MANGLED.match(text):
            raise errors.NumberMangled(value=text[:40])
        return text


class CountColumns(Columns):
    """The columns of a count."""

    code = column("code", Code())
    cases = column("cases", Count())
    bottles = column("bottles", Count())
    batch = column("batch", Text())


@dataclass(slots=True)
class Row:
    """One row of the file as read: the line it counts, or what is wrong with it."""

    number: int
    said: dict[str, object]
    line: Counted | None = None
    faults: list[DomainError] = field(default_factory=list)


@dataclass(slots=True)
class Reader:
    """Reads the rows of one file, batch by batch; ``seen`` says in which row each SKU and batch stood."""

    actor: Actor
    head: Head
    columns: CountColumns = field(default_factory=CountColumns)
    seen: dict[tuple[str, str], int] = field(default_factory=dict)

    def read(self, lines: Iterable[TableRow]) -> list[Row]:
        """The rows with their products found, those of the seat's lines. One query, two where some are not found."""
        empty = dict.fromkeys(COLUMNS, "")
        rows = []
        for line in lines:
            said, faults = self.columns.read({**empty, **self.head.cells(line)})
            rows.append(Row(line.number, said, faults=faults))
        codes = {str(row.said["code"]) for row in rows if not row.faults}
        found = skus_by_term(self.actor, codes)
        lost = {code: restored for code in codes - found.keys() if (restored := restore_upc(code))}
        mended = skus_by_term(self.actor, lost.values()) if lost else {}
        for row in rows:
            if not row.faults:
                code = str(row.said["code"])
                self._judge(row, found.get(code) or mended.get(lost.get(code, "")))
        return rows

    def _judge(self, row: Row, sku: tuple[str, int] | None) -> None:
        code, batch = str(row.said["code"]), str(row.said["batch"])[:30]
        if sku is None:
            row.faults.append(errors.SkuMissing(field="code", sku=code[:48]))
            return
        cases, bottles = row.said["cases"], row.said["bottles"]
        if not isinstance(cases, int) and not isinstance(bottles, int):
            row.faults.append(errors.QuantityMissing(field="bottles"))
            return
        counted = (cases if isinstance(cases, int) else 0) * sku[1] + (bottles if isinstance(bottles, int) else 0)
        if counted > MAX_BOTTLES:
            row.faults.append(errors.QuantityInvalid(field="bottles", value=str(counted), most=MAX_BOTTLES))
            return
        other = self.seen.setdefault((sku[0], batch), row.number)
        if other != row.number:
            row.faults.append(errors.RowTwice(field="code", sku=sku[0], other=other))
            return
        row.line = Counted(sku[0], counted, batch)


def import_guide() -> tuple[GuideColumn, ...]:
    """The columns a count reads, as the reader knows them."""
    return guide_of(COLUMNS, LABELS, required=REQUIRED)


def import_template(actor: Actor, warehouse_code: str, *, is_csv: bool) -> TemplateFile:
    """The sheet to count a warehouse by: what the books say of it, to be written over where the shelf says else.

    An empty warehouse gives the bare head. Raises ``NotPermitted``, ``WarehouseMissing``.
    """
    levels = sorted(levels_at(actor, warehouse_code).items())
    rows: list[dict[str, Cell]] = [
        {"code": code, "bottles": level.on_hand, "batch": batch} for (code, batch), level in levels
    ]
    name = f"{gettext('count-template')}-{warehouse_code}"
    return template_file(import_guide(), rows, name=name, is_csv=is_csv)


@job_kind("stock.count", permission=Permission.COUNT)
def import_count(job: RunningJob, actor: Actor) -> None:
    """Read the file in pieces and hand each to the verb; memory does not grow with it.

    Parameters: ``warehouse``, its code; ``batch``, the number of the count; ``reason``, kept with every movement.

    The same batch of the same file is booked once, also when a worker died in the middle of it.
    """
    with job.source() as stream:
        table = open_table(stream)
    head, lines = under_head(table, COLUMNS, needed=("code",))
    job.head_row = head.number
    job.expect(table.count - head.above)
    reader, began = Reader(actor, head), job.cursor
    for place, start in enumerate(range(0, table.count, BATCH), start=1):
        rows = reader.read(islice(lines, BATCH))
        if start < began or not rows:
            continue  # done by a worker before: read for what stands twice
        _do(job, actor, rows, place)
    job.finish({})


def _do(job: RunningJob, actor: Actor, rows: Sequence[Row], place: int) -> None:
    """One piece: judged against what lies there, booked and reported as one."""
    warehouse_code = str(job.parameters.get("warehouse", ""))
    levels = levels_at(actor, warehouse_code, codes=[row.line.sku_code for row in rows if row.line])
    _as_previewed(job, rows)
    _refuse_promised(rows, levels)
    number = f"{str(job.parameters.get('batch') or job.id)[:50]}/{place}"
    command = CountStock(warehouse_code, (), number, str(job.parameters.get("reason", "")))
    while True:
        try:
            with job.step():
                is_repeated = not job.is_dry_run and _book(rows, actor, command)
                _report(job, rows, levels, is_repeated=is_repeated)
        except DomainError as refusal:
            if not _leave_out(rows, refusal):
                raise
        else:
            return


def _as_previewed(job: RunningJob, rows: Sequence[Row]) -> None:
    """Hold each counted figure against the books its preview showed: what left in the meantime is not back again.

    Rows the preview did not keep said what the books said; one it refused is not let in unseen.
    """
    if "dry_run" not in job.parameters:
        return
    kept = JobRow.objects.filter(job_id=job.parameters["dry_run"], row__in=[row.number for row in rows])
    shown = {row: (fate, said) for row, fate, said in kept.values_list("row", "fate", "said")}
    for row in rows:
        if row.line is None:
            continue
        fate, said = shown.get(row.number, ("same", {}))
        if fate == FAILED:
            row.faults.append(errors.RefusedBefore(field="code", sku=row.line.sku_code))
            row.line = None
        else:
            before, _counted = said.get("changes", {}).get("bottles", (row.line.bottles, 0))
            row.line = replace(row.line, books=before or 0)


def _refuse_promised(rows: Iterable[Row], levels: Mapping[tuple[str, str], LevelAt]) -> None:
    """What is reserved cannot be counted away; the row says so before anything is tried."""
    for row in rows:
        level = levels.get((row.line.sku_code, row.line.batch)) if row.line else None
        if row.line is not None and level is not None and row.line.after(level.on_hand) < level.reserved:
            row.faults.append(errors.BelowReserved(field="bottles", sku=row.line.sku_code, reserved=level.reserved))
            row.line = None


def _book(rows: Iterable[Row], actor: Actor, command: CountStock) -> bool:
    """Count the good rows; whether they were booked before, so that nothing has changed now."""
    lines = tuple(row.line for row in rows if row.line is not None)
    return bool(lines) and services.count_stock(actor=actor, command=replace(command, lines=lines)).is_repeated


def _leave_out(rows: Sequence[Row], refusal: DomainError) -> bool:
    """Tell the rows that orders have promised in the meantime, and leave them out; False when no row is to blame."""
    good = [row for row in rows if row.line is not None]
    faults = [fault for fault in refusal.problems() if fault.line is not None]
    for fault in faults:
        row = good[(fault.line or 1) - 1]
        row.faults.append(fault)
        row.line = None
    return bool(faults)


def _report(
    job: RunningJob, rows: Sequence[Row], levels: Mapping[tuple[str, str], LevelAt], *, is_repeated: bool
) -> None:
    counts: dict[str, int] = dict.fromkeys(("new", "changed", "same"), 0)
    shown: list[ShownRow] = []
    for row in rows:
        if row.line is None:
            shown.append(ShownRow(row.number, FAILED, str(row.said.get("code", "")), {}))
            continue
        level = levels.get((row.line.sku_code, row.line.batch))
        before = level.on_hand if level else 0
        is_same = is_repeated or row.line.after(before) == before
        fate = "same" if is_same else "changed" if level else "new"
        counts[fate] += 1
        if job.is_dry_run and fate != "same":
            change = [before if level else None, row.line.bottles]
            shown.append(
                ShownRow(row.number, fate, row.line.sku_code, {"name": row.line.batch, "changes": {"bottles": change}})
            )
    failures = [
        failure
        for row in rows
        for fault in row.faults
        for failure in RowFailure.of(fault, row=row.number, labels=LABELS)
    ]
    job.show(shown)
    good = sum(row.line is not None for row in rows)
    job.report(done=good, failures=failures, cursor=job.cursor + len(rows), counts=counts)
