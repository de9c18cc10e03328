"""Whom price lists reach: the houses within the seat's limits that a list fits."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from core.db import sql
from core.db.scopes import dealers_within
from core.kernel.actor import Actor
from dms.dealers.models import Dealer
from ordering.pricing.models import PriceList
from ordering.pricing.permissions import Permission
from ordering.pricing.selectors import lists_visible_to
from ordering.pricing.selectors.chains import lineage
from ordering.rounds.models import PriceRound
from ordering.rounds.selectors.rounds import lines_of


@dataclass(frozen=True, slots=True)
class Reach:
    """Active houses of one tier that one of the round's lists fits."""

    tier: str
    houses: int


_HOUSES = """
WITH lists AS (
    SELECT * FROM pricing_pricelist WHERE id = ANY(%(lists)s::bigint[])
)
SELECT dealer.tier, dealer.code FROM dealers_dealer AS dealer
WHERE dealer.supplier_id = %(seller)s AND dealer.status = 'ACTIVE' AND dealer.id = ANY(%(inside)s::bigint[])
  AND EXISTS (
      SELECT FROM lists
      WHERE CASE lists.scope
                WHEN 'DEALER' THEN lists.dealer_id = dealer.id
                WHEN 'GROUP' THEN EXISTS (
                    SELECT FROM dealers_dealer_price_groups AS member
                    WHERE member.dealer_id = dealer.id AND member.pricegroup_id = lists.price_group_id)
                WHEN 'TIER' THEN lists.tier = dealer.tier
                ELSE true END
        AND (lists.channel = '' OR lists.channel = dealer.channel)
        AND EXISTS (
            SELECT FROM unnest(%(homes)s::text[], %(holders)s::text[]) AS held(home, holder)
            WHERE held.home = dealer.region_code AND held.holder = lists.region_code))
"""
_REACH = f"SELECT tier, count(*) FROM ({_HOUSES}) AS reached GROUP BY tier"


def reach_of_lists(actor: Actor, list_ids: Sequence[int]) -> tuple[Reach, ...]:
    """By tier, the active houses that any of the lists fits, be it first in their chain or not; two statements."""
    found = {str(tier): int(count) for tier, count in _reached(_REACH, actor, list_ids)}
    return tuple(Reach(tier, found[tier]) for tier in Dealer.Tier.values if tier in found)


def houses_of_lists(actor: Actor, list_ids: Sequence[int]) -> tuple[str, ...]:
    """Codes of these houses, in order; two statements."""
    return tuple(sorted(str(code) for _tier, code in _reached(_HOUSES, actor, list_ids)))


def houses_of_round(actor: Actor, row: PriceRound) -> tuple[str, ...]:
    """Codes of the houses a round's sale prices are for, in order. Red lines are nobody's to know. Five statements."""
    listed = {one.list_id for one in lines_of(actor, row)}
    sold = lists_visible_to(actor).filter(pk__in=listed, kind=PriceList.Kind.SALE)
    return houses_of_lists(actor, list(sold.values_list("pk", flat=True)))


def _reached(statement: str, actor: Actor, list_ids: Sequence[int]) -> list[tuple[Any, ...]]:
    actor.require(Permission.READ, writes=False)
    if not list_ids:
        return []
    inside = Dealer.objects.filter(dealers_within(actor), supplier_id=actor.dealer_id)
    houses = list(inside.values_list("pk", "region_code"))
    held = [(home, holder) for home in sorted({home for _, home in houses}) for holder in lineage(home)]
    asked = {
        "lists": list(list_ids),
        "seller": actor.dealer_id,
        "inside": [pk for pk, _ in houses],
        "homes": [home for home, _ in held],
        "holders": [holder for _, holder in held],
    }
    return sql.rows(statement, asked)
