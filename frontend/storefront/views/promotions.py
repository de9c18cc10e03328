"""Promotions as the buyer meets them: what runs for its house, how long, what is left, on which goods."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from core.catalogue.selectors import FoundSku
from core.catalogue.selectors.known import known_skus
from core.kernel import clock
from core.kernel.actor import Actor, Side
from core.web.doors import page
from core.web.requests import SignedInRequest
from frontend.storefront.goods import name_of
from frontend.storefront.shell import shown
from frontend.ui import format as words
from ordering.promotions.permissions import Permission
from ordering.promotions.rules.policies import Bundle, Left
from ordering.promotions.rules.terms import Terms
from ordering.promotions.selectors import Promotion, coupons_for, promotions_for

MOST_GOODS = 6
SOON = timedelta(days=3)
"""What ends within this is said at home too."""
MOST_SOON = 3


@dataclass(frozen=True, slots=True)
class Offered:
    """A promotion as a card: ``goods`` are links to what takes part, ``more`` how many products further."""

    promotion: Promotion
    left: str
    goods: tuple[tuple[str, str], ...]
    more: int
    is_soon: bool


@page(permission=Permission.READ, side=Side.DEALER)
def promotions(request: SignedInRequest) -> HttpResponse:
    """All that run for the house now, what ends first on top; coupons it holds."""
    found = promotions_for(request.actor)
    context = {"offered": _offered(request.actor, found), "coupons": coupons_for(request.actor)}
    return shown(request, "storefront/promotions.html", context, at="promotions")


def ends_soon(actor: Actor) -> list[Promotion]:
    """The promotions home speaks of: those that end within days and still give something."""
    if not actor.can(Permission.READ):
        return []
    until = clock.now() + SOON
    return [one for one in promotions_for(actor) if one.ends_at <= until and not one.is_used_up][:MOST_SOON]


def _offered(actor: Actor, found: Sequence[Promotion]) -> list[Offered]:
    named = known_skus(actor, {code for one in found for code in _skus(one.terms)}) if found else {}
    until = clock.now() + SOON
    return [
        Offered(one, _left(one.left, one.currency), *_goods(one.terms, named), one.ends_at <= until) for one in found
    ]


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


def _left(left: Left | None, currency: str) -> str:
    """What can still be had, in words; empty where nothing limits it."""
    if left is None:
        return ""
    said = [words.money(max(0, left.amount), currency)] if left.amount is not None else []
    said += [words.bottles_text(max(0, left.bottles))] if left.bottles is not None else []
    return " · ".join(said)
