"""The red line (红线价) that rules for those who buy by a list. Source: handbook of the trade, §5.2."""

from collections.abc import Collection, Mapping, Sequence
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
), goods AS MATERIALIZED (
    SELECT sku.id, sku.bottles_per_case, asked.place, asked.at
    FROM unnest(%(skus)s::bigint[], %(instants)s::timestamptz[]) WITH ORDINALITY AS asked(sku_id, at, place)
    JOIN catalogue_sku AS sku ON sku.id = asked.sku_id
)
SELECT place, bottles_per_case, list_id, depth, unit, entry_id, min_quantity, amount
FROM goods CROSS JOIN LATERAL ({STEPS.replace("%(at)s", "goods.at")}
) AS step ORDER BY place, list_id, unit, min_quantity
""")
Key = tuple[int, int, str]
Asked = tuple[int, int, datetime]
"""A list, a SKU, and the instant the floor is asked for."""


def floors_of_lists(*, list_ids: Sequence[int], sku_ids: Sequence[int], at: datetime) -> dict[Key, int]:
    """Floor by list, SKU and unit at ``at``, minor units a unit; four statements at most, none for nothing.

    Of the seller's FLOOR lists that hold for all buyers of a list the most specific one that says anything of the SKU.
    """
    asked = [(list_id, sku_id, at) for list_id in list_ids for sku_id in sku_ids]
    return {
        (list_id, sku_id, unit.value): amount
        for (list_id, sku_id, _at), units in floors_at(asked).items()
        for unit, amount in units.items()
    }


def floors_at(asked: Collection[Asked]) -> dict[Asked, Mapping[Unit, int]]:
    """The same for lists and SKUs each at an instant of its own: the floor by unit, as far as there is one.

    Four statements at most for any number of instants.
    """
    if not asked:
        return {}
    rows = PriceList.objects.filter(pk__in={one[0] for one in asked}, kind=PriceList.Kind.SALE)
    lists = list(rows.select_related("dealer").prefetch_related("dealer__price_groups"))
    sellers = {one.seller_id for one in lists}
    found = PriceList.objects.filter(seller_id__in=sellers, kind=PriceList.Kind.FLOOR, is_active=True)
    floors = list(found.order_by("pk")) if sellers else []
    held = {
        one.pk: [floor_id for _place_of, floor_id in sorted(places)]
        for one in lists
        if (places := [(place, floor.pk) for floor in floors if (place := _place(one, floor))])
    }
    guarded = [one for one in asked if one[0] in held]
    said = _said(floors, sorted({one[1:] for one in guarded}))
    answer: dict[Asked, Mapping[Unit, int]] = {}
    for one in guarded:
        of_goods = said.get(one[1:], {})
        ruling = next((of_goods[floor] for floor in held[one[0]] if floor in of_goods), None)
        if ruling:
            answer[one] = ruling
    return answer


_Goods = tuple[int, datetime]


def _said(floors: Sequence[PriceList], goods: Sequence[_Goods]) -> dict[_Goods, dict[int, dict[Unit, int]]]:
    """What each FLOOR list says of each SKU: the first step of every unit, derived and divided; one statement."""
    if not goods:
        return {}
    sources: dict[int, Origin | None] = dict.fromkeys(range(MOST_PARENTS + 1))
    lists = {one.pk: ChainList(one.pk, one.code, True, one.divides_cases, 0, sources) for one in floors}
    steps: dict[_Goods, dict[int, ListSteps]] = {}
    bottles: dict[int, int] = {}
    skus, instants = (list(column) for column in zip(*goods, strict=True))
    for place, pack, *told in sql.rows(_FLOORS, {"floors": list(lists), "skus": skus, "instants": instants}):
        one = goods[place - 1]
        bottles[one[0]] = pack
        lay(steps.setdefault(one, {}), lists, (*told, None))
    return {
        one: {list_id: first_steps(floors_by([said], bottles[one[0]]) or {}) for list_id, said in of_goods.items()}
        for one, of_goods in steps.items()
    }


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
