"""Whom a price round concerns, as the audience of a notice."""

from collections.abc import Sequence

from core.kernel.actor import Actor
from core.kernel.regions import COUNTRY
from dms.notices.rules import MOST_DEALERS, Audience
from ordering.pricing.models import PriceList
from ordering.pricing.selectors import lists_visible_to
from ordering.rounds.models import PriceRound
from ordering.rounds.selectors import houses_of_lists, lines_of, reach_of_lists

WIDE = {PriceList.Scope.NATIONAL, PriceList.Scope.TIER}
MOST_DIVISIONS = 20
"""Divisions asked one by one whom they hold; with more of them the houses are named."""


def audience_of_round(actor: Actor, row: PriceRound, *, only_raised: bool) -> Audience | None:
    """Whom the sale prices of the round (or those that it raises) are for. Red lines are nobody's to know.

    Tiers and divisions where these say just whom: who joins later hears too. Else the houses one by one: contracts of
    one dealer, lists of a group or a channel, different tiers in different divisions. None where nobody is reached,
    or more than a notice names.
    """
    told = {one.list_id for one in lines_of(actor, row) if not only_raised or _is_raised(one.before, one.amount)}
    lists = list(lists_visible_to(actor).filter(pk__in=told, kind=PriceList.Kind.SALE))
    wide = _wide(actor, lists)
    if wide is not None:
        return wide
    named = houses_of_lists(actor, [one.pk for one in lists])
    return Audience(dealer_codes=named) if 0 < len(named) <= MOST_DEALERS else None


def _is_raised(before: int | None, amount: int | None) -> bool:
    return before is not None and (amount or 0) > before


def _wide(actor: Actor, lists: Sequence[PriceList]) -> Audience | None:
    if not lists or any(one.channel or one.scope not in WIDE for one in lists):
        return None
    by_region: dict[str, list[int]] = {}
    for one in lists:
        by_region.setdefault(one.region_code, []).append(one.pk)
    if len(by_region) > MOST_DIVISIONS:
        return None
    reached = {code: tuple(one.tier for one in reach_of_lists(actor, ids)) for code, ids in by_region.items()}
    (tiers, *others) = set(reached.values())
    if others or not tiers:
        return None
    return Audience(tiers=tiers, region_codes=() if COUNTRY in reached else tuple(sorted(reached)))
