"""What a house's own people see of what it pays (进价): amounts need ``prices.purchase``, quantities nothing more."""

from collections.abc import Mapping

from core.kernel.actor import Actor
from core.kernel.errors import DomainError
from core.kernel.text import N_
from ordering.pricing.permissions import Permission as PricePermission

_WITHOUT_AMOUNTS: Mapping[str, str] = {
    "ledger.credit_exhausted": N_("The account does not cover this order. Ask whoever pays at your company."),
    "ledger.rebate_exhausted": N_("Another order has just used the rebate pool. Look the order over again."),
    "order.below_minimum": N_("The order is below the seller's smallest order."),
    "order.total_changed": N_("Prices have changed meanwhile. Look the order over and place it again."),
}
"""Refusals that name amounts, by code, in words without them."""


def may_see_price(actor: Actor, buyer_id: int) -> bool:
    """Whether the amounts of a deal are the seat's to see: what the own house pays needs a right of its own."""
    return actor.is_brand_staff or buyer_id != actor.dealer_id or actor.can(PricePermission.PURCHASE)


def as_seen(actor: Actor, buyer_id: int, refusal: DomainError) -> DomainError:
    """The refusal, its amounts taken out of it where they are not the seat's to see."""
    if not may_see_price(actor, buyer_id):
        for fault in refusal.problems():
            if fault.code in _WITHOUT_AMOUNTS:
                fault.text, fault.fields = _WITHOUT_AMOUNTS[fault.code], {}
    return refusal
