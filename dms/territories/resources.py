"""Grants from a spreadsheet: headings mapped, cells read, the good rows handed to one verb a thousand."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext

from core.files.columns import Cells, Columns, Reading, Text, Word, column
from core.files.guides import GuideColumn, TemplateFile, guide_of, template_file
from core.files.tables import Cell, Head, find_head, read_table
from core.jobs.mending import FAILED
from core.jobs.registry import RowFailure, RunningJob, job_kind
from core.jobs.running import ShownRow
from core.kernel import regions
from core.kernel.actor import Actor
from core.kernel.errors import DomainError
from core.kernel.text import N_, normalised
from dms.dealers.rules import Channel
from dms.territories import errors, services
from dms.territories.permissions import Permission
from dms.territories.rules import EVERY_CHANNEL, Kind
from dms.territories.services import Fate, GrantTerritory, Imported

BATCH = 1000
COLUMNS: Mapping[str, Sequence[str]] = {
    "dealer_code": ("经销商编码", "编码", "客户编码", "经销商代码", "dealer code", "dealer", "code"),
    "line_code": ("产品线编码", "产品线", "品系", "product line", "line"),
    "sku_codes": ("单品编码", "商品编码", "sku", "skus", "products", "single products"),
    "channels": ("渠道", "授权渠道", "channels", "channel"),
    "region_code": ("授权区域", "行政区划", "区划代码", "行政区划代码", "区域", "地区", "division", "region"),
    "zone_code": ("自定义区域", "自定义区域编码", "zone"),
    "kind": ("授权方式", "授权类型", "类型", "kind"),
    "priority": ("优先级", "priority"),
    "valid_from": ("有效期自", "生效日期", "开始日期", "授权开始", "起", "valid from", "from"),
    "valid_to": ("终止日", "截止日期", "终止日期", "授权截止", "止", "valid to", "until", "ends on"),
    "contract_number": ("合同编号", "合同号", "contract"),
}
LABELS: Mapping[str, str] = {
    "dealer_code": N_("Dealer code"),
    "region_code": N_("Division"),
    "zone_code": N_("Zone"),
    "line_code": N_("Product line"),
    "sku_codes": N_("Single products"),
    "channels": N_("Channels"),
    "kind": N_("Kind"),
    "priority": N_("Priority"),
    "valid_from": N_("Valid from"),
    "valid_to": N_("Ends on"),
    "contract_number": N_("Contract"),
}
"""By field, the heading that is asked for."""
REQUIRED = frozenset({"dealer_code"})
_KINDS: Mapping[str, str] = {
    Kind.EXCLUSIVE: "独家 独家授权 exclusive",
    Kind.SHARED: "共享 共享授权 非独家 shared",
    Kind.RESERVED: "厂家保留 保留 reserved",
}
_CHANNELS: Mapping[str, str] = {
    EVERY_CHANNEL: "全部 全渠道 所有渠道 all every",
    Channel.TRADITIONAL: "流通 传统渠道 流通渠道 traditional",
    Channel.HORECA: "餐饮 餐饮渠道 horeca",
    Channel.KA: "商超 ka卖场 大卖场 ka",
    Channel.GROUP_BUY: "团购 团购渠道 group_buy",
    Channel.ONLINE: "电商 线上 online",
    Channel.DIRECT: "直营 直销 direct",
}
_COUNTRY = frozenset({"CN", "全国", "中国"})
_ENDLESS = frozenset({"长期", "永久", "长期有效", "无"})
_SEPARATORS = re.compile(r"[,，、;；/|\s]+")
_DAY = re.compile(r"^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$")


class Division(Reading):
    """Six digits, the name of one division, or the whole country."""

    def clean(self, value: str, row: Cells | None = None, **options: object) -> str:
        text = normalised(value)
        if text.upper() in _COUNTRY:
            return regions.COUNTRY
        if not text or (text.isascii() and text.isdigit()):
            return text
        place = regions.find(text)
        if place is None or not (text.endswith(place.name) or place.name.startswith(text)):  # no guesses: it is a right
            raise errors.RegionUnread(value=text[:40])
        return place.code


class Day(Reading):
    """A day in the ways people write it; empty and 长期 have none."""

    def clean(self, value: str, row: Cells | None = None, **options: object) -> date | None:
        text = normalised(value)
        if not text or text in _ENDLESS:
            return None
        found = _DAY.match(text)
        try:
            return date(*(int(part) for part in found.groups())) if found else date.fromisoformat(text[:10])
        except ValueError:
            raise errors.TermUnread(value=text[:40]) from None


class Codes(Reading):
    """Several codes in one cell."""

    def clean(self, value: str, row: Cells | None = None, **options: object) -> tuple[str, ...]:
        return tuple(part for part in _SEPARATORS.split(normalised(value)) if part)


class Channels(Reading):
    """Several channels in one cell; empty is every one."""

    one = Word(_CHANNELS, errors.ChannelUnknown)

    def clean(self, value: str, row: Cells | None = None, **options: object) -> tuple[str, ...]:
        parts = [part for part in _SEPARATORS.split(normalised(value)) if part]
        return tuple(self.one.clean(part) for part in parts) or (EVERY_CHANNEL,)


class Priority(Reading):
    """A small number; empty is the first."""

    def clean(self, value: str, row: Cells | None = None, **options: object) -> int:
        text = normalised(value)
        if text and not (text.isascii() and text.isdigit() and len(text) < 3):
            raise errors.PriorityInvalid
        return int(text or 1)


class Kinds(Word):
    """How the ground is shared; empty is shared."""

    def clean(self, value: str, row: Cells | None = None, **options: object) -> str:
        return super().clean(normalised(value)) or Kind.SHARED.value


class GrantColumns(Columns):
    """The columns of a file of grants; it maps and reads, and writes nothing."""

    dealer_code = column("dealer_code", Text())
    line_code = column("line_code", Text())
    sku_codes = column("sku_codes", Codes())
    channels = column("channels", Channels())
    region_code = column("region_code", Division())
    zone_code = column("zone_code", Text())
    kind = column("kind", Kinds(_KINDS, errors.TermUnread))
    priority = column("priority", Priority())
    valid_from = column("valid_from", Day())
    valid_to = column("valid_to", Day())
    contract_number = column("contract_number", Text())


def import_guide() -> tuple[GuideColumn, ...]:
    """The columns an import reads, as the reader knows them."""
    return guide_of(COLUMNS, LABELS, required=REQUIRED)


def import_template(*, is_csv: bool) -> TemplateFile:
    """A table to fill in, with one grant as an example."""
    example: dict[str, Cell] = {
        "dealer_code": "DEMO-001",
        "region_code": "370100",
        "channels": "流通、餐饮",
        "kind": "独家",
        "priority": 1,
        "valid_from": "2026-01-01",
        "valid_to": "2027-01-01",
        "contract_number": "HT-001",
    }
    return template_file(import_guide(), [example], name=gettext("grants-template"), is_csv=is_csv)


@dataclass(slots=True)
class Row:
    """One row of the file as read: what it says and what is wrong with it."""

    number: int
    cells: Mapping[str, str]
    command: GrantTerritory | None = None
    faults: list[DomainError] = field(default_factory=list)


def read_rows(head: Head) -> list[Row]:
    """Rows below the head, each read or with what could not be read of it."""
    columns = GrantColumns()
    rows = []
    for line in head.below:
        row = Row(line.number, dict.fromkeys(COLUMNS, "") | head.cells(line))
        said, row.faults = columns.read(row.cells)
        if not row.faults:
            row.command = GrantTerritory(**said)  # type: ignore[arg-type]  # the columns are the command's fields
        rows.append(row)
    return rows


@job_kind("territories.import", permission=Permission.EDIT)
def import_grants(job: RunningJob, actor: Actor) -> None:
    """Read the file and hand its rows to the verb; what is held already stays as it is, so it may be repeated."""
    with job.source() as stream:
        table = read_table(stream)
    head = find_head(table, COLUMNS, needed=("dealer_code",))
    rows = read_rows(head)
    job.head_row = head.number
    job.expect(len(rows))
    # A dry run looks at all together: a grant may rest on one as new as itself.
    size = max(len(rows), 1) if job.is_dry_run else BATCH
    for start in range(job.cursor, len(rows), size):
        batch = rows[start : start + size]
        good = [row for row in batch if row.command is not None]
        commands = [row.command for row in good if row.command is not None]
        with job.step():
            outcome = services.import_grants(actor=actor, rows=commands, is_dry_run=job.is_dry_run)
            _report(job, batch, good, outcome)
    job.finish({})


def _report(job: RunningJob, batch: Sequence[Row], good: Sequence[Row], outcome: Imported) -> None:
    fates = {good[place - 1].number: fate for place, fate in outcome.fates.items()}
    counts: dict[str, int] = dict.fromkeys(("new", "same"), 0)
    shown: list[ShownRow] = []
    for row in batch:
        fate = fates.get(row.number)
        if fate is None:
            shown.append(ShownRow(row.number, FAILED, row.cells["dealer_code"], {"name": _ground_said(row)}))
            continue
        counts[fate.value] += 1
        if job.is_dry_run and fate is not Fate.SAME:
            said = {name: (None, cell) for name, cell in row.cells.items() if cell and name != "dealer_code"}
            shown.append(
                ShownRow(
                    row.number,
                    fate.value,
                    row.cells["dealer_code"],
                    {"name": _ground_said(row), "guess": "", "changes": said},
                )
            )
    job.show(shown)
    job.report(done=len(fates), failures=_failures(batch, good, outcome), cursor=job.cursor + len(batch), counts=counts)


def _ground_said(row: Row) -> str:
    return row.cells["zone_code"] or row.cells["region_code"]


def _failures(batch: Sequence[Row], good: Sequence[Row], outcome: Imported) -> list[RowFailure]:
    """What could not be read, and what the verb answered, by the file's own row numbers."""
    unread = [
        failure
        for row in batch
        for fault in row.faults
        for failure in RowFailure.of(fault, row=row.number, labels=LABELS)
    ]
    answered = [
        failure
        for fault in outcome.faults
        for failure in RowFailure.of(fault, row=good[(fault.line or 1) - 1].number, labels=LABELS)
    ]
    return [*unread, *answered]
