"""Decisions about grants: which contradict each other, and what a dealer may pass on. Days are half-open ranges."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from core.kernel import regions

EVERY_CHANNEL = "*"
NATIONWIDE_CHANNELS = frozenset({"ONLINE"})
"""Channels that are granted for the whole country, never for a county (handbook §3, rule 5)."""
_END_OF_TIME = date.max


class Kind(StrEnum):
    """How a grant shares its ground."""

    EXCLUSIVE = "EXCLUSIVE"
    SHARED = "SHARED"
    RESERVED = "RESERVED"


@dataclass(frozen=True, slots=True)
class Ground:
    """What a grant covers. ``line_id`` None is every product line; valid on ``[valid_from, valid_to)``."""

    dealer_id: int
    dealer_path: str
    line_id: int | None
    channel: str
    region_code: str
    kind: str
    valid_from: date
    valid_to: date | None = None

    def is_valid_on(self, day: date) -> bool:
        """Whether it is in force on ``day``; on its last day, ``valid_to``, it is not."""
        return self.valid_from <= day < (self.valid_to or _END_OF_TIME)


def conflict(one: Ground, other: Ground) -> bool:
    """Whether two grants contradict each other: both exclusive for the same line, channel, time and ground.

    Not so when the deeper one is carved out of the wider one for a dealer of the same tree below it.
    """
    if one.dealer_id == other.dealer_id or {one.kind, other.kind} != {Kind.EXCLUSIVE}:
        return False
    if not (_lines_meet(one, other) and _channels_meet(one, other) and _times_meet(one, other)):
        return False
    wide, deep = (one, other) if regions.contains(one.region_code, other.region_code) else (other, one)
    if not regions.contains(wide.region_code, deep.region_code):
        return False
    is_carved_out = wide.region_code != deep.region_code and deep.dealer_path.startswith(wide.dealer_path)
    return not is_carved_out


def _lines_meet(one: Ground, other: Ground) -> bool:
    return one.line_id is None or other.line_id is None or one.line_id == other.line_id


def _channels_meet(one: Ground, other: Ground) -> bool:
    return EVERY_CHANNEL in (one.channel, other.channel) or one.channel == other.channel


def _times_meet(one: Ground, other: Ground) -> bool:
    return one.valid_from < (other.valid_to or _END_OF_TIME) and other.valid_from < (one.valid_to or _END_OF_TIME)


def is_within(ground: Ground, held: Iterable[Ground]) -> bool:
    """Whether ``held`` (the grants of the dealer above) together cover ``ground`` on each of its days.

    A line or channel counts when it is held as such or as every line or channel; a division when it, one above it, or
    all divisions below it are held.
    """
    useful = [
        grant
        for grant in held
        if grant.kind != Kind.RESERVED
        and grant.line_id in (None, ground.line_id)
        and grant.channel in (EVERY_CHANNEL, ground.channel)
    ]
    return all(
        _covers([grant.region_code for grant in useful if grant.is_valid_on(day)], ground.region_code)
        for day in _turning_days(ground, useful)
    )


def _turning_days(ground: Ground, held: Iterable[Ground]) -> Iterator[date]:
    """The first day of the ground and every later one of its days on which what is held changes."""
    yield ground.valid_from
    for grant in held:
        for day in (grant.valid_from, grant.valid_to):
            if day is not None and ground.valid_from < day and ground.is_valid_on(day):
                yield day


def _covers(held: list[str], region_code: str) -> bool:
    if any(regions.contains(code, region_code) for code in held):
        return True
    below = regions.children(region_code)
    return bool(held) and bool(below) and all(_covers(held, place.code) for place in below)
