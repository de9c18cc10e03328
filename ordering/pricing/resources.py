"""Prices from a spreadsheet: many lists in one file, each row one price, handed to one verb five thousand at a time."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext

from core.files.columns import Cells, Columns, Reading, Text, Word, column
from core.files.guides import GuideColumn, TemplateFile, guide_of, template_file
from core.files.tables import Cell, TableRow
from core.jobs.importing import Judged, Source, SourceRow, import_rows, refuse_twice
from core.jobs.mending import FAILED
from core.jobs.models import JobRow
from core.jobs.registry import RunningJob, job_kind
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.errors import DomainError
from core.kernel.money import Money, money_text
from core.kernel.quantity import MAX_BOTTLES, Unit
from core.kernel.text import N_
from ordering.pricing import errors, services
from ordering.pricing.permissions import Permission
from ordering.pricing.selectors import lists_visible_to
from ordering.pricing.services import ImportPrices, PriceRow

BATCH = 5_000
"""Rows in one act."""
COLUMNS: Mapping[str, Sequence[str]] = {
    "list_code": ("价盘", "价目表", "价目表编码", "价格表", "价盘编码", "price list", "list", "list code"),
    "sku_code": ("商品编码", "编码", "货号", "代码", "商品代码", "sku", "sku code", "code"),
    "unit": ("单位", "计价单位", "销售单位", "unit"),
    "min_quantity": (
        "起订量",
        "起订数量",
        "起始数量",
        "阶梯数量",
        "起",
        "数量",
        "from quantity",
        "from",
        "min quantity",
    ),
    "amount": ("单价", "价格", "含税单价", "供货价", "unit price", "price"),
    "currency": ("币种", "货币", "currency"),
    "valid_from": ("生效时间", "生效日期", "生效日", "开始日期", "有效期自", "valid from"),
}
LABELS: Mapping[str, str] = {
    "list_code": N_("Price list"),
    "sku_code": N_("SKU code"),
    "unit": N_("Unit"),
    "min_quantity": N_("From quantity"),
    "amount": N_("Unit price"),
    "currency": N_("Currency"),
    "valid_from": N_("Valid from"),
}
"""By field, the heading that is asked for: those of the list that is taken out."""
REQUIRED = frozenset({"list_code", "sku_code", "amount"})
_UNITS: Mapping[str, str] = {Unit.CASE: "箱 件 整箱 case cases", Unit.BOTTLE: "瓶 支 bottle bottles"}
_ENDS = frozenset({"end", "ends", "结束", "停售", "停用", "终止"})
_NONE = "—"
_MANGLED = re.compile(r"^\d+(?:\.\d+)?[eE]\+?\d+$", re.ASCII)
_WHOLE = re.compile(r"^\d{1,9}(?:\.0+)?$", re.ASCII)
_DAY = re.compile(r"^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[T ](\d{1,2}):(\d{2})(?::\d{2})?)?$", re.ASCII)


class Code(Text):
    """A code that the spreadsheet has not rounded."""

    def clean(self, value: str, row: Cells | None = None, **options: object) -> str:
        """The text. Raises ``CodeMangled``."""
        text = super().clean(value, row)
        if _MANGLED.match(text):
            raise errors.CodeMangled(value=text[:40])
        return text


class Step(Reading):
    """From how many units on; empty is 1."""

    def clean(self, value: str, row: Cells | None = None, **options: object) -> int:
        """The number. Raises ``StepUnread``."""
        plain = value.replace(",", "").replace(" ", "")
        number = int(float(plain)) if _WHOLE.match(plain) else 0 if plain else 1
        if not 1 <= number <= MAX_BOTTLES:
            raise errors.StepUnread(value=value[:40])
        return number


class Instant(Reading):
    """A day, or an instant of one, in the zone of the brand; empty is now."""

    def clean(self, value: str, row: Cells | None = None, **options: object) -> datetime | None:
        """The instant. Raises ``DayUnread``."""
        if not value:
            return None
        found = _DAY.match(value)
        try:
            if found is None:
                raise ValueError
            year, month, day, hour, minute = (int(part or 0) for part in found.groups())
            clock.read_day(date(year, month, day).isoformat())
            return datetime(year, month, day, hour, minute, tzinfo=ZoneInfo(clock.zone()))
        except ValueError:
            raise errors.DayUnread(value=value[:40]) from None


class PriceColumns(Columns):
    """The columns of a file of prices; amounts are read with the currency of their list."""

    list_code = column("list_code", Text())
    sku_code = column("sku_code", Code())
    unit = column("unit", Word(_UNITS, errors.UnitUnread))
    min_quantity = column("min_quantity", Step())
    amount = column("amount", Text())
    currency = column("currency", Text())
    valid_from = column("valid_from", Instant())


def import_guide() -> tuple[GuideColumn, ...]:
    """The columns an import reads, as the reader knows them."""
    return guide_of(COLUMNS, LABELS, required=REQUIRED)


def import_template(*, is_csv: bool) -> TemplateFile:
    """A table to fill in, with one price as an example."""
    example: dict[str, Cell] = {
        "list_code": "NAT",
        "sku_code": "DEMO-001",
        "unit": gettext("case"),
        "min_quantity": 1,
        "amount": "1980.00",
        "currency": "CNY",
    }
    return template_file(import_guide(), [example], name=gettext("prices-template"), is_csv=is_csv)


@dataclass(slots=True)
class Reader:
    """Reads rows of one file. ``currencies`` of the lists the seat sees, by code; ``seen``: where a key stood.

    ``places``: the file's row of each command whose price no other row of the file changes first.
    """

    currencies: Mapping[str, str]
    columns: PriceColumns = field(default_factory=PriceColumns)
    seen: dict[tuple[str, ...], int] = field(default_factory=dict)
    places: dict[PriceRow, int] = field(default_factory=dict)
    prices: set[tuple[str, ...]] = field(default_factory=set)

    def __call__(self, line: TableRow, cells: Mapping[str, str]) -> SourceRow[PriceRow]:
        """The row with the price it asks for, or what is wrong with it."""
        said, faults = self.columns.read(cells)
        row = SourceRow[PriceRow](line.number, cells["sku_code"], name=cells["list_code"], faults=faults)
        try:
            amount = self._amount(cells)
        except DomainError as fault:
            fault.field = fault.field or "amount"
            faults.append(fault)
            return row
        if faults:
            return row
        list_code, sku_code, unit = str(said["list_code"]), str(said["sku_code"]), str(said["unit"])
        key = (list_code, sku_code, unit, str(said["min_quantity"]), str(said["valid_from"]))
        if (other := refuse_twice(self.seen, key, line.number)) is not None:
            faults.append(errors.PriceTwice(field="sku_code", sku=sku_code[:48], other=other))
            return row
        row.command = PriceRow(
            list_code,
            sku_code,
            amount,
            Unit(unit) if unit else None,
            int(str(said["min_quantity"])),
            said["valid_from"] if isinstance(said["valid_from"], datetime) else None,
        )
        if key[:4] not in self.prices:
            self.prices.add(key[:4])
            self.places[row.command] = line.number
        return row

    def _amount(self, cells: Mapping[str, str]) -> int | None:
        """Minor units of the list's currency; None ends the price."""
        code, wanted = cells["list_code"], cells["currency"].upper()
        currency = self.currencies.get(code)
        if currency is None:
            raise errors.ListUnknown(field="list_code", list=code[:30])
        if wanted and wanted != currency:
            raise errors.CurrencyDiffers(field="currency", list=code, currency=currency, value=wanted[:10])
        text = cells["amount"]
        if not text:
            raise errors.PriceUnsaid
        return None if text.casefold() in _ENDS else Money.parse(text, currency).amount


def _shown(amount: int | None, currency: str) -> str:
    """An amount as the preview shows it; a price that ends, or was none, is a dash."""
    return _NONE if amount is None else money_text(amount, currency)


def _shown_before(job: RunningJob, read: Reader, rows: Sequence[PriceRow]) -> dict[int, int | None]:
    """The old price the preview of this run showed, by place; nothing for a run without a preview.

    Rows the preview did not keep were the same as what ruled; what one it refused would have changed, nobody has seen.
    """
    if "dry_run" not in job.parameters:
        return {}
    numbers = {place: read.places[row] for place, row in enumerate(rows, start=1) if row in read.places}
    kept = JobRow.objects.filter(job_id=job.parameters["dry_run"], row__in=numbers.values())
    said = {row: (fate, says) for row, fate, says in kept.values_list("row", "fate", "said")}
    shown: dict[int, int | None] = {}
    for place, number in numbers.items():
        asked = rows[place - 1]
        fate, says = said.get(number, ("same", {}))
        old = says.get("changes", {}).get("amount", [None])[0]
        if fate == FAILED:
            continue
        if number not in said:
            shown[place] = asked.amount
        else:
            shown[place] = None if old in (None, _NONE) else Money.parse(old, read.currencies[asked.list_code]).amount
    return shown


@job_kind("prices.import", permission=Permission.EDIT)
def import_prices(job: RunningJob, actor: Actor) -> None:
    """Read the file in pieces and hand each to the verb. Parameters: ``batch``, the number of the batch."""
    read = Reader(dict(lists_visible_to(actor).values_list("code", "currency")))

    def write(rows: Sequence[PriceRow], number: str) -> Judged:
        command = ImportPrices(number, tuple(rows), _shown_before(job, read, rows))
        judged = services.import_prices(actor=actor, command=command, is_dry_run=job.is_dry_run)
        changes = {
            place: {name: (_shown(old, currency), _shown(new, currency)) for name, (old, new) in said.items()}
            for place, said in judged.changes.items()
            for currency in (read.currencies[rows[place - 1].list_code],)
        }
        return replace(judged, changes=changes)

    import_rows(job, Source(COLUMNS, ("list_code", "sku_code"), LABELS, BATCH, read), write)
