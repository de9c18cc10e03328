"""What goods cost a tier in many divisions at once: one statement, however many there are."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.db import sql
from core.db.sql import shortened
from dms.dealers.selectors import TradingDealer
from ordering.pricing.rules import FIRST_LIST, LOWEST, NO_FLOORS, Offer, composed
from ordering.pricing.selectors.chains import SOURCE, STEPS, UP, lineage
from ordering.pricing.selectors.laid import ChainList, ListSteps, lay, origin_of
from ordering.pricing.selectors.offers import GOODS, GOODS_FACTS

_OFFERS = shortened(f"""
WITH {UP}, chain AS (
    SELECT list.id, list.code, scope, region_code, channel, false AS is_floor, divides_cases, source.*, 0 AS position
    FROM pricing_pricelist AS list, LATERAL ({SOURCE}
    ) AS source
    WHERE seller_id = %(seller)s AND is_active AND currency = %(currency)s AND kind = 'SALE'
      AND region_code = ANY(%(regions)s::text[]) AND channel IN ('', %(channel)s)
      AND (scope = 'NATIONAL' OR (scope = 'TIER' AND tier = %(tier)s))
), {GOODS}
SELECT {GOODS_FACTS}, list_id, depth, unit, entry_id, min_quantity, amount,
       extract(epoch FROM valid_from)::float8, CASE id WHEN (SELECT min(id) FROM goods) THEN (
           SELECT json_build_array((SELECT choice = 'LOWEST' FROM pricing_pricingsettings), json_agg(
               json_build_array(id, code, divides_cases, depth, origin, scope, region_code, channel))) FROM chain) END
FROM goods LEFT JOIN LATERAL ({STEPS}
) AS step ON true ORDER BY id, list_id, unit, min_quantity
""")


@dataclass(frozen=True, slots=True)
class _Placed:
    """A list of any of the chains, and where it rules."""

    listed: ChainList
    is_national: bool
    region_code: str
    has_channel: bool


def offers_in_divisions(
    *, seller_id: int, buyer: TradingDealer, region_codes: Collection[str], codes: Sequence[str], at: datetime
) -> dict[str, dict[str, Offer]]:
    """By division and SKU code, what ``offers`` says to a dealer like ``buyer`` who lies there; without the floors.

    ``buyer`` has no list and no group of its own: of the chain only its tier, channel and currency count.
    """
    lineages = {code: lineage(code) for code in sorted(set(region_codes))}
    parameters: dict[str, object] = {
        "seller": seller_id,
        "currency": buyer.currency,
        "tier": buyer.tier,
        "channel": buyer.channel,
        "regions": sorted({holder for held in lineages.values() for holder in held}),
        "codes": list(codes),
        "ids": [],
        "at": at,
    }
    rows = sql.rows(_OFFERS, parameters)
    is_lowest, lists = _told(next((row[17] for row in rows if row[17] is not None), None))
    known = {list_id: one.listed for list_id, one in lists.items()}
    goods: dict[int, tuple[sql.Row, dict[int, ListSteps]]] = {}
    for row in rows:
        _facts, steps = goods.setdefault(row[0], (row, {}))
        if row[10] is not None:
            lay(steps, known, row[10:17])
    found: dict[str, dict[str, Offer]] = {}
    for region_code, held in lineages.items():
        places = {list_id: place for list_id, one in lists.items() if (place := _place(one, held)) is not None}
        offers = (_offer(row, steps, places, is_lowest=is_lowest) for row, steps in goods.values())
        found[region_code] = {offer.sku_code: offer for offer in offers}
    return found


def _told(told: Sequence[Any] | None) -> tuple[bool, dict[int, _Placed]]:
    """Whether the lowest price counts, and the lists by id."""
    is_lowest, rows = told or (False, ())
    found: dict[int, _Placed] = {}
    for list_id, code, divides_cases, depth, origin, scope, region_code, channel in rows or ():
        listed = ChainList(list_id, code, False, divides_cases, 0, {})
        one = found.setdefault(list_id, _Placed(listed, scope == "NATIONAL", region_code, bool(channel)))
        one.listed.origins[depth] = origin_of(origin) if origin else None
    return bool(is_lowest), found


def _place(one: _Placed, held: Sequence[str]) -> tuple[bool, int, bool] | None:
    """Where the list stands in the chain of the division these regions hold; None: in none."""
    if one.region_code not in held:
        return None
    return one.is_national, held.index(one.region_code), not one.has_channel


def _offer(
    row: sql.Row, steps: Mapping[int, ListSteps], places: Mapping[int, tuple[bool, int, bool]], *, is_lowest: bool
) -> Offer:
    asked = [one for list_id, one in steps.items() if list_id in places]
    asked.sort(key=lambda one: (places[one.listed.id], -one.newest, -one.listed.id))
    ruling = asked if is_lowest else asked[:1]
    choice = LOWEST if is_lowest else FIRST_LIST
    winner = (ruling[0].listed.id, ruling[0].listed.code) if ruling else (None, "")
    ladders = composed([one.said for one in ruling], row[3]) if ruling else {}
    return Offer(*(*row[:9], *winner, ladders, row[9], choice, NO_FLOORS))
