"""Market quotes from a spreadsheet: each row one quote, handed to one verb two thousand at a time."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext

from core.files.columns import Cells, Columns, Reading, Text, Word, column
from core.files.guides import GuideColumn, TemplateFile, guide_of, template_file
from core.files.tables import Cell, TableRow
from core.jobs.importing import Judged, Source, SourceRow, import_rows, refuse_twice
from core.jobs.registry import RunningJob, job_kind
from core.kernel import clock, regions
from core.kernel.actor import Actor
from core.kernel.errors import DomainError
from core.kernel.money import MINOR_DIGITS, Money
from core.kernel.quantity import Unit
from core.kernel.text import N_
from dms.dealers.selectors import brand_currency
from dms.sellthrough import errors, services
from dms.sellthrough.permissions import Permission
from dms.sellthrough.rules import MOST_ROWS, UNITS, Heard, source_of
from dms.sellthrough.services import ImportQuotes

COLUMNS: Mapping[str, Sequence[str]] = {
    "sku_code": ("商品编码", "编码", "货号", "代码", "商品代码", "sku", "sku code", "code"),
    "region_code": ("区域", "地区", "区域编码", "行政区划", "行政区划代码", "市场", "region", "division"),
    "quoted_on": ("日期", "报价日期", "批价日期", "day", "date"),
    "unit": ("单位", "计价单位", "unit"),
    "amount": ("批价", "市场批价", "批发价", "行情价", "价格", "quote", "market quote", "price"),
    "currency": ("币种", "货币", "currency"),
    "source": ("来源", "信息来源", "渠道来源", "source"),
}
LABELS: Mapping[str, str] = {
    "sku_code": N_("SKU code"),
    "region_code": N_("Division"),
    "quoted_on": N_("Day"),
    "unit": N_("Unit"),
    "amount": N_("Market quote"),
    "currency": N_("Currency"),
    "source": N_("Source"),
}
"""By field, the heading that is asked for: those of the list that is taken out."""
REQUIRED = frozenset({"sku_code", "region_code", "quoted_on", "unit", "amount"})
_UNIT_WORDS: Mapping[str, str] = {Unit.CASE: "箱 件 整箱 case cases", Unit.BOTTLE: "瓶 支 bottle bottles"}
_BACK = frozenset({"back", "撤回", "作废", "取消"})
_COUNTRY = frozenset({"CN", "中国", "全国", "WHOLE COUNTRY"})
_MANGLED = re.compile(r"^\d+(?:\.\d+)?[eE]\+?\d+$", re.ASCII)
_DAY = re.compile(r"^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[T ]00:00(?::00)?)?$", re.ASCII)


class Code(Text):
    """A code that the spreadsheet has not rounded."""

    def clean(self, value: str, row: Cells | None = None, **options: object) -> str:
        """The text. Raises ``CodeMangled``."""
        text = super().clean(value, row)
        if _MANGLED.match(text):
            raise errors.CodeMangled(value=text[:40])
        return text


class Place(Reading):
    """A division by its six digits or by its name, or the whole country."""

    def clean(self, value: str, row: Cells | None = None, **options: object) -> str:
        """The code; digits are passed on, the verb knows which rule. Raises ``RegionUnsaid``, ``RegionUnread``."""
        if not value:
            raise errors.RegionUnsaid
        if value.isascii() and value.isdigit():
            return value
        if value.upper() in _COUNTRY:
            return regions.COUNTRY
        found = regions.find(value) or regions.find_english(value)
        if found is None:
            raise errors.RegionUnread(value=value[:40])
        return found.code


class Day(Reading):
    """A day of the calendar."""

    def clean(self, value: str, row: Cells | None = None, **options: object) -> date:
        """The day. Raises ``DayUnsaid``, ``DayUnread``."""
        if not value:
            raise errors.DayUnsaid
        found = _DAY.match(value)
        try:
            if found is None:
                raise ValueError
            return clock.read_day(date(*map(int, found.groups())).isoformat())
        except ValueError:
            raise errors.DayUnread(value=value[:40]) from None


class QuoteColumns(Columns):
    """The columns of a file of quotes; amounts are read with the currency of their row."""

    sku_code = column("sku_code", Code())
    region_code = column("region_code", Place())
    quoted_on = column("quoted_on", Day())
    unit = column("unit", Word(_UNIT_WORDS, errors.UnitUnread))
    amount = column("amount", Text())
    currency = column("currency", Text())
    source = column("source", Text())


def import_guide() -> tuple[GuideColumn, ...]:
    """The columns an import reads, as the reader knows them."""
    return guide_of(COLUMNS, LABELS, required=REQUIRED)


def import_template(*, is_csv: bool) -> TemplateFile:
    """A table to fill in, with one quote as an example."""
    example: dict[str, Cell] = {
        "sku_code": "DEMO-001",
        "region_code": "370100",
        "quoted_on": "2026-01-12",
        "unit": gettext("bottle"),
        "amount": "850.00",
        "currency": "CNY",
        "source": gettext("wholesale market"),
    }
    return template_file(import_guide(), [example], name=gettext("market-quotes-template"), is_csv=is_csv)


@dataclass(slots=True)
class Reader:
    """Reads rows of one file; ``seen`` says in which row each key stood."""

    currency: str
    columns: QuoteColumns = field(default_factory=QuoteColumns)
    seen: dict[tuple[str, ...], int] = field(default_factory=dict)

    def __call__(self, line: TableRow, cells: Mapping[str, str]) -> SourceRow[Heard]:
        """The row with the quote it tells, or what is wrong with it."""
        said, faults = self.columns.read(cells)
        row = SourceRow[Heard](line.number, cells["sku_code"], name=cells["region_code"], faults=faults)
        amount: int | None = None
        try:
            amount = self._amount(cells)
        except DomainError as fault:
            fault.field = fault.field or "amount"
            faults.append(fault)
        if "unit" in said and not said["unit"]:
            faults.append(errors.UnitUnsaid(field="unit"))
        day = said.get("quoted_on")
        if faults or not isinstance(day, date):
            return row
        heard = Heard(
            str(said["sku_code"]),
            str(said["region_code"]),
            day,
            UNITS[str(said["unit"])],
            amount,
            source_of(str(said["source"])),
            cells["currency"].upper() or self.currency,
        )
        key = (heard.sku_code, heard.region_code, day.isoformat(), heard.source)
        if (other := refuse_twice(self.seen, key, line.number)) is not None:
            faults.append(errors.QuoteTwice(field="sku_code", sku=heard.sku_code[:48], other=other))
            return row
        row.command = heard
        return row

    def _amount(self, cells: Mapping[str, str]) -> int | None:
        """Minor units of the row's currency; None takes the quote back."""
        currency = cells["currency"].upper() or self.currency
        if currency not in MINOR_DIGITS:
            raise errors.CurrencyUnknown(field="currency", value=currency[:10])
        text = cells["amount"]
        if not text:
            raise errors.QuoteUnsaid
        return None if text.casefold() in _BACK else Money.parse(text, currency).amount


@job_kind("market.import", permission=Permission.IMPORT)
def import_market_quotes(job: RunningJob, actor: Actor) -> None:
    """Read the file in pieces and hand each to the verb. Parameters: ``batch``, the number of the batch."""

    def write(rows: Sequence[Heard], number: str) -> Judged:
        return services.import_quotes(actor=actor, command=ImportQuotes(number, tuple(rows)), is_dry_run=job.is_dry_run)

    read = Reader(brand_currency())
    import_rows(job, Source(COLUMNS, ("sku_code", "amount"), LABELS, MOST_ROWS, read), write)
