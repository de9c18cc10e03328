"""到货提醒: being told when a product that is out of stock can be ordered again; listed and taken away under “Me”."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from core.catalogue.selectors.known import known_skus
from core.kernel.actor import Side
from core.kernel.errors import DomainError, Missing
from core.web.doors import page
from core.web.requests import SignedInRequest
from frontend.storefront.faults import why
from frontend.storefront.goods import look_of
from frontend.storefront.shell import shown
from frontend.ui.shapes import Crumb
from ordering.lists.selectors import reminders_of
from ordering.lists.services import ask_for_return, drop_reminder
from ordering.orders.permissions import Permission


@page(permission=Permission.PLACE, side=Side.DEALER)
def reminders(request: SignedInRequest) -> HttpResponse:
    """What the seat waits for."""
    waiting = list(reminders_of(request.actor))
    known = known_skus(request.actor, {one.sku.code for one in waiting})
    rows = [
        (one, look_of(known[one.sku.code]), reverse("storefront:product", args=[one.sku.code]))
        for one in waiting
        if one.sku.code in known
    ]
    crumbs = [Crumb(_("Me"), reverse("storefront:me")), Crumb(_("Stock reminders"))]
    return shown(request, "storefront/reminders.html", {"rows": rows, "crumbs": crumbs}, at="me")


@page(permission=Permission.PLACE, side=Side.DEALER, methods=("POST",), back="storefront:reminders")
def remind(request: SignedInRequest) -> HttpResponse:
    """Ask to be told of a product, or (``drop``) no longer; back to where it was asked."""
    code = request.POST.get("sku", "")[:48]
    try:
        if request.POST.get("drop"):
            drop_reminder(actor=request.actor, sku_code=code)
            messages.success(request, _("You will not be told of it any more."))
        else:
            ask_for_return(actor=request.actor, sku_code=code)
            messages.success(request, _("You will get one message when it can be ordered again."))
    except Missing:
        raise
    except DomainError as fault:
        messages.error(request, why(fault))
    return redirect(_back(request))


def _back(request: SignedInRequest) -> str:
    """The page it was asked on, of this host only; else the list of what one waits for."""
    asked = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(asked, allowed_hosts=None) and asked.startswith("/")
    return asked if is_ours else reverse("storefront:reminders")
