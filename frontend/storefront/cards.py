"""Cards of the shelf: what a dealer pays, from which quantity less, how much is free, how much lies in the cart."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from core.kernel.money import half_up
from frontend.storefront.goods import Look, free_cases, look_of
from frontend.ui import format as words
from ordering.orders.selectors import Cart
from ordering.pricing.selectors import ShelfCard, ShelfStep


@dataclass(frozen=True, slots=True)
class Card:
    """A card as its template needs it. Amounts in minor units; ``most`` is the largest quantity in stock.

    ``per_bottle`` is what one bottle of a case comes to, None where the price is one of bottles.
    """

    shelf: ShelfCard
    look: Look
    url: str
    per_bottle: int | None
    tier: str
    free_cases: int
    most: int
    in_cart: int

    @property
    def dom_id(self) -> str:
        """Of the card's line that says what happened."""
        return f"said-{self.shelf.sku_code}"


def cards_of(cards: Iterable[ShelfCard], cart: Cart) -> list[Card]:
    """The cards with what lies in the cart of each."""
    lying = {(item.sku_code, item.unit.value): item.quantity for item in cart.items}
    return [card_of(card, lying.get((card.sku_code, card.unit), 0)) for card in cards]


def card_of(card: ShelfCard, in_cart: int = 0) -> Card:
    """One card."""
    is_by_case = card.unit == "CASE"
    cases = free_cases(card.free_bottles, card.bottles_per_case) or 0
    return Card(
        shelf=card,
        look=look_of(card),
        url=reverse("storefront:product", args=[card.sku_code]),
        per_bottle=half_up(card.price, card.bottles_per_case) if is_by_case and card.price is not None else None,
        tier=_next_tier(card),
        free_cases=cases,
        most=cases if is_by_case else max(card.free_bottles, 0),
        in_cart=in_cart,
    )


def steps_of(card: ShelfCard) -> list[ShelfStep]:
    """The ladder in the unit the card is priced by, lowest quantity first."""
    return sorted((step for step in card.ladder if step.unit == card.unit), key=lambda step: step.min_quantity)


def _next_tier(card: ShelfCard) -> str:
    steps = steps_of(card)
    return next_tier(card, steps[0].min_quantity) if steps else ""


def next_tier(card: ShelfCard, quantity: int) -> str:
    """From how many on it is cheaper than for ``quantity`` of the card's unit; empty where it never is."""
    step = next((step for step in steps_of(card) if step.min_quantity > quantity), None)
    if step is None:
        return ""
    count = words.cases_text(step.min_quantity) if step.unit == "CASE" else words.bottles_text(step.min_quantity)
    return _("From %(count)s: %(price)s") % {"count": count, "price": words.money(step.amount, card.currency)}
