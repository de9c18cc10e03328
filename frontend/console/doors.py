"""The decorator of every page of the console: brand staff only, for the dealer's side there is no such page."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from core.kernel.actor import Side
from core.web.doors import Page, Wrapped, page
from core.web.requests import SignedInRequest
from frontend.ui.saved import opening_of

P = ParamSpec("P")


def staff_page(
    *, permission: str | None = None, methods: tuple[str, ...] = ("GET",)
) -> Callable[[Page[P]], Wrapped[P]]:
    """Let brand staff with ``permission`` in; signed out is sent to sign in, a dealer's seat finds nothing here."""
    door = page(permission=permission, side=Side.BRAND, methods=methods)
    return lambda view: door(_as_chosen(view))


def _as_chosen(view: Page[P]) -> Page[P]:
    """A list opens with the view its seat has chosen for it."""

    @wraps(view)
    def opened(request: SignedInRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        chosen = opening_of(request)
        return redirect(chosen) if chosen else view(request, *args, **kwargs)

    return opened


def form_page(*, permission: str | None = None) -> Callable[[Page[P]], Wrapped[P]]:
    """A page that shows a form and takes it back."""
    return staff_page(permission=permission, methods=("GET", "POST"))


def verb_page(*, permission: str | None = None) -> Callable[[Page[P]], Wrapped[P]]:
    """A door that only takes a form."""
    return staff_page(permission=permission, methods=("POST",))
