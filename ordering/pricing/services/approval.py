"""Prices that change with a second pair of eyes only."""

from collections.abc import Iterable

from core.kernel.actor import Actor
from ordering.pricing.errors import NeedsRound
from ordering.pricing.models import PriceList
from ordering.pricing.permissions import Permission
from ordering.pricing.selectors.settings import changes_by_rounds


def refuse_direct(actor: Actor) -> None:
    """Raises ``NeedsRound`` where the brand changes its prices by approved rounds only. Dealers set theirs as ever."""
    if changes_by_rounds(actor):
        raise NeedsRound


def refuse_unapproved(actor: Actor) -> None:
    """The same for what no round can hold, how a list computes its prices: a seat that may approve may change it."""
    if not actor.can(Permission.APPROVE):
        refuse_direct(actor)


def refuse_floors(actor: Actor, list_ids: Iterable[int]) -> None:
    """Raises ``NeedsRound`` where a red line is among them and the seat may not approve: it guards prices."""
    if not actor.is_brand_staff or actor.can(Permission.APPROVE):
        return
    if PriceList.objects.filter(pk__in=list(list_ids), kind=PriceList.Kind.FLOOR).exists():
        raise NeedsRound
