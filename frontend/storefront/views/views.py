"""Saved views of the storefront's lists: the doors both faces have (frontend/ui/saved.py)."""

from uuid import UUID

from django.http import HttpResponse

from core.kernel.actor import Side
from core.web.doors import page
from core.web.requests import SignedInRequest
from frontend.ui import saved


@page(side=Side.DEALER, methods=("POST",))
def keep(request: SignedInRequest) -> HttpResponse:
    """Keep what a list shows."""
    return saved.keep(request)


@page(side=Side.DEALER, methods=("POST",))
def change(request: SignedInRequest, view_id: UUID) -> HttpResponse:
    """Change, move or remove an own view."""
    return saved.change(request, view_id)
