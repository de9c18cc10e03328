"""Saved views of the console's lists: the doors both faces have (frontend/ui/saved.py)."""

from uuid import UUID

from django.http import HttpResponse

from core.web.requests import SignedInRequest
from frontend.console.doors import verb_page
from frontend.ui import saved


@verb_page()
def keep(request: SignedInRequest) -> HttpResponse:
    """Keep what a list shows."""
    return saved.keep(request)


@verb_page()
def change(request: SignedInRequest, view_id: UUID) -> HttpResponse:
    """Change, move or remove an own view."""
    return saved.change(request, view_id)
