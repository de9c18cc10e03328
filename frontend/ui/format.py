"""Amounts, quantities and instants as words of the page, in the language and time zone in force."""

from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext, ngettext

from core.kernel.errors import DomainError
from core.kernel.money import MINUS, with_sign
from core.kernel.quantity import in_cases

DASH = "—"
MOMENT = timedelta(minutes=1)
"""What lies nearer than this is now."""


def money(amount: int | None, currency: str = "CNY", *, with_plus: bool = False) -> str:
    """``198000`` fen → ``¥1,980.00``; negative amounts carry the true minus sign before the currency's; None → —."""
    if amount is None:
        return DASH
    plus = "+" if with_plus and amount > 0 else ""
    return f"{plus}{with_sign(amount, currency)}"


def unit_word(unit: str) -> str:
    """``CASE`` → 箱, ``BOTTLE`` → 瓶; any other word is returned as it is."""
    if unit == "CASE":
        return gettext("case")
    return gettext("bottle") if unit == "BOTTLE" else unit


def units_word(unit: str) -> str:
    """The same beside a number that is still being chosen: cases, bottles."""
    if unit == "CASE":
        return gettext("cases")
    return gettext("bottles") if unit == "BOTTLE" else unit


def cases_text(cases: int) -> str:
    """``12 箱``, ``12 cases``."""
    return ngettext("%(count)s case", "%(count)s cases", cases) % {"count": f"{cases:,}"}


def bottles_text(bottles: int) -> str:
    """``3 瓶``, ``3 bottles``."""
    return ngettext("%(count)s bottle", "%(count)s bottles", bottles) % {"count": f"{bottles:,}"}


def quantity(bottles: int, bottles_per_case: int) -> str:
    """Bottles as the trade reads them: ``12 箱 + 3 瓶``; whole cases show no bottles, a pack of 0 only bottles."""
    sign = MINUS if bottles < 0 else ""
    if bottles_per_case <= 0:
        return sign + bottles_text(abs(bottles))
    count = in_cases(abs(bottles), bottles_per_case)
    return sign + packed(count.cases, count.bottles, joint=f" {MINUS} " if sign else " + ")


def packed(cases: int, bottles: int, *, joint: str = " + ") -> str:
    """Whole cases and the bottles beside them, of goods in any packs: ``1,207 箱 + 3 瓶``, ``12 箱``, ``3 瓶``."""
    if cases and bottles:
        return cases_text(cases) + joint + bottles_text(bottles)
    return cases_text(cases) if cases or not bottles else bottles_text(bottles)


def exact(instant: datetime | date) -> str:
    """``2026-01-12 14:05`` in the current time zone; a date without a time prints ``2026-01-12``."""
    if isinstance(instant, datetime):
        local = timezone.localtime(instant) if timezone.is_aware(instant) else instant
        return local.strftime("%Y-%m-%d %H:%M")
    return instant.isoformat()


def last_moment(instant: datetime) -> datetime | date:
    """What people call the end: ``2026-12-01`` for what ends at the midnight after it, else the minute itself."""
    local = timezone.localtime(instant)
    is_midnight = not (local.hour or local.minute or local.second)
    return local.date() - timedelta(days=1) if is_midnight else instant


def machine(instant: datetime | date) -> str:
    """The value of a ``datetime`` attribute."""
    if isinstance(instant, datetime) and timezone.is_aware(instant):
        return timezone.localtime(instant).isoformat(timespec="seconds")
    return instant.isoformat()


def relative(instant: datetime, now: datetime) -> str:
    """``3 小时前`` for what lies behind, ``3 小时后`` for what lies ahead."""
    if abs(now - instant) < MOMENT:
        return gettext("just now")
    if instant <= now:
        return gettext("%(span)s ago") % {"span": timesince(instant, now, depth=1)}
    return gettext("in %(span)s") % {"span": timesince(now, instant, depth=1)}


def problem_words(problem: object) -> str:
    """A refusal in the language in force; plain words are returned as they are."""
    if isinstance(problem, DomainError):
        words = gettext(problem.text)
        return words % problem.fields if problem.fields else words
    return str(problem)
