"""Which policies meet: same stage, same days, same buyers, same goods. Pure.

Buyers are compared set by set: that two policies may meet is said although, by chance, no dealer is in both.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from core.kernel import regions
from ordering.promotions.rules.policies import Audience, Bundle, Policy, Stage


class Together(StrEnum):
    """What happens to a buyer and goods that two policies are for."""

    BEST = "BEST"
    ADDED = "ADDED"
    """Only the better one gives; or both give, one on top of the other."""


@dataclass(frozen=True, slots=True)
class GoodsFacts:
    """A SKU as policies name it."""

    product_line: str
    aroma: str


def together(one: Policy, other: Policy, skus: Mapping[str, GoodsFacts]) -> Together | None:
    """How the two work together, None where they never meet. ``skus``: everything on the shelf."""
    if one.stage is not other.stage or not _audiences_meet(one.audience, other.audience):
        return None
    if held_by(one, skus).isdisjoint(held_by(other, skus)):
        return None
    is_best = one.stage is Stage.FLASH or (bool(one.group) and one.group == other.group)
    return Together.BEST if is_best else Together.ADDED


def held_by(policy: Policy, skus: Mapping[str, GoodsFacts]) -> frozenset[str]:
    """The SKUs that take part."""
    goods = policy.goods
    named: Iterable[str] = policy.reward.parts if isinstance(policy.reward, Bundle) else goods.skus or skus
    return frozenset(
        sku
        for sku in named
        if sku in skus
        and sku not in goods.without
        and (not goods.product_lines or skus[sku].product_line in goods.product_lines)
        and (not goods.aromas or skus[sku].aroma in goods.aromas)
    )


def _audiences_meet(one: Audience, other: Audience) -> bool:
    return (
        one.starts_at < other.ends_at
        and other.starts_at < one.ends_at
        and _meet(one.tiers, other.tiers)
        and _meet(one.channels, other.channels)
        and _meet(one.labels, other.labels)
        and _meet(one.dealers, other.dealers)
        and _regions_meet(one.regions, other.regions)
    )


def _meet(one: Collection[str], other: Collection[str]) -> bool:
    return not one or not other or not set(one).isdisjoint(other)


def _regions_meet(one: Collection[str], other: Collection[str]) -> bool:
    if not one or not other:
        return True
    return any(code in _lineage(further) or further in _lineage(code) for code in one for further in other)


def _lineage(code: str) -> tuple[str, ...]:
    try:
        return regions.lineage(code)
    except regions.UnknownRegion:
        return (code, regions.COUNTRY)
