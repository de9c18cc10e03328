"""Shopping lists from a spreadsheet: many lists in one file, handed to one verb two thousand rows at a time."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext

from core.files.columns import Cells, Columns, Reading, Text, Word, column
from core.files.guides import GuideColumn, TemplateFile, guide_of, template_file
from core.files.tables import Cell, TableRow
from core.jobs.importing import Judged, Source, SourceRow, import_rows
from core.jobs.registry import RunningJob, job_kind
from core.kernel.actor import Actor
from core.kernel.errors import DomainError
from core.kernel.quantity import MAX_BOTTLES, Unit
from core.kernel.text import N_, normalised
from ordering.lists import errors
from ordering.lists.rules import list_name
from ordering.lists.services import ListRow, import_lines
from ordering.orders.permissions import Permission
from ordering.orders.services import CartLine
from ordering.pricing.errors import CodeMangled, UnitUnread

IMPORT = "ordering.import_lists"
BATCH = 2_000
COLUMNS: Mapping[str, Sequence[str]] = {
    "list": ("常购清单", "清单", "清单名称", "shopping list", "list", "list name"),
    "sku_code": ("商品编码", "SKU 编码", "编码", "货号", "代码", "商品代码", "sku", "sku code", "code"),
    "unit": ("单位", "销售单位", "unit"),
    "quantity": ("数量", "订货数量", "常购数量", "quantity", "qty"),
}
LABELS: Mapping[str, str] = {
    "list": N_("Shopping list"),
    "sku_code": N_("SKU code"),
    "unit": N_("Unit"),
    "quantity": N_("Quantity"),
}
"""By field, the heading that is asked for: those of the lists that are taken out."""
SAID: Mapping[str, str] = {**LABELS, "name": N_("Product name")}
"""The same, and what a preview says besides."""
REQUIRED = frozenset({"sku_code", "quantity"})
_UNITS: Mapping[str, str] = {Unit.CASE: "箱 件 整箱 case cases", Unit.BOTTLE: "瓶 支 bottle bottles"}
_MANGLED = re.compile(r"^\d+(?:\.\d+)?[eE]\+?\d+$", re.ASCII)
_WHOLE = re.compile(r"^\d{1,9}(?:\.0+)?$", re.ASCII)


class Code(Text):
    """A code that the spreadsheet has not rounded."""

    def clean(self, value: str, row: Cells | None = None, **options: object) -> str:
        """The text. Raises ``CodeMangled``."""
        text = super().clean(value, row)
        if _MANGLED.match(text):
            raise CodeMangled(value=text[:40])
        return text


class Number(Reading):
    """A whole number of units; 0 takes the line off."""

    def clean(self, value: str, row: Cells | None = None, **options: object) -> int:
        """The number. Raises ``QuantityUnread``."""
        plain = value.replace(",", "").replace(" ", "")
        if not _WHOLE.match(plain) or int(float(plain)) > MAX_BOTTLES:
            raise errors.QuantityUnread(value=value[:40])
        return int(float(plain))


class ListColumns(Columns):
    """The columns of a file of shopping lists."""

    list = column("list", Text())
    sku_code = column("sku_code", Code())
    unit = column("unit", Word(_UNITS, UnitUnread))
    quantity = column("quantity", Number())


def import_guide() -> tuple[GuideColumn, ...]:
    """The columns an import reads, as the reader knows them."""
    return guide_of(COLUMNS, LABELS, required=REQUIRED)


def import_template(*, is_csv: bool) -> TemplateFile:
    """A table to fill in, with one line as an example."""
    example: dict[str, Cell] = {
        "list": gettext("Every week"),
        "sku_code": "DEMO-001",
        "unit": gettext("case"),
        "quantity": 10,
    }
    return template_file(import_guide(), [example], name=gettext("lists-template"), is_csv=is_csv)


@dataclass(slots=True)
class Reader:
    """Reads rows of one file; ``name`` is the list of rows that name none, ``seen`` what stood in earlier rows."""

    name: str
    columns: ListColumns = field(default_factory=ListColumns)
    seen: set[tuple[str, str, str]] = field(default_factory=set)

    def __call__(self, line: TableRow, cells: Mapping[str, str]) -> SourceRow[ListRow]:
        """The row with the line it asks for, or what is wrong with it."""
        said, faults = self.columns.read(cells)
        row = SourceRow[ListRow](line.number, cells["sku_code"], name=cells["list"] or self.name, faults=faults)
        if faults:
            return row
        try:
            name = list_name(str(said["list"]) or self.name)
        except DomainError as fault:
            fault.field = "list"
            faults.append(fault)
            return row
        code, unit = normalised(str(said["sku_code"])), str(said["unit"])
        if (name, code, unit) in self.seen:
            faults.append(errors.LineTwice(field="sku_code", sku=code[:48]))
            return row
        self.seen.add((name, code, unit))
        row.command = ListRow(name, CartLine(code, int(str(said["quantity"])), Unit(unit) if unit else None))
        return row


@job_kind(IMPORT, permission=Permission.PLACE)
def import_file(job: RunningJob, actor: Actor) -> None:
    """Read the file in pieces and let the seat's lists hold it. Parameters: ``list``, for rows that name none."""
    read = Reader(str(job.parameters.get("list") or ""))

    def write(rows: Sequence[ListRow], _number: str) -> Judged:
        return import_lines(actor=actor, rows=rows, is_dry_run=job.is_dry_run)

    import_rows(job, Source(COLUMNS, ("sku_code",), LABELS, BATCH, read), write)
