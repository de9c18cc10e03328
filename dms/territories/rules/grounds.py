"""Grants as values: goods × channels × ground × days, and what they mean for each other."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from core.kernel import regions
from dms.dealers.rules import Channel
from dms.territories.rules.extents import Extent, extent
from dms.territories.rules.slices import days_meet, until

EVERY_CHANNEL = "*"
NATIONWIDE_CHANNELS = frozenset({Channel.ONLINE.value})
"""Channels that are granted for the whole country, never for a county (handbook §3, rule 5)."""
_LOCAL_CHANNELS = frozenset(one.value for one in Channel) - NATIONWIDE_CHANNELS | {EVERY_CHANNEL}

SkuOfLine = tuple[int, int]


class Kind(StrEnum):
    """How a grant shares its ground."""

    EXCLUSIVE = "EXCLUSIVE"
    SHARED = "SHARED"
    RESERVED = "RESERVED"


@dataclass(frozen=True, slots=True)
class Ground:
    """What a grant covers, on ``[valid_from, valid_to)``.

    Goods: ``skus`` (ids with the ids of their lines), else ``line_id``, else every product line. ``channels`` holds
    codes, or ``*``. ``region_codes`` is one division, or the leaves of a zone.
    """

    dealer_id: int
    dealer_path: str
    line_id: int | None
    channels: frozenset[str]
    region_codes: tuple[str, ...]
    kind: str
    valid_from: date
    valid_to: date | None = None
    skus: frozenset[SkuOfLine] = frozenset()

    def is_valid_on(self, day: date) -> bool:
        """Whether it is in force on ``day``; on its last day, ``valid_to``, it is not."""
        return self.valid_from <= day < until(self.valid_to)

    @property
    def extent(self) -> Extent:
        """Its ground as sets."""
        return extent(self.region_codes)

    @property
    def is_nationwide(self) -> bool:
        """Whether it is the whole country."""
        return regions.COUNTRY in self.region_codes

    @property
    def held_channels(self) -> frozenset[str]:
        """Every channel it holds by name: ``*`` holds those granted nationwide only where it is nationwide itself."""
        if EVERY_CHANNEL not in self.channels:
            return self.channels
        return _LOCAL_CHANNELS | NATIONWIDE_CHANNELS if self.is_nationwide else _LOCAL_CHANNELS | self.channels

    def holds_line(self, line_id: int | None) -> bool:
        """Whether the whole line (None: every line) is among its goods."""
        return not self.skus and self.line_id in (None, line_id)

    def holds_sku(self, sku: SkuOfLine) -> bool:
        """Whether the SKU is among its goods."""
        return sku in self.skus if self.skus else self.line_id in (None, sku[1])


def overlap(one: Ground, other: Ground) -> bool:
    """Whether goods, channels, days and ground all have something in common."""
    return (
        days_meet(one.valid_from, one.valid_to, other.valid_from, other.valid_to)
        and _goods_meet(one, other)
        and not one.held_channels.isdisjoint(other.held_channels)
        and one.extent.meets(other.extent)
    )


def conflict(one: Ground, other: Ground) -> bool:
    """Whether two grants contradict each other: both exclusive for some of the same goods, channels, days and ground.

    Not so when the deeper one is carved out of the wider one for a dealer of the same tree below it.
    """
    if one.dealer_id == other.dealer_id or {one.kind, other.kind} != {Kind.EXCLUSIVE}:
        return False
    return overlap(one, other) and not (carved_from(one, other) or carved_from(other, one))


def carved_from(deep: Ground, wide: Ground) -> bool:
    """Whether ``deep`` is a piece of ``wide`` for a dealer below its holder: strictly deeper ground, the same tree."""
    is_below = deep.dealer_id != wide.dealer_id and deep.dealer_path.startswith(wide.dealer_path)
    return is_below and deep.extent.is_deeper_than(wide.extent)


def same(one: Ground, other: Ground) -> bool:
    """Whether a dealer would hold the same twice: same kind, goods, channels and ground on some day."""
    facts = ("dealer_id", "kind", "line_id", "skus", "channels")
    return (
        all(getattr(one, name) == getattr(other, name) for name in facts)
        and set(one.region_codes) == set(other.region_codes)
        and days_meet(one.valid_from, one.valid_to, other.valid_from, other.valid_to)
    )


def _goods_meet(one: Ground, other: Ground) -> bool:
    if one.skus and other.skus:
        return not one.skus.isdisjoint(other.skus)
    if one.skus or other.skus:
        skus, line_id = (one.skus, other.line_id) if one.skus else (other.skus, one.line_id)
        return line_id is None or any(line == line_id for _sku, line in skus)
    return one.line_id is None or other.line_id is None or one.line_id == other.line_id


def is_within(ground: Ground, held: Iterable[Ground]) -> bool:
    """Whether ``held`` (the grants of the dealer above) together cover ``ground`` on each of its days.

    Every leaf must be held for every one of its channels and goods; several grants may share the leaves out among
    them. A line counts as held when it or every line is, a SKU when it, its line or every line is; ``*`` only by ``*``.
    """
    granted = [grant for grant in held if grant.kind != Kind.RESERVED]
    return all(
        _covers([grant for grant in granted if grant.is_valid_on(day)], ground)
        for day in _turning_days(ground, granted)
    )


def _covers(held: Sequence[Ground], ground: Ground) -> bool:
    judged: set[tuple[int, ...]] = set()
    for channel in ground.held_channels:
        in_channel = [grant for grant in held if channel in grant.held_channels]
        for useful in _by_goods(in_channel, ground):
            key = tuple(map(id, useful))  # channels and goods mostly rest on the same grants: judge those once
            if key in judged:
                continue
            if not ground.extent.leaves <= frozenset[str]().union(*(grant.extent.codes for grant in useful)):
                return False
            judged.add(key)
    return True


def _by_goods(held: Sequence[Ground], ground: Ground) -> Iterator[list[Ground]]:
    """For each of the ground's goods the grants that hold it."""
    if ground.skus:
        for sku in sorted(ground.skus):
            yield [grant for grant in held if grant.holds_sku(sku)]
    else:
        yield [grant for grant in held if grant.holds_line(ground.line_id)]


def _turning_days(ground: Ground, held: Iterable[Ground]) -> Iterator[date]:
    """The first day of the ground and every later one of its days on which what is held changes."""
    days = {day for grant in held for day in (grant.valid_from, grant.valid_to) if day is not None}
    yield ground.valid_from
    yield from (day for day in sorted(days) if ground.valid_from < day and ground.is_valid_on(day))
