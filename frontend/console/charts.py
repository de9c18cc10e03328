"""Small charts drawn by the server: plain numbers for SVG attributes, nothing a style sheet could not colour."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import get_language

_LEFT, _RIGHT, _TOP, _BOTTOM = 44, 6, 12, 24
_STEPS = 4
_LABELS = {720: 6, 354: 3}
"""How many days are named, by width."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One day; ``label`` only where there is room for it."""

    x: float
    y: float
    width: float
    height: float
    label: str
    label_x: float
    title: str


@dataclass(frozen=True, slots=True)
class GridLine:
    """A horizontal line and its word."""

    y: float
    label: str


@dataclass(frozen=True, slots=True)
class DayChart:
    """Bars by day with their scale."""

    bars: tuple[Bar, ...]
    lines: tuple[GridLine, ...]
    width: int
    height: int
    left: int
    right: int
    label_y: int


def day_chart(days: Sequence[tuple[date, int, str]], *, width: int = 720, height: int = 220) -> DayChart:
    """A bar a day from (day, amount, words). The scale ends at a round number above the largest."""
    top = _round_up(max((amount for _day, amount, _words in days), default=0))
    floor, span = height - _BOTTOM, height - _BOTTOM - _TOP
    slot = (width - _LEFT - _RIGHT) / max(len(days), 1)
    every = max(1, len(days) // _LABELS.get(width, 6))
    bars = []
    for place, (day, amount, words) in enumerate(days):
        rise = round(span * amount / top, 1)
        x = round(_LEFT + place * slot + slot * 0.15, 1)
        label = f"{day:%m-%d}" if place % every == 0 else ""
        bars.append(Bar(x, round(floor - rise, 1), round(slot * 0.7, 1), rise, label, round(x + slot * 0.35, 1), words))
    lines = [
        GridLine(round(floor - span * step / _STEPS, 1), _short(top * step // _STEPS)) for step in range(_STEPS + 1)
    ]
    return DayChart(tuple(bars), tuple(lines), width, height, _LEFT, width - _RIGHT, height - 6)


def _round_up(amount: int) -> int:
    """The next of 1, 2, 4, 5 or 10 times a power of ten above ``amount`` (minor units)."""
    if amount <= 0:
        return 400_00
    power: int = 10 ** (len(str(amount)) - 1)
    return next(step * power for step in (1, 2, 4, 5, 10) if step * power >= amount)


def _short(minor: int) -> str:
    """Major units in as few characters as a scale has room for: 0, 500, 2万, 1.5亿; in English 20k, 1.5M."""
    whole = minor // 100
    is_english = (get_language() or "").startswith("en")
    sizes = ((1_000_000, "M"), (1_000, "k")) if is_english else ((100_000_000, "亿"), (10_000, "万"))
    for size, letter in sizes:
        if whole >= size:
            return f"{whole / size:g}{letter}"
    return str(whole)
