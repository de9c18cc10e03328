"""The usual order: what a house buys in its rhythm and is due for, into the cart at one touch."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.kernel import clock
from core.kernel.actor import Side
from core.web.doors import page
from core.web.requests import SignedInRequest
from ordering.orders.permissions import Permission
from ordering.orders.selectors import cart_of
from ordering.orders.selectors.usual import usual_goods
from ordering.orders.services import CartLine, PutInCart, put_in_cart
from ordering.pricing.selectors import shelf_cards

MOST_USUAL = 50


@page(permission=Permission.PLACE, side=Side.DEALER, methods=("POST",), back="storefront:home")
def order_usual(request: SignedInRequest) -> HttpResponse:
    """Lay what is due into the cart beside what lies there. Twice is as good as once."""
    actor, now = request.actor, clock.now()
    due = [goods for goods in usual_goods(actor, most=MOST_USUAL) if goods.is_due(now)]
    codes = sorted({goods.sku_code for goods in due})
    sellable = (
        {card.sku_code for card in shelf_cards(actor=actor, sku_codes=codes) if card.is_sellable} if codes else ()
    )
    wanted = {(one.sku_code, one.unit): one.quantity for one in due if one.sku_code in sellable}
    if not wanted:
        messages.info(request, _("Nothing of your usual goods is due today."))
        return redirect("storefront:home")
    lines = [CartLine(code, quantity, unit) for (code, unit), quantity in wanted.items()]
    lying = {(item.sku_code, item.unit): item.quantity for item in cart_of(actor).items}
    put_in_cart(actor=actor, command=PutInCart(tuple(lines)))
    changed = sum(1 for key, quantity in wanted.items() if lying.get(key, quantity) != quantity)
    words = ngettext("%(count)s line of your usual order.", "%(count)s lines of your usual order.", len(lines))
    messages.success(request, words % {"count": len(lines)})
    if changed:
        words = ngettext(
            "%(count)s product lay in your cart in another quantity; the usual one stands there now.",
            "%(count)s products lay in your cart in other quantities; the usual ones stand there now.",
            changed,
        )
        messages.warning(request, words % {"count": changed})
    return redirect("storefront:pad")
