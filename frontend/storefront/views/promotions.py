"""Promotions as the buyer meets them: what runs for its house, how long, what is left, on which goods."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.catalogue.selectors import FoundSku
from core.catalogue.selectors.known import known_skus
from core.kernel import clock
from core.kernel.actor import Actor, Side
from core.web.doors import page
from core.web.requests import SignedInRequest
from dms.dealers.selectors import trading_dealer
from frontend.storefront.badges import SOON
from frontend.storefront.goods import name_of
from frontend.storefront.shell import shown
from frontend.ui import format as words
from frontend.ui.words import quantity_text
from ordering.orders.selectors.evaluating import is_first_order
from ordering.promotions.permissions import Permission
from ordering.promotions.rules.policies import Bundle
from ordering.promotions.rules.terms import Terms
from ordering.promotions.selectors import HeldCoupon, Promotion, coupons_for, promotions_for

MOST_GOODS = 6
MOST_AT_HOME = 3
TICKS_WITHIN = timedelta(hours=48)
"""From then on the page counts down by the second."""
INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class LeftOver:
    """What is left of a limit, in words and as a part of it; ``is_own``: of this dealer's own, else of all dealers'."""

    text: str
    rest: int
    most: int
    is_own: bool


@dataclass(frozen=True, slots=True)
class Offered:
    """A promotion as a card: ``goods`` are links to what takes part, ``more`` how many products further.

    ``last_day``: what ends at midnight ends with the day before.
    """

    promotion: Promotion
    left: LeftOver | None
    goods: tuple[tuple[str, str], ...]
    more: int
    is_soon: bool
    last_day: date
    time_left: str
    is_ticking: bool


@page(permission=Permission.READ, side=Side.DEALER)
def promotions(request: SignedInRequest) -> HttpResponse:
    """All that run for the house now, what ends first on top; coupons it holds."""
    held = coupons_for(request.actor)
    context = {"offered": _offered(request.actor, _for_this_house(request.actor, held)), "coupons": held}
    return shown(request, "storefront/promotions.html", context, at="promotions")


def for_home(actor: Actor) -> list[Promotion]:
    """The promotions home speaks of: those that end first and still give something."""
    if not actor.can(Permission.READ):
        return []
    return [one for one in _for_this_house(actor) if not one.is_used_up][:MOST_AT_HOME]


def _for_this_house(actor: Actor, held: Sequence[HeldCoupon] | None = None) -> list[Promotion]:
    """What runs for it, without what asks for a coupon it does not hold or a first order it had long ago."""
    found = promotions_for(actor)
    asks_coupon = any(one.terms.needs_coupon for one in found)
    asks_first = any(one.terms.audience.first_order_only for one in found)
    coupons = {one.policy_code for one in (coupons_for(actor) if held is None else held)} if asks_coupon else set()
    is_first = asks_first and _never_ordered(actor)
    return [
        one
        for one in found
        if (not one.terms.needs_coupon or one.code in coupons) and (not one.terms.audience.first_order_only or is_first)
    ]


def _never_ordered(actor: Actor) -> bool:
    buyer = trading_dealer(buyer_id=actor.dealer_id, seller_id=None, day=clock.business_day())
    return is_first_order(buyer.id, buyer.supplier_id)


def _offered(actor: Actor, found: Sequence[Promotion]) -> list[Offered]:
    named = known_skus(actor, {code for one in found for code in _skus(one.terms)}) if found else {}
    now = clock.now()
    return [
        Offered(
            one,
            _left(one, named),
            *_goods(one.terms, named),
            one.ends_at <= now + SOON,
            clock.business_day(one.ends_at - INSTANT),
            _time_left(one.ends_at - now),
            one.ends_at - now < TICKS_WITHIN,
        )
        for one in found
    ]


def _time_left(left: timedelta) -> str:
    """Days, else hours: how long one may still order under it."""
    if left.days:
        return ngettext("%(n)s day left", "%(n)s days left", left.days) % {"n": left.days}
    hours = max(1, left.seconds // 3600)
    return ngettext("%(n)s hour left", "%(n)s hours left", hours) % {"n": hours}


def _skus(terms: Terms) -> list[str]:
    parts = terms.reward.parts if isinstance(terms.reward, Bundle) else ()
    return sorted({*terms.goods.skus, *parts})


def _goods(terms: Terms, named: Mapping[str, FoundSku]) -> tuple[tuple[tuple[str, str], ...], int]:
    """Words and addresses of what takes part: products by name, else the shelf narrowed to it."""
    shelf, skus = reverse("storefront:catalogue"), [code for code in _skus(terms) if code in named]
    if skus:
        links = [(name_of(named[code]), reverse("storefront:product", args=[code])) for code in skus[:MOST_GOODS]]
        return tuple(links), max(0, len(skus) - MOST_GOODS)
    asked = [("line", code) for code in sorted(terms.goods.product_lines)]
    asked += [("aroma", code) for code in sorted(terms.goods.aromas)]
    return ((_("Products that take part"), f"{shelf}?{urlencode(asked)}" if asked else shelf),), 0


def _left(one: Promotion, named: Mapping[str, FoundSku]) -> LeftOver | None:
    """What can still be had; None where nothing limits it. What a whole brand may spend is not one dealer's to read."""
    left, limits = one.left, one.terms.limits
    if left is None:
        return None
    packs = {named[code].bottles_per_case for code in _skus(one.terms) if code in named}
    if limits.dealer_bottles is not None and left.bottles is not None:
        rest = min(max(0, left.bottles), limits.dealer_bottles)
        return LeftOver(_counted(rest, packs), rest, limits.dealer_bottles, is_own=True)
    if limits.dealer_amount is not None and left.amount is not None:
        rest = min(max(0, left.amount), limits.dealer_amount)
        return LeftOver(words.money(rest, one.currency), rest, limits.dealer_amount, is_own=True)
    if limits.bottles is not None and left.bottles is not None:
        rest = min(max(0, left.bottles), limits.bottles)
        return LeftOver(_counted(rest, packs), rest, limits.bottles, is_own=False)
    return None


def _counted(bottles: int, packs: Collection[int]) -> str:
    """By the case where all that takes part is packed alike."""
    return quantity_text(bottles, *packs) if len(packs) == 1 else words.bottles_text(bottles)
