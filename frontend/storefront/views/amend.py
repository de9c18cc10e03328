"""Changing an order that waits for its approval: the buyer, or the dealer who sells it, with a reason then."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from core.kernel.actor import Side
from core.web.doors import page
from core.web.requests import SignedInRequest
from frontend.storefront.faults import said
from frontend.storefront.shell import shown
from frontend.ui.amending import answer
from frontend.ui.refusals import REFUSED
from frontend.ui.shapes import Crumb
from ordering.orders.permissions import Permission
from ordering.orders.selectors import order_detail
from ordering.orders.selectors.amending import right_to_amend


@page(permission=Permission.READ, side=Side.DEALER, methods=("GET", "POST"))
def amend(request: SignedInRequest, number: str) -> HttpResponse:
    """Old beside new, then agreed; an order that moved on leads back to its page, told so."""
    detail = order_detail(actor=request.actor, number=number)
    request.actor.require(right_to_amend(request.actor, seller_id=detail.order.seller_id), writes=False)
    done = answer(request, detail, tell=lambda fault: said(fault).text)
    back = reverse("storefront:sale" if detail.is_seller else "storefront:order", args=[number])
    if done.is_done:
        messages.success(request, _("Order %(number)s is changed.") % {"number": number})
        return redirect(back)
    if done.page is None:
        messages.warning(request, done.words)
        return redirect(back)
    root = ("sales", _("Customers' orders")) if detail.is_seller else ("orders", _("Orders"))
    crumbs = [Crumb(root[1], reverse(f"storefront:{root[0]}")), Crumb(number, back), Crumb(_("Change the order"))]
    context = {"order": detail.order, "crumbs": crumbs, "back_url": back, **done.context}
    return shown(request, "storefront/amend.html", context, at=root[0], status=REFUSED if done.is_refused else 200)
