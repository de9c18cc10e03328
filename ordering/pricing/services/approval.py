"""Prices that change with a second pair of eyes only."""

from core.kernel.actor import Actor
from ordering.pricing.errors import NeedsRound
from ordering.pricing.permissions import Permission
from ordering.pricing.selectors.settings import pricing_settings


def refuse_direct(actor: Actor) -> None:
    """Raises ``NeedsRound`` where the brand changes its prices by approved rounds only. Dealers set theirs as ever."""
    if actor.is_brand_staff and pricing_settings().changes_need_approval:
        raise NeedsRound


def refuse_unapproved(actor: Actor) -> None:
    """The same for what no round can hold, how a list computes its prices: a seat that may approve may change it."""
    if not actor.can(Permission.APPROVE):
        refuse_direct(actor)
