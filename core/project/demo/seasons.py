"""When the trade orders: seasons, weekdays, hours. Source: handbook of the trade, §11."""

from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from core.kernel.clock import SHANGHAI

ZONE = ZoneInfo(SHANGHAI)
SPRING_FESTIVAL = ("2025-01-29", "2026-02-17", "2027-02-06", "2028-01-26", "2029-02-13", "2030-02-03", "2031-01-23")
DRAGON_BOAT = ("2025-05-31", "2026-06-19", "2027-06-09", "2028-05-28", "2029-06-16", "2030-06-05", "2031-06-24")
MID_AUTUMN = ("2025-10-06", "2026-09-25", "2027-09-15", "2028-10-03", "2029-09-22", "2030-09-12", "2031-10-01")
_PEAKS = (
    # festival, first and last day before it, weight
    (SPRING_FESTIVAL, 90, 30, 1.9),
    (SPRING_FESTIVAL, 30, 8, 1.2),
    (SPRING_FESTIVAL, 7, -12, 0.15),
    (DRAGON_BOAT, 40, 15, 1.25),
    (MID_AUTUMN, 60, 20, 1.7),
    (MID_AUTUMN, 20, 5, 1.1),
)
_MONTHS = {1: 1.0, 2: 0.8, 3: 0.65, 4: 0.8, 5: 0.9, 6: 1.0, 7: 0.7, 8: 1.0, 9: 1.0, 10: 1.0, 11: 1.1, 12: 1.2}
_WEEKDAYS = (1.35, 1.15, 1.05, 1.0, 1.1, 0.45, 0.2)
OPENS, CLOSES = 9, 18


def weight(day: date) -> float:
    """How busy a day is, 1.0 being a usual one."""
    season = _MONTHS[day.month]
    for festivals, first, last, factor in _PEAKS:
        before = [(date.fromisoformat(festival) - day).days for festival in festivals]
        if any(last <= days <= first for days in before):
            season = factor
            break
    if day.month == 10 and day.day <= 7:
        season *= 0.3  # National Day: offices are closed
    return season * _WEEKDAYS[day.weekday()]


def ordering_instant(day: date, dice: Random) -> datetime:
    """An instant of that day at which people order: mornings most, a few late in the evening."""
    hour = dice.choices((8, 9, 10, 11, 13, 14, 15, 16, 17, 20, 21), (2, 8, 10, 7, 4, 8, 8, 6, 4, 2, 1))[0]
    local = datetime(day.year, day.month, day.day, hour, dice.randrange(60), dice.randrange(60), tzinfo=ZONE)
    return local.astimezone(UTC)


def office_time(instant: datetime, dice: Random) -> datetime:
    """``instant``, or the next opening hours when it falls into night or Sunday."""
    local = instant.astimezone(ZONE)
    while local.weekday() == 6 or not OPENS <= local.hour < CLOSES:
        day = local if local.hour < OPENS and local.weekday() != 6 else local + timedelta(days=1)
        local = day.replace(hour=OPENS, minute=dice.randrange(50), second=dice.randrange(60))
    return max(local.astimezone(UTC), instant)


def spread(days: list[date], count: int) -> list[int]:
    """How many of ``count`` orders fall on each of ``days``, by weight; largest remainders take the rest."""
    weights = [weight(day) for day in days]
    exact = [count * one / sum(weights) for one in weights]
    shares = [int(one) for one in exact]
    by_remainder = sorted(range(len(days)), key=lambda place: (shares[place] - exact[place], place))
    for place in by_remainder[: count - sum(shares)]:
        shares[place] += 1
    return shares
