"""Taking scheduled prices of a round away again, before they rule."""

from datetime import datetime

from core.db import sql
from core.db.locks import Rank, note_rank
from core.events import services as events
from core.kernel.actor import Actor
from ordering.pricing.events import PRICES_TAKEN_BACK

_LOCK = """
SELECT list.id FROM pricing_pricelist AS list
WHERE list.seller_id = %(seller)s AND list.id IN (
    SELECT price_list_id FROM pricing_priceentry WHERE round_id = %(round)s AND valid_from > %(after)s)
ORDER BY list.id FOR UPDATE
"""
_TAKE = """
WITH gone AS (
    DELETE FROM pricing_priceentry
    WHERE price_list_id = ANY(%(lists)s::bigint[]) AND round_id = %(round)s AND valid_from > %(after)s
    RETURNING price_list_id
), counted AS (SELECT price_list_id, count(*) AS entries FROM gone GROUP BY 1)
UPDATE pricing_pricelist AS list SET version = version + 1
FROM counted WHERE list.id = counted.price_list_id
RETURNING list.code, list.version, counted.entries
"""


def take_back_entries(*, actor: Actor, round_id: int, after: datetime) -> int:
    """Take away what the round wrote for later than ``after``; how many entries. One version and one event a list.

    Inside the caller's act, which holds the round.
    """
    note_rank(Rank.ORDER)
    asked = {"seller": actor.dealer_id, "round": round_id, "after": after}
    lists = [list_id for (list_id,) in sql.rows(_LOCK, asked)]
    found = sorted(sql.rows(_TAKE, {**asked, "lists": lists})) if lists else []
    for code, version, entries in found:
        events.record(
            kind=PRICES_TAKEN_BACK,
            aggregate_type="price_list",
            aggregate_id=code,
            version=version,
            actor=actor,
            payload={
                "list": code,
                "version": version,
                "seller_id": actor.dealer_id,
                "change_count": entries,
                "round_id": round_id,
            },
            seller_id=actor.dealer_id,
        )
    return sum(entries for _, _, entries in found)
