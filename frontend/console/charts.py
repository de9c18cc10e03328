"""Small charts drawn by the server: plain numbers for SVG attributes, nothing a style sheet could not colour."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import get_language

_LEFT, _RIGHT, _TOP, _BOTTOM = 44, 6, 12, 24
_STEPS = 4
_LABELS = {720: 7, 354: 4}
"""How many weeks are named, by width."""


@dataclass(frozen=True, slots=True)
class Dot:
    """One week; ``label`` only where there is room for it."""

    x: float
    y: float
    label: str
    title: str


@dataclass(frozen=True, slots=True)
class GridLine:
    """A horizontal line and its word."""

    y: float
    label: str


@dataclass(frozen=True, slots=True)
class Curve:
    """A line over weeks with its scale; ``line`` and ``area`` are points for SVG.

    ``running``: the piece that leads to the week that is not over, apart from the line.
    """

    dots: tuple[Dot, ...]
    line: str
    area: str
    lines: tuple[GridLine, ...]
    width: int
    height: int
    left: int
    right: int
    label_y: int
    running: str = ""


def curve(
    weeks: Sequence[tuple[date, int, str]], *, width: int = 720, height: int = 240, is_running: bool = False
) -> Curve:
    """A point a week from (Monday, amount, words). The scale ends at a round number above the largest.

    ``is_running``: the last week is not over, and its point is no fall.
    """
    top = _round_up(max((amount for _day, amount, _words in weeks), default=0))
    floor, span = height - _BOTTOM, height - _BOTTOM - _TOP
    first, last = _LEFT + 14, width - _RIGHT - 14
    step = (last - first) / max(len(weeks) - 1, 1)
    every = max(1, -(-len(weeks) // _LABELS.get(width, 6)))
    dots = tuple(
        Dot(
            round(first + place * step, 1),
            round(floor - span * amount / top, 1),
            f"{day:%m-%d}" if (len(weeks) - 1 - place) % every == 0 else "",
            words,
        )
        for place, (day, amount, words) in enumerate(weeks)
    )
    whole = dots[:-1] if is_running and len(dots) > 1 else dots
    line = " ".join(f"{dot.x},{dot.y}" for dot in whole)
    area = f"{first},{floor} {line} {whole[-1].x if whole else first},{floor}"
    running = " ".join(f"{dot.x},{dot.y}" for dot in dots[-2:]) if len(whole) < len(dots) else ""
    lines = tuple(GridLine(round(floor - span * n / _STEPS, 1), _short(top * n // _STEPS)) for n in range(_STEPS + 1))
    return Curve(dots, line, area, lines, width, height, _LEFT, width - _RIGHT, height - 6, running)


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
