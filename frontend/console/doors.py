"""The decorator of every page of the console: brand staff only, for the dealer's side there is no such page."""

from collections.abc import Callable
from typing import ParamSpec

from core.kernel.actor import Side
from core.web.doors import Page, Wrapped, page

P = ParamSpec("P")


def staff_page(
    *, permission: str | None = None, methods: tuple[str, ...] = ("GET",)
) -> Callable[[Page[P]], Wrapped[P]]:
    """Let brand staff with ``permission`` in; signed out is sent to sign in, a dealer's seat finds nothing here."""
    return page(permission=permission, side=Side.BRAND, methods=methods)


def form_page(*, permission: str | None = None) -> Callable[[Page[P]], Wrapped[P]]:
    """A page that shows a form and takes it back."""
    return staff_page(permission=permission, methods=("GET", "POST"))


def verb_page(*, permission: str | None = None) -> Callable[[Page[P]], Wrapped[P]]:
    """A door that only takes a form."""
    return staff_page(permission=permission, methods=("POST",))
