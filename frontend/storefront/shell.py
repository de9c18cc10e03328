"""The frame of every storefront page: navigation, counts, the places the head leads to."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.http import HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _

from core.messages.selectors import unread_count
from core.web.requests import SignedInRequest
from dms.dealers.selectors import has_customers
from frontend.storefront.appicon import ACCENT
from frontend.storefront.board import unread_on_board
from frontend.storefront.tray import tray_of
from frontend.ui.shapes import NavItem
from ordering.orders.permissions import Permission
from ordering.orders.selectors import cart_size
from tenants.access.context import logo_url


def shown(
    request: SignedInRequest,
    template: str,
    context: Mapping[str, object] | None = None,
    *,
    at: str = "",
    status: int = 200,
) -> HttpResponse:
    """A whole page of the storefront; ``at`` names the entry of the navigation it belongs to.

    A page that has read the cart says ``cart_count`` itself; else one query counts.
    """
    given = dict(context or {})
    if "cart_count" not in given:
        given["cart_count"] = cart_size(request.actor) if request.actor.can(Permission.PLACE) else 0
    return render(request, template, {**_frame(request, at), **given}, status=status)


def _frame(request: SignedInRequest, at: str) -> dict[str, object]:
    unread = unread_count(request.actor) + unread_on_board(request.actor)
    is_buyer = request.actor.can(Permission.PLACE)
    return {
        "app": app_of(request, is_buyer=is_buyer),
        "nav": [replace(item, is_current=name == at) for name, item in _navigation(request, unread=unread)],
        "unread_count": unread,
        "unread_url": reverse("storefront:notices"),
        "cart_url": reverse("storefront:pad") if is_buyer else "",
        "account_url": reverse("storefront:me"),
        "scan_url": reverse("storefront:scan") if is_buyer else "",
        "find_url": reverse("storefront:find"),
        "search_url": reverse("storefront:catalogue"),
        "suggest_url": reverse("storefront:suggest") if request.actor.can("prices.read") else "",
        "search_value": request.GET.get("q", "")[:80],
        "search_label": _("Product, barcode, pinyin initials"),
        "tray": tray_of(request),
        "tray_url": reverse("storefront:tray"),
        "tray_all_url": reverse("storefront:exports"),
        "tray_all_words": _("My files"),
    }


def pages_of(request: SignedInRequest) -> list[NavItem]:
    """Every page the seat may open by itself, for finding it by name."""
    stock = (NavItem(_("My stock"), reverse("storefront:stock"), "layers"),) if request.actor.can("stock.read") else ()
    waits = (NavItem(_("Stock reminders"), reverse("storefront:reminders"), "clock"),)
    further = (
        *stock,
        *(waits if request.actor.can(Permission.PLACE) else ()),
        NavItem(_("My licences"), reverse("storefront:licences"), "file"),
        NavItem(_("Colleagues"), reverse("storefront:colleagues"), "users"),
        NavItem(_("API tokens"), reverse("storefront:tokens"), "key"),
        NavItem(_("Messages"), reverse("storefront:notices"), "bell"),
    )
    return [item for _name, item in _navigation(request, unread=0)] + list(further)


@dataclass(frozen=True, slots=True)
class App:
    """What makes the portal an app: where its manifest, icon and worker are, and the doors of the pad's queue."""

    manifest_url: str
    icon_url: str
    worker_url: str
    script_url: str
    colour: str
    seat: str = ""
    goods_url: str = ""
    sent_url: str = ""
    kept_url: str = ""


def app_of(request: SignedInRequest, *, is_buyer: bool) -> App:
    """The same for every page; only who may order is told where lists are sent."""
    app = App(
        reverse("storefront:manifest"),
        logo_url(request.brand, "square") or reverse("storefront:app_icon"),
        reverse("storefront:worker"),
        static("storefront/js/app.js"),
        request.brand.accent or ACCENT,
    )
    if not is_buyer:
        return app
    doors = {"goods_url": reverse("storefront:pad_goods"), "sent_url": reverse("storefront:pad_sent")}
    doors["kept_url"] = reverse("storefront:pad_kept")
    return replace(app, seat=str(request.actor.seat_id), **doors)


def _navigation(request: SignedInRequest, *, unread: int) -> list[tuple[str, NavItem]]:
    """Every entry the seat may use, by name; what a role cannot open is not shown."""
    actor = request.actor
    entries = [
        ("home", NavItem(_("Home"), reverse("storefront:home"), "home"), True),
        ("catalogue", NavItem(_("Products"), reverse("storefront:catalogue"), "grid"), actor.can("prices.read")),
        (
            "pad",
            NavItem(_("Quick order"), reverse("storefront:pad"), "bolt", phone_label=_("Order pad")),
            actor.can(Permission.PLACE),
        ),
        ("orders", NavItem(_("Orders"), reverse("storefront:orders"), "receipt"), actor.can(Permission.READ)),
        (
            "promotions",
            NavItem(_("Promotions"), reverse("storefront:promotions"), "percent", phone_label=_("Deals")),
            actor.can("promotions.read") and actor.can("prices.purchase"),
        ),
        (
            "lists",
            NavItem(_("Shopping lists"), reverse("storefront:lists"), "star", where="wide"),
            actor.can(Permission.PLACE),
        ),
        (  # who orders has a full bar: they find it on the first page, below “Me” and by name
            "stock",
            NavItem(_("My stock"), reverse("storefront:stock"), "layers"),
            actor.can("stock.read") and not actor.can(Permission.PLACE),
        ),
        ("sales", NavItem(_("Customers' orders"), reverse("storefront:sales"), "store", where="wide"), _sells(request)),
        (
            "account",
            NavItem(_("Account"), reverse("storefront:account"), "wallet", where="wide"),
            actor.can("ledger.read"),
        ),
        ("me", NavItem(_("Me"), reverse("storefront:me"), "user", count=unread, where="phone"), True),
    ]
    return [(name, item) for name, item, is_open in entries if is_open]


def _sells(request: SignedInRequest) -> bool:
    """Whether the seat may see what its own house sells; asks only for those who could."""
    actor = request.actor
    return (actor.can("fulfilment.ship") or actor.can(Permission.APPROVE)) and has_customers(actor.dealer_id)
