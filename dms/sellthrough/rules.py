"""What a market quote may say, and what it comes to a bottle. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from core.kernel import regions
from core.kernel.errors import DomainError
from core.kernel.money import MAX_MINOR, MINOR_DIGITS, half_up
from core.kernel.quantity import Unit
from core.kernel.text import normalised
from dms.sellthrough import errors

MOST_SOURCE = 40
MOST_ROWS = 2_000
"""Quotes in one act."""
FRESH_DAYS = 90
"""An older quote says nothing of today."""
UNITS: Mapping[str, Unit] = {unit.value: unit for unit in Unit}


@dataclass(frozen=True, slots=True)
class Heard:
    """One quote as somebody enters it. ``amount`` minor units a ``unit``; None takes the quote of the key back.

    ``currency`` empty: the brand's. ``source`` is a short word for where it comes from, empty where nobody said.
    """

    sku_code: str
    region_code: str
    quoted_on: date
    unit: Unit
    amount: int | None
    source: str = ""
    currency: str = ""

    @property
    def key(self) -> tuple[str, str, date, str]:
        """What a later row corrects."""
        return (self.sku_code, self.region_code, self.quoted_on, self.source)


def source_of(text: str) -> str:
    """A source as it is kept and compared."""
    return normalised(text)


def faults_of(heard: Heard, *, today: date, line: int) -> list[DomainError]:
    """What is wrong with one quote by itself; nothing when it may stand."""
    faults: list[DomainError] = []
    if not heard.region_code:
        faults.append(errors.RegionUnsaid(line=line, field="region_code"))
    elif heard.region_code != regions.COUNTRY:
        faults += _region_faults(heard.region_code, line)
    if heard.quoted_on > today:
        faults.append(errors.DayAhead(line=line, field="quoted_on", day=heard.quoted_on.isoformat()))
    if heard.amount is not None and not 0 < heard.amount <= MAX_MINOR:
        faults.append(errors.NotAQuote(line=line, field="amount"))
    if heard.currency not in MINOR_DIGITS:
        faults.append(errors.CurrencyUnknown(line=line, field="currency", value=heard.currency[:10]))
    if len(heard.source) > MOST_SOURCE:
        faults.append(errors.SourceTooLong(line=line, field="source", most=MOST_SOURCE))
    return faults


def _region_faults(code: str, line: int) -> list[DomainError]:
    try:
        regions.region(code)
    except regions.UnknownRegion as fault:
        fault.line, fault.field = line, "region_code"
        return [fault]
    return []


def a_bottle(amount: int, unit: str, bottles_per_case: int) -> int:
    """What ``amount`` a unit comes to a bottle, half-up; for showing side by side, never for deciding."""
    return amount if unit == Unit.BOTTLE else half_up(amount, bottles_per_case)
