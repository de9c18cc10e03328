"""How values print in the API: money as exact text with its currency, instants in UTC with ``Z``."""

from datetime import UTC, date, datetime

from core.kernel.money import MINOR_DIGITS

MoneyPrint = dict[str, str]


def money(amount: int, currency: str) -> MoneyPrint:
    """``{"amount": "1980.00", "currency": "CNY"}`` of ``amount`` minor units. Text: no reader can round it."""
    return {"amount": amount_text(amount, currency), "currency": currency}


def amount_text(amount: int, currency: str) -> str:
    """Major units with the currency's decimals, no separators."""
    digits = MINOR_DIGITS[currency]
    if not digits:
        return str(amount)
    if digits == 2 and amount >= 0:  # thousands of them in the answer to a pasted order
        return f"{amount // 100}.{amount % 100:02d}"
    whole, rest = divmod(abs(amount), 10**digits)
    return f"{'-' if amount < 0 else ''}{whole}.{rest:0{digits}d}"


def maybe_money(amount: int | None, currency: str) -> MoneyPrint | None:
    """The amount, or null where there is none."""
    return None if amount is None else money(amount, currency)


def instant(at: datetime | None) -> str | None:
    """ISO 8601 in UTC: ``2026-01-12T02:00:00Z``; null where there is none."""
    return None if at is None else f"{at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='milliseconds')}Z"


def day(on: date | None) -> str | None:
    """``2026-01-31``; null where there is none."""
    return None if on is None else on.isoformat()
