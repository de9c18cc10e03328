"""Changing a waiting order from the desk, with a reason the buyer reads."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from core.kernel.errors import Missing
from core.web.requests import SignedInRequest
from frontend.console.doors import form_page
from frontend.console.orderwords import deed_words
from frontend.console.shell import forget_waiting, shown
from frontend.ui.amending import Answer, answer
from frontend.ui.refusals import REFUSED
from frontend.ui.shapes import Crumb
from ordering.orders.permissions import Permission
from ordering.orders.selectors import OrderDetail, order_detail
from ordering.orders.selectors.deeds import last_deeds


@form_page(permission=Permission.APPROVE)
def amend(request: SignedInRequest, number: str) -> HttpResponse:
    """Old beside new, then agreed; an order that moved on leads back to the desk with who moved it."""
    detail = order_detail(actor=request.actor, number=number)
    if not detail.is_seller:
        raise Missing(order=number)
    done = answer(request, detail)
    back = reverse("console:order", args=[number])
    if done.is_done:
        forget_waiting(request.actor)
        messages.success(request, _("Order %(number)s is changed; the buyer is told.") % {"number": number})
        return redirect(back)
    if done.page is None:
        deed = deed_words(last_deeds(request.actor, [number]).get(number), request.actor.person_id)
        messages.warning(request, " ".join(part for part in (done.words, deed) if part))
        return redirect(back)
    return _page(request, detail, done, back)


def _page(request: SignedInRequest, detail: OrderDetail, done: Answer, back: str) -> HttpResponse:
    crumbs = [Crumb(_("Orders"), reverse("console:orders")), Crumb(detail.order.number or "", back)]
    context = {"order": detail.order, "crumbs": crumbs, "back_url": back, **done.context}
    return shown(request, "console/amend.html", context, at="orders", status=REFUSED if done.is_refused else 200)
