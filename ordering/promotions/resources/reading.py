"""One row of a table of policies as the document of ``rules.terms``; what cannot be read is told by column."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal, DecimalException
from typing import Any
from zoneinfo import ZoneInfo

from core.files.columns import Cells, Columns, Reading, Text, column
from core.kernel import clock, regions
from core.kernel.errors import DomainError
from core.kernel.money import Money
from core.kernel.text import normalised
from ordering.promotions import errors
from ordering.promotions.resources.words import Coded, Codes, SeveralCoded, parted
from ordering.promotions.rules.facts import NO, YES
from ordering.promotions.rules.policies import WHOLE_BP

Json = dict[str, Any]
_DAY = re.compile(
    r"^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{6}))?)?)?$", re.ASCII
)
_WHOLE = re.compile(r"^\d{1,10}(?:\.0+)?$", re.ASCII)
_ROWS = re.compile(r"[;；\n]+")
_PAIR = re.compile(r"[=＝:：×*→]")


class Instant(Reading):
    """A day, or an instant of one, in the zone of the brand. A last day ends with its midnight."""

    def __init__(self, *, is_end: bool = False) -> None:
        super().__init__()
        self.is_end = is_end

    def clean(self, value: str, row: Cells | None = None, **options: object) -> str:
        """ISO 8601; empty for nothing. Raises ``FieldUnread``."""
        text = normalised(value)
        if not text:
            return ""
        found = _DAY.match(text)
        try:
            if found is None:
                raise ValueError
            year, month, day, hour, minute, second, micro = (int(part or 0) for part in found.groups())
            on = clock.read_day(date(year, month, day).isoformat())
            if self.is_end and found[4] is None:
                return clock.end_of_day(on, clock.zone()).isoformat()
            instant = datetime.combine(on, time(hour, minute, second, micro), ZoneInfo(clock.zone()))
            return instant.astimezone(UTC).isoformat()
        except ValueError:
            raise errors.FieldUnread(value=value[:40]) from None


class Percent(Reading):
    """2.5% or 2.5 as basis points; None for nothing."""

    def clean(self, value: str, row: Cells | None = None, **options: object) -> int | None:
        """Basis points. Raises ``FieldUnread``."""
        text = normalised(value)
        return share_of(text) if text else None


class Whole(Reading):
    """A whole number; None for nothing."""

    def clean(self, value: str, row: Cells | None = None, **options: object) -> int | None:
        """The number. Raises ``FieldUnread``."""
        plain = normalised(value).replace(",", "").replace(" ", "")
        return whole_of(plain) if plain else None


class Places(Reading):
    """Divisions by six digits, or by a name only one of them bears."""

    def clean(self, value: str, row: Cells | None = None, **options: object) -> Sequence[str]:
        """Their codes; what is no division stays as it is and is refused as unknown."""
        return [word if word.isascii() else _division(word) for word in parted(value)]


def _division(word: str) -> str:
    place = regions.find(word)
    return place.code if place is not None and (word.endswith(place.name) or place.name.startswith(word)) else word


class PolicyColumns(Columns):
    """What needs no knowledge of the currency."""

    kind = column("kind", Coded("kind"))
    percent = column("percent", Percent())
    unit = column("unit", Coded("unit"))
    measure = column("measure", Coded("measure"))
    repeats = column("repeats", Coded("repeats"))
    buy = column("buy", Whole())
    give = column("give", Whole())
    gift_sku = column("gift_sku", Text())
    most = column("most", Whole())
    starts_at = column("starts_at", Instant())
    ends_at = column("ends_at", Instant(is_end=True))
    tiers = column("tiers", SeveralCoded("tiers"))
    regions = column("regions", Places())
    channels = column("channels", SeveralCoded("channels"))
    labels = column("labels", Codes())
    dealers = column("dealers", Codes())
    first_order_only = column("first_order_only", Coded("first_order_only"))
    needs_coupon = column("needs_coupon", Coded("needs_coupon"))
    skus = column("skus", Codes())
    product_lines = column("product_lines", Codes())
    aromas = column("aromas", SeveralCoded("aromas"))
    without = column("without", Codes())
    limit_bottles = column("limit_bottles", Whole())
    limit_dealer_bottles = column("limit_dealer_bottles", Whole())
    brand_share = column("brand_share", Percent())
    rank = column("rank", Whole())
    is_public = column("is_public", Coded("is_public"))
    tells_start = column("tells_start", Coded("tells_start"))


def document_of(said: Mapping[str, Any], cells: Cells, currency: str) -> tuple[Json, list[DomainError]]:
    """The document a row says, of the columns that were ``said`` and those read with the currency; and their faults."""
    money = _Amounts(cells, currency)
    share = said.get("brand_share")
    document: Json = {
        "name": cells["name"],
        "name_en": cells["name_en"],
        "audience": {
            **{name: said[name] for name in ("starts_at", "ends_at", "tiers", "regions", "channels")},
            **{name: said[name] for name in ("labels", "dealers")},
            **{name: said[name] == YES for name in ("first_order_only", "needs_coupon")},
        },
        "goods": {name: said[name] for name in ("skus", "product_lines", "aromas", "without")},
        "reward": _reward(said, money),
        "group": cells["group"],
        "rank": said["rank"] or 0,
        "limits": {
            "amount": money.of("limit_amount"),
            "dealer_amount": money.of("limit_dealer_amount"),
            "bottles": said["limit_bottles"],
            "dealer_bottles": said["limit_dealer_bottles"],
        },
        "brand_share_bp": WHOLE_BP if share is None else share,
        "is_public": said["is_public"] != NO,
        "tells_start": said["tells_start"] != NO,
    }
    return document, money.faults


class _Amounts:
    """The columns of money of one row; what is none is kept as a fault of its column."""

    def __init__(self, cells: Cells, currency: str) -> None:
        self.cells, self.currency, self.faults = cells, currency, list[DomainError]()

    def of(self, name: str) -> int | None:
        """Minor units; None for nothing."""
        return self.read(name, self.cells[name]) if self.cells[name] else None

    def read(self, name: str, text: str) -> int | None:
        """Minor units of a text that stands in column ``name``."""
        try:
            return Money.parse(text, self.currency).amount
        except DomainError as fault:
            fault.field = name
            self.faults.append(fault)
            return None

    def unread(self, name: str, text: str) -> None:
        """Something that does not fit the column."""
        self.faults.append(errors.FieldUnread(field=name, value=text[:40]))

    def pairs(self, name: str) -> list[tuple[str, str]]:
        """``20=2%; 50=3%`` as pairs."""
        found = []
        for text in filter(None, map(normalised, _ROWS.split(self.cells[name]))):
            parts = [part.strip() for part in _PAIR.split(text)]
            if len(parts) == 2 and all(parts):
                found.append((parts[0], parts[1]))
            else:
                self.unread(name, text)
        return found


def _reward(said: Mapping[str, Any], money: _Amounts) -> Json:
    """What it gives: of the columns those its kind has."""
    kind: str = said["kind"]
    match kind:
        case "PERCENT_OFF":
            return {"kind": kind, "off_bp": said["percent"]}
        case "REBATE_OFFSET":
            return {"kind": kind, "cap_bp": said["percent"]}
        case "FIXED_PRICE":
            return {"kind": kind, "amount": money.of("price"), "unit": said["unit"] or None}
        case "BUNDLE":
            parts = {sku: _counted(money, "parts", cases) for sku, cases in money.pairs("parts")}
            return {"kind": kind, "parts": parts, "price": money.of("price")}
        case "GIFT":
            counted = {name: said[name] for name in ("buy", "give", "most")}
            return {"kind": kind, **counted, "unit": said["unit"] or None, "sku": said["gift_sku"]}
        case "LADDER":
            is_money = said["measure"] == "AMOUNT"
            steps = [_step(money, start, off, is_money=is_money) for start, off in money.pairs("steps")]
            measure = said["measure"] or None
            return {"kind": kind, "measure": measure, "steps": steps, "repeats": said["repeats"] == YES}
        case _:
            return {"kind": kind}


def _step(money: _Amounts, start: str, off: str, *, is_money: bool) -> Json:
    begins = money.read("steps", start) if is_money else _counted(money, "steps", start)
    if not off.endswith("%"):
        return {"start": begins, "off": money.read("steps", off) or 0}
    try:
        return {"start": begins, "off_bp": share_of(off)}
    except DomainError:
        money.unread("steps", off)
        return {"start": begins, "off_bp": WHOLE_BP}


def _counted(money: _Amounts, name: str, text: str) -> int | None:
    try:
        return whole_of(text.replace(",", ""))
    except DomainError:
        money.unread(name, text)
        return 1


def share_of(text: str) -> int:
    """Basis points of a percentage. Raises ``FieldUnread``."""
    try:
        share = Decimal(text.rstrip("%").strip()) * 100
    except DecimalException:
        share = Decimal("NaN")
    if not share.is_finite() or share != share.to_integral_value() or abs(share) > 1_000_000:
        raise errors.FieldUnread(value=text[:40])
    return int(share)


def whole_of(plain: str) -> int:
    """A whole number as a spreadsheet writes it. Raises ``FieldUnread``."""
    if not _WHOLE.match(plain):
        raise errors.FieldUnread(value=plain[:40])
    return int(plain.partition(".")[0])
