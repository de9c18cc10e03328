"""Access for programs, on the storefront: the pages both faces have (frontend/ui/tokens.py)."""

from django.http import HttpResponse

from core.kernel.actor import Side
from core.web.doors import page
from core.web.requests import SignedInRequest
from frontend.storefront.shell import shown
from frontend.ui.tokens import TokenPages

_PAGES = TokenPages("storefront", "storefront/tokens.html", "me", shown)


@page(side=Side.DEALER, methods=("GET", "POST"))
def tokens(request: SignedInRequest) -> HttpResponse:
    """One's own seat's tokens; for the house's administrator those of every colleague."""
    return _PAGES.index(request)


@page(side=Side.DEALER, methods=("POST",))
def rotate(request: SignedInRequest, key: str) -> HttpResponse:
    """Another secret."""
    return _PAGES.rotate(request, key)


@page(side=Side.DEALER, methods=("POST",))
def revoke(request: SignedInRequest, key: str) -> HttpResponse:
    """End a program's access."""
    return _PAGES.revoke(request, key)
