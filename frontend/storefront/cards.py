"""Cards of the shelf: what a dealer pays, from which quantity less, how much is free, how much lies in the cart."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from django.urls import reverse
from django.utils.translation import gettext as _

from core.kernel.money import half_up
from frontend.storefront.badges import NOTHING, Badge, OnCard
from frontend.storefront.goods import Look, free_cases, look_of
from frontend.ui import format as words
from ordering.orders.selectors import Cart
from ordering.pricing.selectors import ShelfCard, ShelfStep


@dataclass(frozen=True, slots=True)
class Card:
    """A card as its template needs it. Amounts in minor units; ``most`` is the largest quantity in stock.

    ``sale`` is the limited-time price that rules instead of the list's, None where there is none; ``running`` what is
    promoted on it; ``per_bottle`` what one bottle of a case comes to, None where the price is one of bottles.
    """

    shelf: ShelfCard
    look: Look
    url: str
    per_bottle: int | None
    tier: str
    free_cases: int
    most: int
    in_cart: int
    badges: tuple[Badge, ...] = ()
    sale: int | None = None
    running: OnCard = NOTHING

    @property
    def steps(self) -> list[ShelfStep]:
        """The ladder of the card's unit at the prices that rule now, without steps that gain nothing."""
        found: list[ShelfStep] = []
        for step in steps_of(self.shelf):
            now = replace(step, amount=self.running.price(step.amount))
            if not found or now.amount != found[-1].amount:
                found.append(now)
        return found

    @property
    def dom_id(self) -> str:
        """Of the card's line that says what happened."""
        return f"said-{self.shelf.sku_code}"


def cards_of(
    cards: Iterable[ShelfCard], cart: Cart, running: Mapping[str, OnCard] = MappingProxyType({})
) -> list[Card]:
    """The cards with what lies in the cart of each, and the promotions ``running`` on it by SKU code."""
    lying = {(item.sku_code, item.unit.value): item.quantity for item in cart.items}
    return [
        card_of(card, lying.get((card.sku_code, card.unit), 0), running.get(card.sku_code, NOTHING)) for card in cards
    ]


def card_of(card: ShelfCard, in_cart: int = 0, running: OnCard = NOTHING) -> Card:
    """One card."""
    is_by_case = card.unit == "CASE"
    cases = free_cases(card.free_bottles, card.bottles_per_case) or 0
    price = None if card.price is None else running.price(card.price)
    return Card(
        shelf=card,
        look=look_of(card),
        url=reverse("storefront:product", args=[card.sku_code]),
        per_bottle=half_up(price, card.bottles_per_case) if is_by_case and price is not None else None,
        tier=_next_tier(card, running),
        free_cases=cases,
        most=cases if is_by_case else max(card.free_bottles, 0),
        in_cart=in_cart,
        badges=running.badges,
        sale=price if price != card.price else None,
        running=running,
    )


def steps_of(card: ShelfCard) -> list[ShelfStep]:
    """The ladder in the unit the card is priced by, lowest quantity first."""
    return sorted((step for step in card.ladder if step.unit == card.unit), key=lambda step: step.min_quantity)


def _next_tier(card: ShelfCard, running: OnCard) -> str:
    """From how many on it is cheaper than one; a step that a limited-time price undercuts is none."""
    steps = steps_of(card)
    if not running.flashes or not steps:
        return next_tier(card, steps[0].min_quantity) if steps else ""
    now = running.price(steps[0].amount)
    step = next((one for one in steps if running.price(one.amount) < now), None)
    return "" if step is None else _step_words(replace(step, amount=running.price(step.amount)), card.currency)


def next_tier(card: ShelfCard, quantity: int) -> str:
    """From how many on it is cheaper than for ``quantity`` of the card's unit; empty where it never is."""
    return tier_after(steps_of(card), quantity, card.currency)


def tier_after(steps: Iterable[ShelfStep], quantity: int, currency: str) -> str:
    """The step after ``quantity`` in words; empty where there is none."""
    step = next((step for step in steps if step.min_quantity > quantity), None)
    return "" if step is None else _step_words(step, currency)


def _step_words(step: ShelfStep, currency: str) -> str:
    count = words.cases_text(step.min_quantity) if step.unit == "CASE" else words.bottles_text(step.min_quantity)
    return _("From %(count)s: %(price)s") % {"count": count, "price": words.money(step.amount, currency)}
