"""The frame of every console page: the rail by permission, what waits, the head's search and messages."""

from collections.abc import Mapping
from dataclasses import replace

from django.core.cache import cache
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.kernel.actor import Actor
from core.messages.selectors import unread_count
from core.web.requests import SignedInRequest
from frontend.console.forms.pickers import offered_regions
from frontend.console.pages import further_pages
from frontend.console.tray import tray_of
from frontend.ui.saved import opened_with, openings, openings_key
from frontend.ui.shapes import NavItem
from ordering.orders.selectors.desk import NOTHING_WAITS, DeskCounts, desk_counts

COUNTS_KEPT_S = 30
"""How long the rail may show counts of a moment ago; an act of one's own shows at once."""


def shown(
    request: SignedInRequest,
    template: str,
    context: Mapping[str, object] | None = None,
    *,
    at: str = "",
    status: int = 200,
) -> HttpResponse:
    """A whole page; ``at`` names the entry of the rail it belongs to."""
    return render(request, template, {**frame(request, at), **(context or {})}, status=status)


def frame(request: SignedInRequest, at: str) -> dict[str, object]:
    """What the shell itself shows."""
    actor = request.actor
    counts, opening = _remembered(actor)
    return {
        "nav": _rail(actor, counts, opening, at),
        "waiting": counts,
        "unread_count": unread_count(actor),
        "unread_url": reverse("console:messages"),
        "offered_regions": offered_regions,  # asked for only by pages that draw the list
        "find_url": reverse("console:find"),
        "find_label": _("Find an order, dealer, product or page"),
        "tray": tray_of(actor),
        "tray_url": reverse("console:tray"),
        "tray_all_url": reverse("console:jobs"),
    }


def rail_of(actor: Actor, at: str) -> list[NavItem]:
    """The rail alone, for a reply that changed what waits."""
    return _rail(actor, *_remembered(actor), at)


def _rail(actor: Actor, counts: DeskCounts, opening: Mapping[str, str], at: str) -> list[NavItem]:
    return [replace(item, is_current=name == at) for name, item in _navigation(actor, counts, opening)]


def pages_of(actor: Actor) -> list[NavItem]:
    """Every page the seat may open by itself, the rail's first."""
    counts, opening = _remembered(actor)
    return [item for _name, item in _navigation(actor, counts, opening)] + list(further_pages(actor))


def waiting(actor: Actor) -> DeskCounts:
    """What waits for this seat, at most half a minute old."""
    return _waiting(actor, cache.get(_counts_key(actor)))


def _waiting(actor: Actor, known: DeskCounts | None) -> DeskCounts:
    if not actor.can("orders.read"):
        return NOTHING_WAITS
    if known is not None:
        return known
    found = desk_counts(actor)
    cache.set(_counts_key(actor), found, COUNTS_KEPT_S)
    return found


def _remembered(actor: Actor) -> tuple[DeskCounts, Mapping[str, str]]:
    """What waits, and the queries the seat's lists open with: one look into the cache for both."""
    known = cache.get_many([_counts_key(actor), openings_key(actor)])
    return _waiting(actor, known.get(_counts_key(actor))), openings(actor, known.get(openings_key(actor)))


def forget_waiting(actor: Actor) -> None:
    """Count anew on the next page: the seat itself has just changed what waits."""
    cache.delete(_counts_key(actor))


def _counts_key(actor: Actor) -> str:
    return f"console:waiting:{actor.seat_id}"


def _navigation(actor: Actor, counts: DeskCounts, opening: Mapping[str, str]) -> list[tuple[str, NavItem]]:
    """Every entry the seat may use, by name; what a role cannot open is not shown."""
    sales, goods, channel, house = _("Sales"), _("Products and prices"), _("Channel"), pgettext("rail", "Company")
    entries = (
        ("home", _("Dashboard"), "home", "home", "", 0, ""),
        ("orders", _("Orders"), "orders", "receipt", "orders.read", counts.to_approve, sales),
        ("shipping", _("Shipping"), "shipping", "truck", "fulfilment.read", counts.to_ship, sales),
        ("products", _("Products"), "products", "box", "catalogue.read", 0, goods),
        ("prices", _("Price lists"), "prices", "tag", "prices.read", 0, goods),
        ("promotions", _("Promotions"), "promotions", "percent", "promotions.read", 0, goods),
        ("quotes", _("Market quotes"), "quotes", "chart", "market.read", 0, goods),
        ("dealers", _("Dealers"), "dealers", "users", "dealers.read", 0, channel),
        ("territories", _("Territories"), "territories", "map", "territories.read", 0, channel),
        ("licences", _("Licences"), "licences", "file", "dealers.read", 0, channel),
        ("notices", _("Notices"), "notices", "bell", "notices.read", 0, channel),
        ("stock", _("Stock"), "stock", "layers", "stock.read", 0, channel),
        ("jobs", _("Imports and exports"), "jobs", "upload", "jobs.read", 0, house),
        ("people", _("Staff and seats"), "seats", "user", "access.read", 0, house),
        ("tokens", _("API tokens"), "tokens", "key", "", 0, house),
        ("settings", _("Settings"), "settings", "settings", "settings.edit", 0, house),
        ("audit", _("Audit trail"), "audit", "shield", "access.read", 0, house),
    )
    return [
        (name, NavItem(label, opened_with(reverse(f"console:{page}"), opening.get(page, "")), icon, count, group=group))
        for name, label, page, icon, code, count, group in entries
        if not code or actor.can(code)
    ]
