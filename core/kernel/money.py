"""Money in minor units (fen, cents) with its currency. Never a float.

Rounding and splitting follow the trade's rules: half-up to the fen per line, splits by largest remainder
(ties: larger amount first, then key), partial shipments half-up with the rest on the last.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.kernel.errors import DomainError
from core.kernel.text import N_, normalised

MINOR_DIGITS = {"CNY": 2, "USD": 2, "EUR": 2, "HKD": 2, "JPY": 0}
MAX_MINOR = 9_000_000_000_000_000
"""Nothing larger is money in this trade; far below bigint, so that sums of lines cannot overflow."""


_OWN_SIGNS = {"CNY": "¥", "JPY": "¥", "USD": "$", "HKD": "$", "EUR": "€"}
_ALL_SIGNS = "¥$€"
_GROUPED = re.compile(r"[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]{1,6})?")
_AMOUNT = re.compile(r"[+-]?[0-9]{1,16}(\.[0-9]{1,6})?")


class CurrencyMismatch(TypeError):
    """Two currencies were added or compared: a bug, not a refusal."""


class NotMoney(DomainError):
    """The text is not an amount with at most the currency's decimals."""

    code = "money.not_an_amount"
    text = N_("“%(value)s” is not an amount. Use digits with at most %(digits)s decimals.")


class OtherCurrency(NotMoney):
    """The amount carries the sign of another currency: it is not taken for this one."""

    code = "money.other_currency"
    text = N_("“%(value)s” is in another currency. Enter an amount in %(currency)s.")


def half_up(numerator: int, denominator: int) -> int:
    """Divide, rounding halves away from zero, in integers. ``denominator`` must be positive."""
    if denominator <= 0:
        raise ValueError("denominator must be positive")
    sign = -1 if numerator < 0 else 1
    return sign * ((2 * abs(numerator) + denominator) // (2 * denominator))


def vat_inside(amount: int, rate_bp: int) -> int:
    """Tax contained in the tax-inclusive ``amount`` (minor units) at ``rate_bp`` basis points, half-up.

    13 % is 1300: ``half_up(x * 13 / 113)``. Source: handbook of the trade, worked example PRICE-01.
    """
    return half_up(amount * rate_bp, 10_000 + rate_bp)


def split_by_weight(total: int, weights: Sequence[int], keys: Sequence[str] | None = None) -> tuple[int, ...]:
    """Split ``total`` over ``weights`` by the largest remainder; ties go to the larger weight, then the smaller key.

    Returns one part a weight, in order, summing to ``total`` exactly. Raises ValueError when no weight is positive.
    """
    whole = sum(weights)
    if whole <= 0 or min(weights) < 0:
        raise ValueError("weights must be non-negative and not all zero")
    sign, rest = (-1, -total) if total < 0 else (1, total)
    shares = [divmod(rest * weight, whole) for weight in weights]
    parts = [part for part, _ in shares]
    missing = rest - sum(parts)
    if missing:
        names = keys if keys is not None else [f"{index:09d}" for index in range(len(weights))]
        order = sorted((-over, -weights[i], names[i], i) for i, (_, over) in enumerate(shares) if over)
        for *_, index in order[:missing]:
            parts[index] += 1
    return tuple(parts) if sign > 0 else tuple(-part for part in parts)


def share_of(total: int, *, quantity: int, of: int, already_quantity: int, already_amount: int) -> int:
    """Amount of a partial shipment: half-up(total × quantity / of), never more than is left; the last takes the rest.

    ``total`` is not negative. Where a bottle costs less than one minor unit, roundings up could use more than there is.
    """
    if already_quantity + quantity > of or quantity < 0:
        raise ValueError("more than the line holds")
    if already_quantity + quantity == of:
        return total - already_amount
    return min(half_up(total * quantity, of), total - already_amount)


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """``amount`` minor units of ``currency``; adding two currencies raises ``CurrencyMismatch``."""

    amount: int
    currency: str = "CNY"

    def __post_init__(self) -> None:
        if self.currency not in MINOR_DIGITS:
            raise ValueError(f"unknown currency {self.currency!r}")

    def _same(self, other: "Money") -> None:
        if self.currency != other.currency:
            raise CurrencyMismatch(f"{self.currency} with {other.currency}")

    def __add__(self, other: "Money") -> "Money":
        self._same(other)
        return Money(self.amount + other.amount, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        self._same(other)
        return Money(self.amount - other.amount, self.currency)

    def __mul__(self, factor: int) -> "Money":
        return Money(self.amount * factor, self.currency)

    def __lt__(self, other: "Money") -> bool:
        self._same(other)
        return self.amount < other.amount

    def __le__(self, other: "Money") -> bool:
        self._same(other)
        return self.amount <= other.amount

    def as_decimal(self) -> Decimal:
        """Major units, exact."""
        return Decimal(self.amount).scaleb(-MINOR_DIGITS[self.currency])

    @classmethod
    def parse(cls, text: str, currency: str = "CNY") -> "Money":
        """Read ``1,980.00``, ``¥1980`` or full-width digits. Raises ``NotMoney``, ``OtherCurrency`` by a sign."""
        digits = MINOR_DIGITS[currency]
        signed = normalised(text).replace("−", "-").replace(" ", "")
        plain = signed.lstrip(_OWN_SIGNS[currency])
        if plain.lstrip(_ALL_SIGNS) != plain:
            raise OtherCurrency(value=text[:40], currency=currency)
        if _GROUPED.fullmatch(plain):  # a comma anywhere else may be meant as the decimal point
            plain = plain.replace(",", "")
        if not _AMOUNT.fullmatch(plain):  # nobody writes 1e9 and means a thousand million
            raise NotMoney(value=text[:40], digits=digits)
        minor = Decimal(plain).scaleb(digits)
        if minor != minor.to_integral_value() or abs(minor) > MAX_MINOR:
            raise NotMoney(value=text[:40], digits=digits)
        return cls(int(minor), currency)


def money_text(amount: int, currency: str) -> str:
    """Plain digits with separators and the currency's decimals, ``-1,980.00``; no sign of the currency."""
    digits = MINOR_DIGITS[currency]
    return f"{Decimal(amount).scaleb(-digits):,.{digits}f}"


CURRENCY_SIGNS = {"CNY": "¥", "USD": "$", "EUR": "€", "HKD": "HK$", "JPY": "JP¥"}
MINUS = "\N{MINUS SIGN}"


def with_sign(amount: int, currency: str) -> str:
    """``¥1,980.00`` as people read it; a negative amount carries the true minus before the sign."""
    return f"{MINUS if amount < 0 else ''}{CURRENCY_SIGNS[currency]}{money_text(abs(amount), currency)}"
