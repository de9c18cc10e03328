"""Stock counts from a spreadsheet: cases and bottles read, products found, good rows handed to one verb a thousand."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext

from core.files.columns import Cells, Columns, Reading, Text, column
from core.files.guides import GuideColumn, TemplateFile, guide_of, template_file
from core.files.tables import Cell, TableRow, find_head, read_table
from core.jobs.registry import RowFailure, RunningJob, job_kind
from core.kernel.actor import Actor
from core.kernel.errors import DomainError
from core.kernel.identifiers import restore_upc
from core.kernel.quantity import MAX_BOTTLES
from core.kernel.text import N_
from dms.stock import errors, services
from dms.stock.permissions import Permission
from dms.stock.selectors import LevelAt, levels_at, skus_by_term
from dms.stock.services import Counted, CountStock

BATCH = 1000
SHOWN = 200
"""Rows of a dry run that are kept to be looked at."""
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


def read_rows(actor: Actor, table: Sequence[TableRow]) -> list[Row]:
    """Rows below the head with their products found, those of the seat's lines. One query."""
    head = find_head(table, COLUMNS, needed=("code",))
    columns = CountColumns()
    rows = []
    for line in head.below:
        said, faults = columns.read(dict.fromkeys(COLUMNS, "") | head.cells(line))
        rows.append(Row(line.number, said, faults=faults))
    codes = {str(row.said["code"]) for row in rows if not row.faults}
    restored = {code: restore_upc(code) or "" for code in codes}
    found = skus_by_term(actor, codes | set(restored.values()))
    seen: set[tuple[str, str]] = set()
    for row in rows:
        if not row.faults:
            code = str(row.said["code"])
            _judge(row, found.get(code) or found.get(restored[code]), seen)
    return rows


def _judge(row: Row, sku: tuple[str, int] | None, seen: set[tuple[str, str]]) -> None:
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
    elif (sku[0], batch) in seen:
        row.faults.append(errors.LineTwice(field="code", sku=sku[0]))
    else:
        seen.add((sku[0], batch))
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
    """Read the file and hand its rows to the verb.

    Parameters: ``warehouse``, its code; ``batch``, the number of the count; ``reason``, kept with every movement.

    The same batch of the same file is booked once, also when a worker died in the middle of it.
    """
    warehouse_code = str(job.parameters.get("warehouse", ""))
    with job.source() as stream:
        rows = read_rows(actor, read_table(stream))
    levels = levels_at(actor, warehouse_code)
    job.expect(len(rows))
    counts: dict[str, int] = dict.fromkeys(("new", "changed", "same"), 0)
    shown: list[dict[str, object]] = []
    number = str(job.parameters.get("batch") or job.id)[:50]
    for start in range(job.cursor, len(rows), BATCH):
        batch = rows[start : start + BATCH]
        _refuse_promised(batch, levels)
        if not job.is_dry_run:
            reason = str(job.parameters.get("reason", ""))
            _book(batch, actor, CountStock(warehouse_code, (), f"{number}/{start // BATCH + 1}", reason))
        _count(batch, levels, counts, shown)
        failures = [
            failure
            for row in batch
            for fault in row.faults
            for failure in RowFailure.of(fault, row=row.number, labels=LABELS)
        ]
        job.report(done=sum(row.line is not None for row in batch), failures=failures)
    job.finish({**counts, "rows": shown})


def _refuse_promised(rows: Iterable[Row], levels: Mapping[tuple[str, str], LevelAt]) -> None:
    """What is reserved cannot be counted away; the row says so before anything is tried."""
    for row in rows:
        level = levels.get((row.line.sku_code, row.line.batch)) if row.line else None
        if row.line is not None and level is not None and row.line.bottles < level.reserved:
            row.faults.append(errors.BelowReserved(field="bottles", sku=row.line.sku_code, reserved=level.reserved))
            row.line = None


def _book(rows: Sequence[Row], actor: Actor, command: CountStock) -> None:
    """Count the good rows; those that orders have promised in the meantime are told and left out."""
    while good := [row for row in rows if row.line is not None]:
        lines = tuple(row.line for row in good if row.line is not None)
        try:
            services.count_stock(actor=actor, command=replace(command, lines=lines))
        except DomainError as refusal:
            faults = [fault for fault in refusal.problems() if fault.line is not None]
            if not faults:
                raise
            for fault in faults:
                row = good[(fault.line or 1) - 1]
                row.faults.append(fault)
                row.line = None
            continue
        return


def _count(
    rows: Iterable[Row],
    levels: Mapping[tuple[str, str], LevelAt],
    counts: dict[str, int],
    shown: list[dict[str, object]],
) -> None:
    for row in rows:
        if row.line is None:
            continue
        level = levels.get((row.line.sku_code, row.line.batch))
        before = level.on_hand if level else 0
        fate = "same" if before == row.line.bottles else "changed" if level else "new"
        counts[fate] += 1
        if len(shown) < SHOWN:
            said = {"row": row.number, "code": row.line.sku_code, "name": row.line.batch}
            shown.append({**said, "fate": fate, "guess": "", "before": before, "after": row.line.bottles})
