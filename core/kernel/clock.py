"""The one clock. Instants are UTC; the business day is the brand's (Asia/Shanghai unless told)."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = "Asia/Shanghai"
FIRST_YEAR, LAST_YEAR = 1900, 2199
_fixed: ContextVar[datetime | None] = ContextVar("fixed_now", default=None)
_may_be_set = True


def now() -> datetime:
    """The present instant in UTC, or the instant of the enclosing ``at``."""
    return _fixed.get() or datetime.now(UTC)


def business_day(instant: datetime | None = None, zone: str = SHANGHAI) -> date:
    """The calendar day of ``instant`` (default: now) in the brand's ``zone``."""
    return (instant or now()).astimezone(ZoneInfo(zone)).date()


def read_day(text: str) -> date:
    """A day written ``2026-01-31``, from 1900 to 2199: at the calendar's ends zones overflow. Raises ``ValueError``."""
    day = date.fromisoformat(text)
    if len(text) != 10 or not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError("not a day anybody trades on")
    return day


def start_of_day(day: date, zone: str = SHANGHAI) -> datetime:
    """The first instant of ``day`` in ``zone``, as UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def end_of_day(day: date, zone: str = SHANGHAI) -> datetime:
    """The first instant after ``day`` in ``zone``, as UTC (half-open ranges)."""
    return start_of_day(day + timedelta(days=1), zone)


def is_fixed() -> bool:
    """Whether an ``at`` is in force: past acts send no messages."""
    return _fixed.get() is not None


def forbid_setting() -> None:
    """Called once by production settings: from then on ``at`` refuses."""
    global _may_be_set  # noqa: PLW0603 - a switch that only turns one way
    _may_be_set = False


@contextmanager
def at(instant: datetime) -> Iterator[None]:
    """Let ``now()`` answer ``instant`` (aware) inside the block: for seeds and tests only."""
    if not _may_be_set:
        raise RuntimeError("the clock cannot be set in production")
    if instant.tzinfo is None:
        raise ValueError("an aware instant is needed")
    token = _fixed.set(instant.astimezone(UTC))
    try:
        yield
    finally:
        _fixed.reset(token)
