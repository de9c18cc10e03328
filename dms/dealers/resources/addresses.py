"""Addresses of dealers from a spreadsheet, handed to one verb two thousand at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext

from core.files.columns import Cells, Columns, Reading, Text, column
from core.files.guides import GuideColumn, TemplateFile, guide_of, template_file
from core.files.tables import Cell, TableRow
from core.jobs.importing import Judged, Source, SourceRow, import_rows, refuse_twice
from core.jobs.registry import RunningJob, job_kind
from core.kernel import regions
from core.kernel.actor import Actor
from core.kernel.text import N_
from dms.dealers import errors
from dms.dealers.permissions import Permission
from dms.dealers.resources.dealers import COLUMNS as OF_DEALERS
from dms.dealers.resources.dealers import Division
from dms.dealers.rules import Delivery
from dms.dealers.services.importing_addresses import AddressRow, import_addresses

BATCH = 2_000
COLUMNS: Mapping[str, Sequence[str]] = {
    "dealer_code": OF_DEALERS["code"],
    "label": ("标签", "地址名称", "地址标签", "仓库", "label"),
    "recipient": ("收货人", "收件人", "联系人", "recipient"),
    "phone": ("收货电话", "收货人电话", "联系电话", "电话", "手机", "手机号", "phone", "recipient phone"),
    "region_code": ("行政区划", "区划代码", "所在地区", "地区", "区域", "division", "region"),
    "line": ("收货地址", "详细地址", "地址", "address"),
    "is_default": ("默认", "是否默认", "默认地址", "default"),
}
LABELS: Mapping[str, str] = {
    "dealer_code": N_("Dealer code"),
    "label": N_("Label"),
    "recipient": N_("Recipient"),
    "phone": N_("Phone"),
    "region_code": N_("Division"),
    "line": N_("Address"),
    "is_default": N_("Default"),
}
REQUIRED = frozenset({"dealer_code", "line"})
_YES = frozenset({"是", "y", "yes", "1", "true", "默认", "√", "✓", "对"})
_NO = frozenset({"", "否", "n", "no", "0", "false", "×"})


class Flag(Reading):
    """Yes or no; empty is no."""

    def clean(self, value: str, row: Cells | None = None, **options: object) -> bool:
        """Whether it says yes. Raises ``FlagUnread``."""
        word = value.casefold()
        if word not in _YES | _NO:
            raise errors.FlagUnread(value=value[:40])
        return word in _YES


class Place(Division):
    """A division by code or name; an empty cell is read from the address, and may stay unknown."""

    def clean(self, value: str, row: Cells | None = None, **options: object) -> str:
        """Six digits, or nothing. Raises ``RegionUnread``."""
        if value:
            return super().clean(value, row)
        place = regions.find((row or {}).get("line", ""))
        return place.code if place else ""


class AddressColumns(Columns):
    """The columns of a file of addresses."""

    dealer_code = column("dealer_code", Text())
    label = column("label", Text())
    recipient = column("recipient", Text())
    phone = column("phone", Text())
    region_code = column("region_code", Place())
    line = column("line", Text())
    is_default = column("is_default", Flag())


def import_guide() -> tuple[GuideColumn, ...]:
    """The columns an import reads, as the reader knows them."""
    return guide_of(COLUMNS, LABELS, required=REQUIRED)


def import_template(*, is_csv: bool) -> TemplateFile:
    """A table to fill in, with one address as an example."""
    example: dict[str, Cell] = {
        "dealer_code": "DEMO-001",
        "recipient": gettext("Example contact"),
        "phone": "13800000000",
        "region_code": "370102",
        "line": "山东省济南市历下区泉城路 1 号",
    }
    return template_file(import_guide(), [example], name=gettext("addresses-template"), is_csv=is_csv)


@dataclass(slots=True)
class Reader:
    """Reads rows of one file; ``seen``: in which row a dealer's address stood."""

    columns: AddressColumns = field(default_factory=AddressColumns)
    seen: dict[tuple[str, ...], int] = field(default_factory=dict)

    def __call__(self, line: TableRow, cells: Mapping[str, str]) -> SourceRow[AddressRow]:
        """The row with the address it asks for, or what is wrong with it."""
        said, faults = self.columns.read(cells)
        row = SourceRow[AddressRow](line.number, cells["dealer_code"], name=cells["line"][:60], faults=faults)
        if faults:
            return row
        other = refuse_twice(self.seen, (str(said["dealer_code"]), str(said["line"])), line.number)
        if other is not None:
            faults.append(errors.RowTwice(field="line", value=str(said["line"])[:40], other=other))
            return row
        code = str(said.pop("dealer_code"))
        row.command = AddressRow(code, Delivery(**said))  # type: ignore[arg-type]  # the columns are its fields
        return row


@job_kind("dealers.import_addresses", permission=Permission.IMPORT)
def import_file(job: RunningJob, actor: Actor) -> None:
    """Read the file in pieces and hand each to the verb; what is known already stays as it is."""

    def write(rows: Sequence[AddressRow], _number: str) -> Judged:
        return import_addresses(actor=actor, rows=rows, is_dry_run=job.is_dry_run)

    import_rows(job, Source(COLUMNS, ("dealer_code", "line"), LABELS, BATCH, Reader()), write)
