"""Figures of the whole installation between the task that gathers them and the scrape that shows them."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from django.core.cache import caches

_KEY = "figures"
_KEPT_S = 900
"""Older than this they say nothing: better none than those of an hour ago."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One gauge: its values by kind, or a single one under ``""``."""

    name: str
    words: str
    values: Mapping[str, float]

    @property
    def is_by_kind(self) -> bool:
        """Whether the values carry the label ``kind``."""
        return "" not in self.values


@dataclass(frozen=True, slots=True)
class Told:
    """All figures of one moment."""

    at: datetime
    figures: tuple[Figure, ...]


def tell(figures: Sequence[Figure], *, at: datetime) -> None:
    """Keep the figures for the scrapes to come."""
    caches["shared"].set(_KEY, {"at": at, "figures": [asdict(figure) for figure in figures]}, _KEPT_S)


def told() -> Told | None:
    """The figures gathered last, or None when there are none (Redis away, beat stopped)."""
    kept = caches["shared"].get(_KEY)
    if kept is None:
        return None
    return Told(at=kept["at"], figures=tuple(Figure(**figure) for figure in kept["figures"]))
