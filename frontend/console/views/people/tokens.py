"""Access for programs, on the console: the pages both faces have (frontend/ui/tokens.py)."""

from django.http import HttpResponse

from core.web.requests import SignedInRequest
from frontend.console.doors import form_page, verb_page
from frontend.console.shell import shown
from frontend.ui.tokens import TokenPages

_PAGES = TokenPages("console", "console/tokens.html", "tokens", shown)


@form_page()
def tokens(request: SignedInRequest) -> HttpResponse:
    """One's own seat's tokens; for administrators those of every seat."""
    return _PAGES.index(request)


@verb_page()
def rotate(request: SignedInRequest, key: str) -> HttpResponse:
    """Another secret."""
    return _PAGES.rotate(request, key)


@verb_page()
def revoke(request: SignedInRequest, key: str) -> HttpResponse:
    """End a program's access."""
    return _PAGES.revoke(request, key)
