"""A seller's lists: which a seat may see, one price as of an instant, the history of a key."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from core.db.scopes import dealers_within, lines_within
from core.kernel.actor import Actor
from core.kernel.errors import Missing
from core.kernel.quantity import Unit
from dms.dealers.models import Dealer
from ordering.pricing.models import PriceEntry, PriceList
from ordering.pricing.permissions import Permission


@dataclass(frozen=True, slots=True)
class GridCell:
    """What one key of a list costs at the instant asked for, and what is scheduled next (None: nothing)."""

    unit: str
    min_quantity: int
    amount: int | None
    valid_from: datetime | None
    next_amount: int | None
    next_from: datetime | None


def lists_visible_to(actor: Actor) -> QuerySet[PriceList]:
    """The lists of the actor's own dealer that may rule for somebody within the seat's limits.

    What another seller charges is not even the brand's to read.
    """
    actor.require(Permission.READ, writes=False)
    return PriceList.objects.filter(_in_sight(actor), seller_id=actor.dealer_id)


def _in_sight(actor: Actor) -> Q:
    """A dealer's own list by the dealer, a group's by any member, the others by their region."""
    if not actor.scope.limits_dealers:
        return Q()
    inside = Dealer.objects.filter(dealers_within(actor), supplier_id=actor.dealer_id)
    wide = Q(scope__in=(PriceList.Scope.TIER, PriceList.Scope.NATIONAL))
    wide |= Q(scope=PriceList.Scope.GROUP, price_group__in=inside.values("price_groups"))
    if actor.scope.limits_regions:
        wide &= Q(region_code__in=sorted(actor.scope.met_region_codes))
    return wide | Q(scope=PriceList.Scope.DEALER, dealer__in=inside)


def price_as_of(*, actor: Actor, list_code: str, sku_code: str, at: datetime) -> tuple[GridCell, ...]:
    """What the list said of the SKU at ``at``, every unit and step. Raises ``Missing``."""
    actor.require(Permission.READ, writes=False)
    entries = price_history(actor=actor, list_code=list_code, sku_code=sku_code)
    ruling: dict[tuple[str, int], PriceEntry] = {}
    later: dict[tuple[str, int], PriceEntry] = {}
    for entry in entries:
        key = (entry.unit, entry.min_quantity)
        if entry.valid_from <= at:
            ruling[key] = entry
        else:
            later.setdefault(key, entry)
    cells = []
    for key in sorted(ruling.keys() | later.keys(), key=lambda key: (key[0] != Unit.CASE, key[1])):
        now, following = ruling.get(key), later.get(key)
        if (now and now.amount is not None) or following:
            cells.append(
                GridCell(
                    *key,
                    now.amount if now else None,
                    now.valid_from if now else None,
                    following.amount if following else None,
                    following.valid_from if following else None,
                )
            )
    return tuple(cells)


def price_history(*, actor: Actor, list_code: str, sku_code: str) -> list[PriceEntry]:
    """Every entry of the SKU in one of the actor's lists, the oldest first. Raises ``Missing``."""
    actor.require(Permission.READ, writes=False)
    price_list = lists_visible_to(actor).filter(code=list_code).first()
    if price_list is None:
        raise Missing(list=list_code)
    inside = PriceEntry.objects.filter(lines_within(actor, "sku__product_line__code"), price_list=price_list)
    return list(inside.filter(sku__code=sku_code).order_by("valid_from", "id"))
