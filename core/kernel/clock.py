"""The one clock. Instants are UTC; days are the brand's: of the zone of ``in_zone``, Asia/Shanghai outside of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = "Asia/Shanghai"
FIRST_YEAR, LAST_YEAR = 1900, 2199
_fixed: ContextVar[datetime | None] = ContextVar("fixed_now", default=None)
_zone: ContextVar[str] = ContextVar("business_zone", default=SHANGHAI)
_may_be_set = True


def now() -> datetime:
    """The present instant in UTC, or the instant of the enclosing ``at``."""
    return _fixed.get() or datetime.now(UTC)


def zone() -> str:
    """Name of the time zone days are counted in here."""
    return _zone.get()


@contextmanager
def in_zone(name: str) -> Iterator[None]:
    """Count days in the zone ``name`` inside the block: around every request and task of a brand."""
    token = _zone.set(name)
    try:
        yield
    finally:
        _zone.reset(token)


def business_day(instant: datetime | None = None, zone: str | None = None) -> date:
    """The calendar day of ``instant`` (default: now) in ``zone`` (default: the brand's)."""
    return (instant or now()).astimezone(ZoneInfo(zone or _zone.get())).date()


def read_day(text: str) -> date:
    """A day written ``2026-01-31``, from 1900 to 2199: at the calendar's ends zones overflow. Raises ``ValueError``."""
    day = date.fromisoformat(text)
    if len(text) != 10 or not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError("not a day anybody trades on")
    return day


def start_of_day(day: date, zone: str | None = None) -> datetime:
    """The first instant of ``day`` in ``zone`` (default: the brand's), as UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone or _zone.get())).astimezone(UTC)


def end_of_day(day: date, zone: str | None = None) -> datetime:
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
