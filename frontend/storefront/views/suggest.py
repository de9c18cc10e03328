"""Suggestions while a product is typed: picture, own price, stock word; without scripts the box is a plain search."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode

from core.catalogue.selectors import search
from core.kernel import clock
from core.kernel.actor import Side
from core.kernel.text import normalised
from core.web.doors import page
from core.web.requests import SignedInRequest
from dms.dealers.selectors import trading_dealer
from frontend.storefront.badges import NOTHING, badges_of
from frontend.storefront.cards import Card, card_of
from ordering.pricing.permissions import Permission
from ordering.pricing.selectors import shelf_cards

MOST_SUGGESTED = 6
MOST_TEXT = 80


@page(permission=Permission.READ, side=Side.DEALER)
def suggest(request: SignedInRequest) -> HttpResponse:
    """The options under the search box, the likeliest first; nothing for nothing typed. Six statements."""
    text = normalised(request.GET.get("q", ""))[:MOST_TEXT]
    context = {
        "cards": _suggested(request, text) if text else [],
        "text": text,
        "all_url": f"{reverse('storefront:catalogue')}?{urlencode({'q': text})}",
    }
    return render(request, "storefront/parts/suggestions.html", context)


def _suggested(request: SignedInRequest, text: str) -> list[Card]:
    """Products on the buyer's own shelf, in the order of the search."""
    actor = request.actor
    codes = [found.code for found in search(actor, text, limit=MOST_SUGGESTED)] if actor.can("catalogue.read") else []
    if not codes:
        return []
    buyer = trading_dealer(buyer_id=actor.dealer_id, seller_id=None, day=clock.business_day())
    cards = {card.sku_code: card for card in shelf_cards(actor=actor, sku_codes=codes, buyer=buyer)}
    running = badges_of(actor, cards.values(), buyer=buyer)
    return [card_of(cards[code], running=running.get(code, NOTHING)) for code in codes if code in cards]
