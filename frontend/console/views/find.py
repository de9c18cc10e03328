"""Finding pages, orders, products, dealers, shipments and jobs in one answer; and the tray of long acts."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.catalogue.selectors import FoundSku, search
from core.jobs.selectors import jobs_visible_to
from core.kernel.actor import Actor
from core.web.requests import SignedInRequest
from dms.dealers.selectors import DealerFilter, dealer_rows
from frontend.console.doors import staff_page
from frontend.console.longacts import kind_words
from frontend.console.shell import pages_of, shown
from frontend.console.tray import tray_of
from frontend.ui.finding import A_GROUP, Found, FoundGroup, asked, groups_with, is_fragment, pages_named
from frontend.ui.format import exact
from frontend.ui.tray import asking_again
from frontend.ui.vocabulary import term
from frontend.ui.words import status_word
from ordering.fulfilment.selectors.finding import find_shipments
from ordering.orders.selectors.finding import find_orders

LATEST_JOBS = 60


@staff_page()
def find(request: SignedInRequest) -> HttpResponse:
    """What the letters name, by sort: at most a statement a sort. The palette asks for the findings alone."""
    text, actor = asked(request), request.actor
    groups = [pages_named(text, pages_of(actor))]
    if text:
        orders, dealers = _orders(actor, text), _dealers(actor, text)
        is_known = bool(orders.items or dealers.items)  # then a product that only sounds like it is not meant
        groups += [orders, _products(actor, text, is_exact=is_known), dealers, _shipments(actor, text)]
        groups.append(_jobs(actor, text))
    context = {"groups": groups_with(groups), "q": text, "find_url": reverse("console:find")}
    if is_fragment(request):
        return render(request, "ui/parts/palette_options.html", context)
    return shown(request, "console/find.html", context)


def _list(name: str, text: str) -> str:
    return f"{reverse(f'console:{name}')}?{urlencode({'q': text})}"


def _orders(actor: Actor, text: str) -> FoundGroup:
    rows = find_orders(actor, text, limit=A_GROUP) if actor.can("orders.read") else ()
    items = [
        Found(
            row.buyer_name,
            reverse("console:order", args=[row.number]),
            "receipt",
            status_word("order", row.status),
            row.number,
        )
        for row in rows
    ]
    return FoundGroup(_("Orders"), items, _list("orders", text))


def _products(actor: Actor, text: str, *, is_exact: bool) -> FoundGroup:
    rows = search(actor, text, limit=A_GROUP, is_exact=is_exact) if actor.can("catalogue.read") else ()
    items = [
        Found(_name(row), reverse("console:product", args=[row.code]), "box", status_word("sku", row.status), row.code)
        for row in rows
    ]
    return FoundGroup(_("Products"), items, _list("products", text))


def _name(row: FoundSku) -> str:
    """The English name for readers of English, where there is one."""
    return row.name_en if row.name_en and (get_language() or "").startswith("en") else row.name


def _dealers(actor: Actor, text: str) -> FoundGroup:
    rows = list(dealer_rows(actor, DealerFilter(text=text))[:A_GROUP]) if actor.can("dealers.read") else []
    items = [
        Found(row.name, reverse("console:dealer", args=[row.code]), "users", term("tier", row.tier), row.code)
        for row in rows
    ]
    return FoundGroup(_("Dealers"), items, _list("dealers", text))


def _shipments(actor: Actor, text: str) -> FoundGroup:
    rows = find_shipments(actor, text, limit=A_GROUP) if actor.can("fulfilment.read") else ()
    items = [
        Found(
            row.buyer_name,
            reverse("console:order", args=[row.order_number]),
            "truck",
            status_word("shipment", row.status),
            row.number,
        )
        for row in rows
        if actor.can("orders.read")
    ]
    return FoundGroup(_("Shipments"), items)


def _jobs(actor: Actor, text: str) -> FoundGroup:
    """Of the latest: what a job is called is words of ours, in the reader's language."""
    columns = ("pk", "kind", "status", "created_at", "parameters__file_name")
    words = text.casefold()
    items = [
        Found(kind_words(kind), reverse("console:job", args=[pk]), "upload", status_word("job", status), exact(at))
        for pk, kind, status, at, name in jobs_visible_to(actor).values_list(*columns)[:LATEST_JOBS]
        if words in f"{kind_words(kind)} {name or ''}".casefold()
    ]
    return FoundGroup(_("Imports and exports"), items[:A_GROUP], reverse("console:jobs"))


@staff_page()
def tray(request: SignedInRequest) -> HttpResponse:
    """The tray of long acts alone, for htmx, which asks no more once nothing runs."""
    found = tray_of(request.actor)
    context = {"tray": found, "tray_url": reverse("console:tray")}
    return render(request, "ui/parts/tray_list.html", context, status=asking_again(found))
