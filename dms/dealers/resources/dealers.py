"""Dealers from a spreadsheet: headings mapped, cells read, the good rows handed to one verb a thousand."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from django.utils.translation import gettext

from core.files.columns import Cells, Columns, Reading, Text, Word, column
from core.files.guides import GuideColumn, TemplateFile, guide_of, template_file
from core.files.tables import Cell, Head, find_head, read_table, without_guard
from core.jobs.errors import RefusedInPreview
from core.jobs.mending import FAILED
from core.jobs.previews import Previewed, previewed
from core.jobs.registry import RowFailure, RunningJob, job_kind
from core.jobs.running import ShownRow
from core.kernel import clock, regions
from core.kernel.actor import Actor
from core.kernel.errors import DomainError
from core.kernel.money import Money
from core.kernel.text import N_, normalised
from core.vault.services import masked_phone
from dms.dealers import errors, rules, services
from dms.dealers.permissions import Permission
from dms.dealers.rules import Channel, Delivery, Licence, LicenceType, Tier
from dms.dealers.selectors import brand_currency
from dms.dealers.services import CreateDealer, Fate, Imported

BATCH = 1000
COLUMNS: Mapping[str, Sequence[str]] = {
    "code": ("经销商编码", "编码", "客户编码", "经销商代码", "代码", "客户代码", "dealer code", "code"),
    "name": ("经销商名称", "名称", "客户名称", "公司名称", "全称", "dealer name", "name"),
    "short_name": ("简称", "short name"),
    "tier": ("层级", "级别", "经销商级别", "类型", "tier"),
    "parent_code": ("上级编码", "上级代码", "上级经销商编码", "上级", "上级经销商", "parent code", "parent"),
    "region_code": ("行政区划", "区划代码", "行政区划代码", "所在地区", "地区", "区域", "division", "region"),
    "channel": ("渠道", "channel"),
    "price_groups": ("价格组", "price group", "price groups"),
    "labels": ("标签", "经销商标签", "label", "labels"),
    "uscc": ("统一社会信用代码", "信用代码", "社会信用代码", "税号", "unified social credit code", "uscc"),
    "status": ("状态", "合作状态", "status"),
    "contact_name": ("联系人", "负责人", "contact"),
    "contact_phone": ("联系电话", "联系人电话", "手机", "手机号", "电话", "phone"),
    "credit_limit": ("授信额度", "信用额度", "授信", "credit limit"),
    "terms_days": ("账期", "账期天数", "terms days", "terms"),
    "licence": ("食品经营许可证", "许可证号", "食品经营许可证号", "许可证编号", "food licence", "licence"),
    "licence_to": ("许可证有效期", "许可证有效期至", "有效期至", "valid to", "licence valid to"),
    "recipient": ("收货人", "收件人", "recipient"),
    "address_phone": ("收货电话", "收货人电话", "recipient phone"),
    "address": ("收货地址", "地址", "详细地址", "address"),
}
LABELS: Mapping[str, str] = {
    "code": N_("Dealer code"),
    "name": N_("Dealer name"),
    "short_name": N_("Short name"),
    "tier": N_("Tier"),
    "parent_code": N_("Parent code"),
    "region_code": N_("Division"),
    "channel": N_("Channel"),
    "price_groups": N_("Price groups"),
    "labels": N_("Labels"),
    "uscc": N_("Unified social credit code"),
    "status": N_("Status"),
    "contact_name": N_("Contact"),
    "contact_phone": N_("Phone"),
    "credit_limit": N_("Credit limit"),
    "terms_days": N_("Terms (days)"),
    "licence": N_("Food licence"),
    "licence_to": N_("Licence valid to"),
    "recipient": N_("Recipient"),
    "address_phone": N_("Recipient phone"),
    "address": N_("Address"),
}
"""By field, the heading that is asked for."""
REQUIRED = frozenset({"code", "name", "tier", "region_code"})
"""What a new dealer needs; a known one only its code."""
_OF_FIELDS: Mapping[str, str] = {
    **LABELS,
    "activates": LABELS["status"],
    "supplier_code": LABELS["parent_code"],
}
"""Also by the fields of the verb, which names its faults by them."""
_TIERS: Mapping[str, str] = {
    Tier.PROVINCIAL: "省代 省级 省级经销商 省级代理 一级 provincial provincialdistributor",
    Tier.CITY: "市代 市级 市级经销商 地级 二级 city citydistributor",
    Tier.COUNTY: "县代 县级 区县 区县级 县级经销商 三级 county countydistributor",
    Tier.TERMINAL: "终端 门店 终端门店 烟酒店 名烟名酒店 terminal outlet",
}
_CHANNELS: Mapping[str, str] = {
    Channel.TRADITIONAL: "流通 传统渠道 流通渠道 传统流通 traditional traditionaltrade",
    Channel.HORECA: "餐饮 餐饮渠道 horeca catering",
    Channel.KA: "商超 ka卖场 ka商超 大卖场 ka keyaccounts",
    Channel.GROUP_BUY: "团购 团购渠道 group_buy grouppurchase",
    Channel.ONLINE: "电商 线上 online e-commerce",
    Channel.DIRECT: "直营 直销 direct directsales",
}
_ACTIVE = frozenset({"启用", "正常", "合作中", "有效", "活跃", "active"})
_DRAFT = frozenset(
    {"", "草稿", "待启用", "未启用", "draft", "being set up", "建档中"}
    | {"停用", "已停用", "暂停", "暂停合作", "suspended", "已暂停", "已终止", "关闭", "已关闭", "终止合作", "closed"}
)
"""Also the words of a list taken out: a known dealer's state is not changed by a file."""
_ENDLESS = frozenset({"长期", "永久", "长期有效"})
_DAY = re.compile(r"^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$")


class Division(Reading):
    """A six-digit code, or the name of a division, or else the division the delivery address lies in."""

    def clean(self, value: str, row: Cells | None = None, **options: object) -> str:
        text = value or (row or {}).get("address", "")
        if not text or text.isdigit() or text == regions.COUNTRY:
            return text
        place = regions.find(text)
        if place is None:
            raise errors.RegionUnread(value=text[:40])
        return place.code


class Day(Reading):
    """A day in the ways people write it; empty and 长期 have none."""

    def clean(self, value: str, row: Cells | None = None, **options: object) -> date | None:
        if not value or value in _ENDLESS:
            return None
        found = _DAY.match(value)
        try:
            return date(*(int(part) for part in found.groups())) if found else date.fromisoformat(value)
        except ValueError:
            raise errors.DayUnread(value=value[:40]) from None


class Days(Reading):
    """A number of days; empty is none."""

    def clean(self, value: str, row: Cells | None = None, **options: object) -> int:
        plain = value.removesuffix("天").strip()
        if plain and not (plain.isascii() and plain.isdigit() and len(plain) < 6):
            raise errors.DaysUnread(value=value[:40])
        return int(plain or 0)


class Amount(Reading):
    """An amount in the brand's currency, as minor units; empty is none."""

    currency = "CNY"

    def clean(self, value: str, row: Cells | None = None, **options: object) -> int:
        return Money.parse(value, self.currency).amount if value else 0


class Listed(Reading):
    """Several short words in one cell."""

    def clean(self, value: str, row: Cells | None = None, **options: object) -> tuple[str, ...]:
        return rules.words_listed(without_guard(value))


class Standing(Reading):
    """Whether the dealer may trade at once."""

    def clean(self, value: str, row: Cells | None = None, **options: object) -> bool:
        word = value.casefold()
        if word not in _ACTIVE | _DRAFT:
            raise errors.StatusUnread(value=value[:40])
        return word in _ACTIVE


class DealerColumns(Columns):
    """The columns of a dealer file; it maps and reads, and writes nothing."""

    code = column("code", Text())
    name = column("name", Text())
    short_name = column("short_name", Text())
    tier = column("tier", Word(_TIERS, errors.TierUnknown))
    parent_code = column("parent_code", Text())
    region_code = column("region_code", Division())
    channel = column("channel", Word(_CHANNELS, errors.ChannelUnknown))
    price_groups = column("price_groups", Listed())
    labels = column("labels", Listed())
    uscc = column("uscc", Text())
    activates = column("status", Standing())
    contact_name = column("contact_name", Text())
    contact_phone = column("contact_phone", Text())
    credit_limit = column("credit_limit", Amount())
    terms_days = column("terms_days", Days())


def import_guide() -> tuple[GuideColumn, ...]:
    """The columns an import reads, as the reader knows them."""
    return guide_of(COLUMNS, LABELS, required=REQUIRED)


def import_template(*, is_csv: bool) -> TemplateFile:
    """A table to fill in, with one dealer below the brand as an example."""
    example: dict[str, Cell] = {
        "code": "DEMO-001",
        "name": gettext("Example dealer"),
        "tier": "市代",
        "region_code": "370100",
        "channel": "流通",
        "status": "草稿",
        "contact_name": gettext("Example contact"),
        "contact_phone": "13800000000",
        "terms_days": 0,
    }
    return template_file(import_guide(), [example], name=gettext("dealers-template"), is_csv=is_csv)


_LICENCE_TO = Day()


@dataclass(slots=True)
class Row:
    """One row of the file as read: what it says, what it guessed, what is wrong with it."""

    number: int
    cells: Mapping[str, str]
    command: CreateDealer | None = None
    guess: str = ""
    faults: list[DomainError] = field(default_factory=list)


def read_rows(head: Head, *, requires_uscc: bool, currency: str, day: date) -> list[Row]:
    """Rows below the head, upper tiers first so that a parent comes before its children."""
    columns = DealerColumns()
    columns.fields["credit_limit"].widget.currency = currency
    rows = []
    first_rows: dict[str, int] = {}
    for line in head.below:
        row = Row(line.number, dict.fromkeys(COLUMNS, "") | head.cells(line))
        _read(row, columns, day)
        _refuse_twice(row, first_rows)
        if row.command is not None:
            row.command = replace(row.command, requires_uscc=requires_uscc)
        rows.append(row)
    depths = {tier.value: depth for depth, tier in enumerate(Tier)}
    return sorted(rows, key=lambda row: depths.get(row.command.tier, 0) if row.command else 0)


def _read(row: Row, columns: DealerColumns, day: date) -> None:
    said, row.faults = columns.read(row.cells)
    try:
        licences = _licences(row.cells, day)
    except DomainError as fault:
        row.faults.append(fault)
        return
    if not row.faults:
        row.command = CreateDealer(**said, licences=licences, addresses=_addresses(row.cells))  # type: ignore[arg-type]  # the columns are the command's fields
        row.guess = _guess(row.cells, row.command.region_code)


def _refuse_twice(row: Row, first_rows: dict[str, int]) -> None:
    """A code stands once in a file: nobody can say which of two rows is meant."""
    code = normalised(row.cells["code"])
    other = first_rows.setdefault(code, row.number)
    if code and other != row.number:
        row.faults.append(errors.RowTwice(field="code", value=code[:40], other=other))
        row.command = None


def _licences(cells: Mapping[str, str], day: date) -> tuple[Licence, ...]:
    number = normalised(cells["licence"])
    if not number:
        return ()
    kind = LicenceType.PREPACK if number.upper().startswith("YB") else LicenceType.JY
    return (rules.checked_licence(Licence(kind, number, day, _LICENCE_TO.clean(cells["licence_to"]))),)


def _addresses(cells: Mapping[str, str]) -> tuple[Delivery, ...]:
    if not cells["address"]:
        return ()
    recipient = cells["recipient"] or cells["contact_name"] or cells["name"][:60]
    place = regions.find(cells["address"])
    phone = cells["address_phone"] or cells["contact_phone"]
    return (Delivery("", recipient, phone, place.code if place else "", cells["address"], is_default=True),)


def _guess(cells: Mapping[str, str], region_code: str) -> str:
    """What the division was read from, where it was no code."""
    given = cells["region_code"] or cells["address"]
    if not region_code or given in (region_code, regions.COUNTRY):
        return ""
    return f"{given[:60]} → {regions.full_name(region_code)}" if not given.isdigit() else ""


@job_kind("dealers.import", permission=Permission.IMPORT)
def import_dealers(job: RunningJob, actor: Actor) -> None:
    """Read the file and hand its rows to the verb.

    Parameters: ``accept_guesses``, whether guessed divisions may stand, or ``answers``, true by row number.
    """
    with job.source() as stream:
        table = read_table(stream)
    currency = brand_currency()
    head = find_head(table, COLUMNS, needed=("code",))
    rows = read_rows(head, requires_uscc=currency == "CNY", currency=currency, day=clock.business_day())
    job.head_row = head.number
    job.expect(len(rows))
    if not (job.is_dry_run or job.parameters.get("accept_guesses") is True):
        answers = job.parameters.get("answers")
        agreed = answers if isinstance(answers, Mapping) else {}
        _refuse_guesses(row for row in rows if agreed.get(str(row.number)) is not True)
    seen = previewed(job, [row.number for row in rows])
    _refuse_refused(rows, seen or {})
    # A dry run looks at all together: a parent may be as new as its children.
    size = max(len(rows), 1) if job.is_dry_run else BATCH
    for start in range(job.cursor, len(rows), size):
        batch = rows[start : start + size]
        good = [row for row in batch if row.command is not None]
        commands = [row.command for row in good if row.command is not None]
        if not job.is_dry_run:
            commands = services.registered_all(actor=actor, commands=commands)
        with job.step():
            shown = {place: seen[row.number] for place, row in enumerate(good, start=1)} if seen else {}
            outcome = services.import_dealers(actor=actor, rows=commands, is_dry_run=job.is_dry_run, previews=shown)
            _report(job, batch, good, outcome)
    job.finish({})


def _refuse_refused(rows: Iterable[Row], seen: Mapping[int, Previewed]) -> None:
    """What the preview refused does not come in unseen, whatever made it good since."""
    for row in rows:
        if row.command is not None and row.number in seen and seen[row.number].fate == FAILED:
            row.faults.append(RefusedInPreview(field="code"))
            row.command = None


def _refuse_guesses(rows: Iterable[Row]) -> None:
    for row in rows:
        if row.command is not None and row.guess:
            given, _, region = row.guess.partition(" → ")
            row.faults.append(
                errors.RegionGuessed(
                    field="region_code", value=given, region=region, region_code=row.command.region_code
                )
            )
            row.command = None


def _report(job: RunningJob, batch: Sequence[Row], good: Sequence[Row], outcome: Imported) -> None:
    fates = {good[place - 1].number: fate for place, fate in outcome.fates.items()}
    changes = {good[place - 1].number: said for place, said in outcome.changes.items()}
    counts: dict[str, int] = dict.fromkeys(("new", "changed", "same", "confirm"), 0)
    shown: list[ShownRow] = []
    for row in batch:
        fate = fates.get(row.number)
        if fate is None:
            shown.append(ShownRow(row.number, FAILED, row.cells["code"], {"name": row.cells["name"]}))
            continue
        word = "confirm" if row.guess and fate is not Fate.SAME else fate.value
        counts[word] += 1
        if job.is_dry_run and fate is not Fate.SAME:
            said = changes.get(row.number) or _as_new(row)
            shown.append(
                ShownRow(
                    row.number,
                    word,
                    row.cells["code"],
                    {"name": row.cells["name"], "guess": row.guess, "changes": said},
                )
            )
    job.show(shown)
    job.report(done=len(fates), failures=_failures(batch, good, outcome), cursor=job.cursor + len(batch), counts=counts)


def _as_new(row: Row) -> dict[str, tuple[None, str]]:
    """What a new dealer begins with, as its row says it; phones masked."""
    said = {name: cell for name, cell in row.cells.items() if cell and name not in ("code", "name")}
    for name in said.keys() & {"contact_phone", "address_phone"}:
        said[name] = masked_phone(said[name])
    return {name: (None, cell) for name, cell in said.items()}


def _failures(batch: Sequence[Row], good: Sequence[Row], outcome: Imported) -> list[RowFailure]:
    """What could not be read, and what the verb answered, by the file's own row numbers."""
    unread = [
        failure
        for row in batch
        for fault in row.faults
        for failure in RowFailure.of(fault, row=row.number, labels=_OF_FIELDS)
    ]
    answered = [
        failure
        for fault in outcome.faults
        for failure in RowFailure.of(fault, row=good[(fault.line or 1) - 1].number, labels=_OF_FIELDS)
    ]
    return [*unread, *answered]
