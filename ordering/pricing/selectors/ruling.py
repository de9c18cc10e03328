"""Which lists a buyer's prices come from: its chain, in words for whoever looks after the buyer."""

from django.db.models import Count, Q

from core.kernel.actor import Actor
from dms.dealers.models import Dealer
from ordering.pricing.models import PriceList
from ordering.pricing.selectors.chains import lineage
from ordering.pricing.selectors.lists import lists_visible_to

_SCOPES = tuple(PriceList.Scope.values)


def lists_ruling_for(actor: Actor, buyer: Dealer) -> list[PriceList]:
    """The lists of the actor's own house that rule for ``buyer``, the one asked first in front, with ``entry_count``.

    The order is that of the chain (docs/algorithms/pricing.md): scope before region, deepest region first,
    channel before any, then the group's rank. Two queries.
    Raises ``NotPermitted``.
    """
    held = lineage(buyer.region_code)
    groups = list(buyer.price_groups.order_by("rank", "id").values_list("pk", flat=True))
    rules = Q(scope=PriceList.Scope.NATIONAL)
    rules |= Q(scope=PriceList.Scope.TIER, tier=buyer.tier)
    rules |= Q(scope=PriceList.Scope.DEALER, dealer=buyer)
    rules |= Q(scope=PriceList.Scope.GROUP, price_group__in=groups)
    rows = lists_visible_to(actor).filter(rules, is_active=True, region_code__in=held, kind=PriceList.Kind.SALE)
    found = rows.filter(channel__in=("", buyer.channel)).annotate(entry_count=Count("entries__sku", distinct=True))

    def place(one: PriceList) -> tuple[int, int, bool, int, str]:
        rank = groups.index(one.price_group_id) if one.price_group_id in groups else 0
        return _SCOPES.index(one.scope), held.index(one.region_code), not one.channel, rank, one.code

    return sorted(found.select_related("parent"), key=place)
