"""Prices that are planned for later than a round begins: they rule from their instant on, whatever the round says."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from core.db import scopes, sql
from core.kernel.actor import Actor

MOST = 20
"""Instants told of."""


@dataclass(frozen=True, slots=True)
class PlannedLater:
    """Of one list at one instant: how many prices begin or end, and how many of these stand on the round."""

    list_code: str
    list_name: str
    list_name_en: str
    at: datetime
    price_count: int
    on_round: int


_LATER = f"""
SELECT list.code, list.name, list.name_en, entry.valid_from, count(*), count(own.id)
FROM pricing_priceentry AS entry JOIN pricing_pricelist AS list ON list.id = entry.price_list_id
JOIN catalogue_sku AS sku ON sku.id = entry.sku_id
JOIN catalogue_productline AS line ON line.id = sku.product_line_id AND {scopes.line_condition("line.code")}
LEFT JOIN rounds_priceroundline AS own ON own.round_id = %(round)s AND own.price_list_id = entry.price_list_id
     AND own.sku_id = entry.sku_id AND own.unit = entry.unit AND own.min_quantity = entry.min_quantity
WHERE entry.price_list_id = ANY(%(lists)s::bigint[]) AND entry.valid_from > %(after)s
GROUP BY list.code, list.name, list.name_en, entry.valid_from
ORDER BY entry.valid_from, list.code LIMIT {MOST}
"""


def planned_after(
    actor: Actor, list_ids: Sequence[int], *, after: datetime, round_id: int = 0
) -> tuple[PlannedLater, ...]:
    """What the lists say anew after an instant, within the seat's product lines, the soonest first; one statement.

    ``list_ids``: lists the caller has seen.
    """
    asked = {"lists": list(list_ids), "after": after, "round": round_id, **scopes.parameters(actor)}
    return tuple(PlannedLater(*facts) for facts in sql.rows(_LATER, asked))
