"""The red line (红线价) that rules for those who buy by a list. Source: handbook of the trade, §5.2."""

from collections.abc import Sequence
from datetime import datetime

from core.db import sql
from core.db.sql import shortened
from core.kernel.quantity import Unit
from ordering.pricing.models import PriceList
from ordering.pricing.rules import Origin, first_steps
from ordering.pricing.selectors.chains import MOST_PARENTS, SOURCE, STEPS, UP, lineage
from ordering.pricing.selectors.laid import ChainList, ListSteps, floors_by, lay

Scope = PriceList.Scope
_FLOORS = shortened(f"""
WITH {UP}, chain AS (
    SELECT list.id, code, true AS is_floor, divides_cases, source.*, 0 AS position
    FROM pricing_pricelist AS list, LATERAL ({SOURCE}
    ) AS source WHERE list.id = ANY(%(floors)s::bigint[])
), goods AS MATERIALIZED (SELECT id, bottles_per_case FROM catalogue_sku WHERE id = ANY(%(skus)s::bigint[]))
SELECT goods.id, bottles_per_case, list_id, depth, unit, entry_id, min_quantity, amount
FROM goods CROSS JOIN LATERAL ({STEPS}
) AS step ORDER BY goods.id, list_id, unit, min_quantity
""")
Key = tuple[int, int, str]


def floors_of_lists(*, list_ids: Sequence[int], sku_ids: Sequence[int], at: datetime) -> dict[Key, int]:
    """Floor by list, SKU and unit at ``at``, minor units a unit; four statements at most, none for nothing.

    Of the seller's FLOOR lists that hold for all buyers of a list the most specific one that says anything of the SKU.
    """
    if not list_ids or not sku_ids:
        return {}
    asked = list(
        PriceList.objects.filter(pk__in=list_ids).select_related("dealer").prefetch_related("dealer__price_groups")
    )
    sellers = {one.seller_id for one in asked}
    found = PriceList.objects.filter(seller_id__in=sellers, kind=PriceList.Kind.FLOOR, is_active=True)
    floors = list(found.order_by("pk"))
    if not floors:
        return {}
    places = {one.pk: [(place, floor.pk) for floor in floors if (place := _place(one, floor))] for one in asked}
    said = _said(floors, sku_ids, at) if any(places.values()) else {}
    answer: dict[Key, int] = {}
    for list_id, held in places.items():
        for sku_id in sku_ids:
            ruling = next((said[sku_id, floor] for _place, floor in sorted(held) if (sku_id, floor) in said), {})
            answer |= {(list_id, sku_id, unit.value): amount for unit, amount in ruling.items()}
    return answer


def _said(floors: Sequence[PriceList], sku_ids: Sequence[int], at: datetime) -> dict[tuple[int, int], dict[Unit, int]]:
    """What each FLOOR list says of each SKU: the first step of every unit, derived and divided; one statement."""
    sources: dict[int, Origin | None] = dict.fromkeys(range(MOST_PARENTS + 1))
    lists = {one.pk: ChainList(one.pk, one.code, True, one.divides_cases, 0, sources) for one in floors}
    steps: dict[tuple[int, int], dict[int, ListSteps]] = {}
    bottles: dict[int, int] = {}
    for sku_id, pack, *told in sql.rows(_FLOORS, {"floors": list(lists), "skus": list(sku_ids), "at": at}):
        bottles[sku_id] = pack
        lay(steps.setdefault((sku_id, told[0]), {}), lists, (*told, None))
    return {key: first_steps(floors_by(one.values(), bottles[key[0]]) or {}) for key, one in steps.items()}


def _place(listed: PriceList, floor: PriceList) -> tuple[int, int, bool, int] | None:
    """How specific ``floor`` is for the buyers of ``listed``, the lowest first; None where it does not hold for all."""
    if (floor.seller_id, floor.currency) != (listed.seller_id, listed.currency) or listed.kind != PriceList.Kind.SALE:
        return None
    buyer = listed.dealer
    homes = lineage(buyer.region_code if buyer else listed.region_code)
    if floor.channel not in {"", buyer.channel if buyer else listed.channel} or floor.region_code not in homes:
        return None
    tier = buyer.tier if buyer else listed.tier
    groups = {group.pk for group in buyer.price_groups.all()} if buyer else {listed.price_group_id}
    holds = {
        Scope.DEALER: buyer is not None and floor.dealer_id == buyer.pk,
        Scope.GROUP: floor.price_group_id in groups and floor.price_group_id is not None,
        Scope.TIER: bool(tier) and floor.tier == tier,
        Scope.NATIONAL: True,
    }
    if not holds[Scope(floor.scope)]:
        return None
    return list(holds).index(Scope(floor.scope)), homes.index(floor.region_code), floor.channel == "", -floor.pk
