"""Where a round would leave a tier paying as much as the tier under it, or more (倒挂)."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.kernel.actor import Actor
from ordering.pricing.inversion import PaidPrice, inverted, place_of
from ordering.pricing.models import PriceList
from ordering.pricing.selectors import lists_visible_to
from ordering.rounds.models import PriceRound
from ordering.rounds.selectors.rounds import RoundLine
from ordering.rounds.selectors.ruling import ruling_of_lists

MOST_SHOWN = 50
Key = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class Inverted:
    """One product: who is above pays ``upper_amount`` by one list, who is under it ``lower_amount`` by another."""

    sku_id: int
    unit: str
    upper: PriceList
    upper_amount: int
    lower: PriceList
    lower_amount: int


def inversions_of(actor: Actor, row: PriceRound, lines: Sequence[RoundLine]) -> tuple[Inverted, ...]:
    """The pairs one side of which the round sets, at the first step of each price; two statements, at most MOST_SHOWN.

    Lists that take their prices from another one follow it and are compared in the matrix.
    """
    lists = {one.pk: one for one in lists_visible_to(actor).filter(is_active=True).exclude(kind=PriceList.Kind.FLOOR)}
    places = {
        pk: place
        for pk, one in lists.items()
        if (place := place_of(kind=one.kind, tier=one.tier, region_code=one.region_code, channel=one.channel))
    }
    sku_ids = sorted({line.sku_id for line in lines})
    steps: dict[Key, dict[int, int | None]] = {}
    for one in ruling_of_lists(actor, sorted(places), at=row.takes_effect_at, sku_ids=sku_ids):
        steps.setdefault((one.list_id, one.sku_id, one.unit), {})[one.min_quantity] = one.amount
    for line in lines:
        if line.list_id in places:
            steps.setdefault((line.list_id, line.sku_id, line.unit), {})[line.min_quantity] = line.amount
    paid = [
        PaidPrice(list_id, places[list_id], (sku_id, unit, lists[list_id].currency), amount)
        for (list_id, sku_id, unit), ladder in steps.items()
        if (amount := ladder[min(ladder)]) is not None
    ]
    set_by_it = {(line.list_id, line.sku_id, line.unit) for line in lines if not line.is_same}
    found = []
    for upper, lower in inverted(paid):
        sku_id, unit, _ = upper.thing
        if {(upper.list_id, sku_id, unit), (lower.list_id, sku_id, unit)} & set_by_it:
            found.append((sku_id, unit, upper, lower))
    found.sort(key=lambda one: (one[0], one[1], lists[one[2].list_id].code, lists[one[3].list_id].code))
    return tuple(
        Inverted(int(str(sku_id)), str(unit), lists[upper.list_id], upper.amount, lists[lower.list_id], lower.amount)
        for sku_id, unit, upper, lower in found[:MOST_SHOWN]
    )
