"""Promotions as a word on a card: what kind, and how much where that is short."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from core.db.naming import is_english
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.money import half_up
from core.kernel.quantity import Unit
from dms.dealers.selectors import TradingDealer
from frontend.ui import format as words
from frontend.ui.templatetags.ui import percent_bp
from ordering.pricing.selectors import ShelfCard
from ordering.promotions.rules.policies import Bundle, FixedPrice, Gift, Ladder, Measure, PercentOff
from ordering.promotions.rules.terms import Terms
from ordering.promotions.selectors import Running, promoted

SOON = timedelta(days=3)
"""What ends within this is said to end soon."""
WHOLE_BP = 10_000


@dataclass(frozen=True, slots=True)
class Badge:
    """The word on the card; ``name`` is the promotion's, ``url`` where it is told in full.

    ``until``: the last day of what ends soon.
    """

    text: str
    name: str
    url: str
    ends_at: datetime
    is_soon: bool
    until: str = ""


@dataclass(frozen=True, slots=True)
class OnCard:
    """What runs on a card: its badges, and the limited-time prices that need nothing but an order."""

    badges: tuple[Badge, ...] = ()
    flashes: tuple[PercentOff | FixedPrice, ...] = ()

    def price(self, amount: int) -> int:
        """What ``amount`` of the price list comes to, minor units; the best one counts."""
        return min((amount, *(_flash_price(one, amount) for one in self.flashes)))


NOTHING = OnCard()


def badges_of(actor: Actor, cards: Iterable[ShelfCard], *, buyer: TradingDealer) -> Mapping[str, OnCard]:
    """What runs on each card by SKU code, two policies at most; one statement."""
    shelf, soon = reverse("storefront:promotions"), clock.now() + SOON
    return {code: _told(many, shelf, soon, buyer) for code, many in promoted(actor, cards, buyer=buyer).items()}


def _told(many: tuple[Running, ...], shelf: str, soon: datetime, buyer: TradingDealer) -> OnCard:
    badges = []
    for one in many:
        ends_at = one.terms.audience.ends_at
        url, text = f"{shelf}#{one.code}", _word(one.terms, buyer.currency)
        badges.append(Badge(text, _name(one.terms), url, ends_at, ends_at <= soon, _until(ends_at, soon)))
    rewards = [one.terms.reward for one in many]
    return OnCard(tuple(badges), tuple(one for one in rewards if isinstance(one, PercentOff | FixedPrice)))


def _until(ends_at: datetime, soon: datetime) -> str:
    """The last day of what ends soon; nothing else has room on a card."""
    if ends_at > soon:
        return ""
    return _("until %(day)s") % {"day": f"{clock.business_day(ends_at - timedelta(microseconds=1)):%m-%d}"}


def _flash_price(reward: PercentOff | FixedPrice, amount: int) -> int:
    if isinstance(reward, FixedPrice):
        return reward.amount
    return half_up(amount * (WHOLE_BP - reward.off_bp), WHOLE_BP)


def _name(terms: Terms) -> str:
    return (is_english() and terms.name_en) or terms.name


def _word(terms: Terms, currency: str) -> str:
    """At most a dozen characters: a card has no room for sentences."""
    match terms.reward:
        case PercentOff(off_bp):
            return _("%(percent)s off") % {"percent": percent_bp(off_bp)}
        case FixedPrice(amount):
            return _("Special price %(price)s") % {"price": words.money(amount, currency).removesuffix(".00")}
        case Bundle():
            return _("Cheaper together")
        case Gift(buy, give, Unit.CASE, sku) if not sku:
            return _("Buy %(buy)s, get %(give)s") % {"buy": buy, "give": give}
        case Gift():
            return _("With a gift")
        case Ladder(Measure.AMOUNT):
            return _("Less for more")
        case _:
            return _("Volume prices")
