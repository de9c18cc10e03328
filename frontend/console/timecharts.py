"""Courses over days drawn by the server: lines in one scale that need not begin at zero, as prices are read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil, floor

from core.kernel.money import MINOR_DIGITS

_LEFT, _RIGHT, _TOP, _BOTTOM = 58, 10, 12, 24
_LINES = 4
_STEPS = (1, 2, 5, 10)
_DAYS_NAMED = {720: 7, 354: 3}
"""How many days are named, by width."""
MOST_COURSES = 5
"""Colours and dashes that can be told apart."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One day of a course; ``title`` in words."""

    x: float
    y: float
    title: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """One course: its name, its place among the colours (1 first), its points for SVG, a line between two gaps."""

    label: str
    place: int
    lines: tuple[str, ...]
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Scale:
    """A line across (``at`` its y) or a named day (``at`` its x)."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class TimeChart:
    """Courses with their scales."""

    courses: tuple[Drawn, ...]
    lines: tuple[Scale, ...]
    days: tuple[Scale, ...]
    width: int
    height: int
    left: int
    right: int
    label_y: int


Told = tuple[date, int | None, str]
"""A day, minor units (None: a gap begins), and both in words."""


def time_chart(
    courses: Sequence[tuple[str, Sequence[Told]]],
    *,
    currency: str,
    until: date | None = None,
    is_stepped: bool = False,
    width: int = 720,
    height: int = 240,
) -> TimeChart | None:
    """``courses`` as (name, days rising); None where none has a day. ``is_stepped``: each rules until the next.

    ``until`` draws a stepped course on to that day.
    """
    told = [one for _label, days in courses for one in days]
    amounts = [amount for _day, amount, _words in told if amount is not None]
    if not amounts:
        return None
    first, last = min(one[0] for one in told), max(*(one[0] for one in told), until or date.min)
    low, high, step = _range(amounts, MINOR_DIGITS[currency])
    box = _Box(first, max((last - first).days, 1), low, high, width, height)
    drawn = tuple(
        _drawn(label, place, days, box, until=last if is_stepped else None)
        for place, (label, days) in enumerate(courses[:MOST_COURSES], start=1)
        if days
    )
    lines = tuple(Scale(box.y(amount), _words(amount, step, currency)) for amount in range(low, high + 1, step))
    return TimeChart(drawn, lines, _named(box), width, height, _LEFT, width - _RIGHT, height - 6)


@dataclass(frozen=True, slots=True)
class _Box:
    first: date
    span: int
    low: int
    high: int
    width: int
    height: int

    def x(self, day: date) -> float:
        left, right = _LEFT + 10, self.width - _RIGHT - 10
        return round(left + (right - left) * (day - self.first).days / self.span, 1)

    def y(self, amount: int) -> float:
        ground = self.height - _BOTTOM
        return round(ground - (ground - _TOP) * (amount - self.low) / (self.high - self.low), 1)


def _drawn(label: str, place: int, days: Sequence[Told], box: _Box, *, until: date | None) -> Drawn:
    marks: list[Mark] = []
    lines: list[list[tuple[float, float]]] = [[]]
    for day, amount, words in days:
        corners, x = lines[-1], box.x(day)
        if until is not None and corners:
            corners.append((x, corners[-1][1]))
        if amount is None:
            lines.append([])
            continue
        corners.append((x, box.y(amount)))
        marks.append(Mark(x, box.y(amount), f"{label} {words}".strip()))
    if until is not None and lines[-1]:
        lines[-1].append((box.x(until), lines[-1][-1][1]))
    drawn = tuple(" ".join(f"{x},{y}" for x, y in corners) for corners in lines if corners)
    return Drawn(label, place, drawn, tuple(marks))


def _range(amounts: Sequence[int], digits: int) -> tuple[int, int, int]:
    """Lowest and highest line and the step between them, round numbers around what is drawn."""
    least, most = min(amounts), max(amounts)
    room = max(most - least, most // 20, 10**digits // 10, 1)
    rough = room / _LINES
    power = 10 ** max(len(str(int(rough))) - 1, 0)
    step = next(size * power for size in _STEPS if size * power >= rough)
    low, high = max(floor((least - room // 10) / step), 0) * step, ceil((most + room // 10) / step) * step
    return low, max(high, low + step), step


def _words(amount: int, step: int, currency: str) -> str:
    digits = MINOR_DIGITS[currency]
    shown = digits if step % 10**digits else 0
    return f"{amount / 10**digits:,.{shown}f}"


def _named(box: _Box) -> tuple[Scale, ...]:
    count = min(_DAYS_NAMED.get(box.width, 5), box.span + 1)
    places = sorted({round(place * box.span / max(count - 1, 1)) for place in range(count)})
    days = [box.first + timedelta(days=place) for place in places]
    shape = "%m-%d" if box.span <= 330 else "%y-%m"
    return tuple(Scale(box.x(day), day.strftime(shape)) for day in days)
