"""The row of tabs over the list of price lists: the other doors to prices."""

from django.urls import reverse
from django.utils.translation import gettext as _

from core.web.requests import SignedInRequest
from frontend.ui.shapes import Chip


def price_tabs(request: SignedInRequest, at: str) -> list[Chip]:
    """What the seat may open of them."""
    can = request.actor.can
    entries = (
        ("prices", _("Price lists"), True),
        ("price_matrix", _("Price matrix"), True),
        ("rounds", _("Price rounds"), True),
        ("waterfall", _("Landed prices"), can("promotions.read") and can("dealers.read")),
        ("price_trace", _("Where a price comes from"), can("dealers.read")),
    )
    return [Chip(label, reverse(f"console:{name}"), is_current=name == at) for name, label, shown in entries if shown]
