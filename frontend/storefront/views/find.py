"""Finding: pages, products, orders and shipments of one's own house by number, name or pinyin, in one answer."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from core.catalogue.selectors import search
from core.kernel.actor import Actor, Side
from core.web.doors import page
from core.web.requests import SignedInRequest
from frontend.storefront.goods import look_of
from frontend.storefront.shell import pages_of, shown
from frontend.ui.finding import A_GROUP, Found, FoundGroup, asked, groups_with, is_fragment, pages_named
from frontend.ui.words import status_word
from ordering.fulfilment.selectors.finding import find_shipments
from ordering.orders.selectors.finding import find_orders


@page(side=Side.DEALER)
def find(request: SignedInRequest) -> HttpResponse:
    """What the letters name, by sort: at most a statement a sort. The palette asks for the findings alone."""
    text, actor = asked(request), request.actor
    groups = [pages_named(text, pages_of(request))]
    if text:
        groups += [_products(actor, text), _orders(actor, text), _shipments(actor, text)]
    context = {"groups": groups_with(groups), "q": text, "find_url": reverse("storefront:find")}
    if is_fragment(request):
        return render(request, "ui/parts/palette_options.html", context)
    return shown(request, "storefront/find.html", context)


def _products(actor: Actor, text: str) -> FoundGroup:
    may_see = actor.can("prices.read") and actor.can("catalogue.read")
    looks = [(row.code, look_of(row)) for row in search(actor, text, limit=A_GROUP)] if may_see else []
    items = [Found(look.name, reverse("storefront:product", args=[code]), "box", look.spec) for code, look in looks]
    return FoundGroup(_("Products"), items, f"{reverse('storefront:catalogue')}?{urlencode({'q': text})}")


def _orders(actor: Actor, text: str) -> FoundGroup:
    rows = find_orders(actor, text, limit=A_GROUP) if actor.can("orders.read") else ()
    items = [
        Found(
            row.buyer_name if row.is_sold else row.seller_name,
            reverse("storefront:sale" if row.is_sold else "storefront:order", args=[row.number]),
            "store" if row.is_sold else "receipt",
            status_word("order", row.status),
            row.number,
        )
        for row in rows
    ]
    return FoundGroup(_("Orders"), items, f"{reverse('storefront:orders')}?{urlencode({'q': text})}")


def _shipments(actor: Actor, text: str) -> FoundGroup:
    rows = find_shipments(actor, text, limit=A_GROUP) if actor.can("fulfilment.read") else ()
    items = [
        Found(
            _("Order %(number)s") % {"number": row.order_number},
            reverse("storefront:sale", args=[row.order_number])
            if row.is_sold
            else reverse("storefront:receive", args=[row.number]),
            "truck",
            status_word("shipment", row.status),
            row.number,
        )
        for row in rows
    ]
    return FoundGroup(_("Shipments"), items)
