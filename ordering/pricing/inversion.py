"""Inversion (倒挂) in plain Python: a tier that pays as much as the tier under it, or more, earns nothing.

Source: handbook of the trade, §5.1 (ladder) and §2 (tiers). Amounts are minor units of one currency, per unit and step.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from core.kernel import regions

RANKS: Mapping[str, int] = {"PROVINCIAL": 1, "CITY": 2, "COUNTY": 3, "TERMINAL": 4}
"""Tiers from the top of the channel down."""
GUIDE_RANK = 9
"""Whoever pays the guide price stands under every tier."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the channel the prices of a list are paid. ``channel`` empty: in any."""

    rank: int
    region_code: str
    channel: str = ""


@dataclass(frozen=True, slots=True)
class PaidPrice:
    """What is paid at one place for one thing (SKU, unit, quantity, currency …)."""

    list_id: int
    place: Place
    thing: tuple[object, ...]
    amount: int


def place_of(*, kind: str, tier: str, region_code: str, channel: str = "") -> Place | None:
    """The place of a list for a tier, for a dealer of a tier, or of guide prices; None where payers of many tiers meet.

    Floors are paid by nobody.
    """
    if kind == "GUIDE":
        return Place(GUIDE_RANK, region_code, channel)
    rank = RANKS.get(tier)
    return None if kind == "FLOOR" or rank is None else Place(rank, region_code, channel)


def is_above(higher: Place, lower: Place) -> bool:
    """Whether who pays at ``higher`` may sell on to who pays at ``lower``: nearer the top, and the regions meet."""
    return (
        higher.rank < lower.rank
        and (not higher.channel or not lower.channel or higher.channel == lower.channel)
        and overlap(higher.region_code, lower.region_code)
    )


def overlap(one: str, other: str) -> bool:
    """Whether one division lies in the other. A code nobody knows lies in the country only."""
    return one in _lineage(other) or other in _lineage(one)


def inverts(higher: int | None, lower: int | None) -> bool:
    """Whether the upper tier pays as much as the one under it, or more. No price inverts nothing."""
    return higher is not None and lower is not None and higher >= lower


def inverted(prices: Iterable[PaidPrice]) -> list[tuple[PaidPrice, PaidPrice]]:
    """Every pair of one thing where who is above pays as much as who is under it, or more; the upper one first."""
    things: dict[tuple[object, ...], list[PaidPrice]] = {}
    for price in prices:
        things.setdefault(price.thing, []).append(price)
    return [
        (higher, lower)
        for paid in things.values()
        for higher in paid
        for lower in paid
        if inverts(higher.amount, lower.amount) and is_above(higher.place, lower.place)
    ]


def _lineage(code: str) -> tuple[str, ...]:
    try:
        return regions.lineage(code)
    except regions.UnknownRegion:
        return (code, regions.COUNTRY)
