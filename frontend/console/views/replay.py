"""An order evaluated again under the policies of its own day or of today, line by line beside what was agreed."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from core.kernel import clock
from core.web.requests import SignedInRequest
from frontend.console.doors import staff_page
from frontend.console.shell import shown
from frontend.ui.shapes import Chip, Crumb
from ordering.orders.permissions import Permission
from ordering.orders.selectors.replaying import replay_order


@staff_page(permission=Permission.READ)
def replay(request: SignedInRequest, number: str) -> HttpResponse:
    """``?under=now``: today's policies; otherwise those of the order's own instant."""
    is_now = request.GET.get("under") == "now"
    found = replay_order(request.actor, number, clock.now() if is_now else None)
    here = reverse("console:order_replay", args=[number])
    context = {
        "replay": found,
        "order": found.order,
        "chips": [
            Chip(_("Policies of the order's day"), here, is_current=not is_now),
            Chip(_("Policies of today"), f"{here}?under=now", is_current=is_now),
        ],
        "crumbs": [
            Crumb(_("Orders"), reverse("console:orders")),
            Crumb(number, reverse("console:order", args=[number])),
            Crumb(_("Evaluated again")),
        ],
    }
    return shown(request, "console/replay.html", context, at="orders")
