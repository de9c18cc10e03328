"""The row of tabs over the pages about people."""

from django.urls import reverse
from django.utils.translation import gettext as _

from core.web.requests import SignedInRequest
from frontend.ui.shapes import Chip
from tenants.access.permissions import Permission


def people_tabs(request: SignedInRequest, at: str) -> list[Chip]:
    """What the seat may open of them."""
    may_read = request.actor.can(Permission.READ)
    entries = (
        ("seats", _("Seats"), may_read),
        ("invitations", _("Invitations"), may_read),
        ("roles", _("Own roles"), may_read),
        ("stand_ins", _("Stand-ins"), True),
        ("rights", _("Who can do what"), may_read),
    )
    return [Chip(label, reverse(f"console:{name}"), is_current=name == at) for name, label, shown in entries if shown]
