"""The catalogue: facets and search in the URL, own price, stock word, a stepper that fills the cart."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.kernel.actor import Side
from core.kernel.errors import DomainError
from core.kernel.quantity import Unit
from core.kernel.text import normalised
from core.web.doors import page
from core.web.paging import page_number
from core.web.refusals import words_of
from core.web.requests import SignedInRequest
from frontend.storefront.cards import cards_of
from frontend.storefront.faults import said
from frontend.storefront.quantities import quantity_of, unit_of
from frontend.storefront.shell import shown
from frontend.ui import format as words
from frontend.ui.paging import link_with
from frontend.ui.shapes import Chip, Pager
from frontend.ui.vocabulary import term
from ordering.orders.permissions import Permission
from ordering.orders.rules.checks import AskedLine
from ordering.orders.selectors import Cart, cart_of, check_lines
from ordering.orders.services import AddToCart, CartLine, SetInCart, add_to_cart, set_in_cart
from ordering.pricing.permissions import Permission as PricePermission
from ordering.pricing.selectors import FacetValue, ShelfFilters, ShelfPage, shelf_page
from ordering.pricing.selectors.shelf import CARDS_A_PAGE

_MOST_TEXT = 80


@dataclass(frozen=True, slots=True)
class FacetLink:
    """One value of a facet as a link that puts it on or takes it off."""

    label: str
    url: str
    count: int
    is_chosen: bool
    aroma: str = ""


@dataclass(frozen=True, slots=True)
class Facet:
    """One facet with its values."""

    title: str
    links: tuple[FacetLink, ...]


@page(permission=PricePermission.READ, side=Side.DEALER)
def catalogue(request: SignedInRequest) -> HttpResponse:
    """The shelf; for htmx (search while typing) facets and cards alone."""
    filters = _filters(request)
    shelf = shelf_page(actor=request.actor, filters=filters, page=page_number(request))
    cart = cart_of(request.actor) if request.actor.can(Permission.PLACE) else Cart()
    facets = _facets(request, shelf)
    context = {
        "shelf": shelf,
        "cards": cards_of(shelf.cards, cart),
        "facets": facets,
        "chosen": _chosen(request, facets, filters),
        "text": filters.text,
        "pager": _pager(shelf),
        "can_order": request.actor.can(Permission.PLACE),
        "cart_count": len(cart.items),
        "all_url": reverse("storefront:catalogue"),
        "search_url": "",
    }
    if request.htmx and not request.htmx.history_restore_request:
        response = render(request, "storefront/parts/shelf.html", context)
        response["HX-Push-Url"] = request.get_full_path()
        return response
    return shown(request, "storefront/catalogue.html", context, at="catalogue")


def _filters(request: HttpRequest) -> ShelfFilters:
    """What the URL narrows to; what is no value of a facet is left out."""
    abv = (value for value in request.GET.getlist("abv") if value.isascii() and value.isdigit() and len(value) < 4)
    return ShelfFilters(
        text=normalised(request.GET.get("q", ""))[:_MOST_TEXT],
        aromas=tuple(value[:2] for value in request.GET.getlist("aroma")[:20]),
        abv_tenths=tuple(int(value) for value in abv),
        packs=tuple(value[:20] for value in request.GET.getlist("pack")[:20]),
        product_lines=tuple(value[:20] for value in request.GET.getlist("line")[:20]),
        is_sellable_only=request.GET.get("only") == "1",
    )


def _facets(request: HttpRequest, shelf: ShelfPage) -> list[Facet]:
    titles = (("aroma", _("Aroma")), ("abv", _("Strength")), ("pack", _("Pack")), ("line", _("Product line")))
    facets = [
        Facet(title, tuple(_link(request, name, value) for value in shelf.facets.get(name, ())))
        for name, title in titles
    ]
    return [facet for facet in facets if facet.links]


def _link(request: HttpRequest, name: str, value: FacetValue) -> FacetLink:
    chosen = request.GET.getlist(name)
    others = [one for one in chosen if one != value.value]
    now = others if value.is_chosen else [*others, value.value]
    return FacetLink(
        label=_label(name, value),
        url=link_with(request, **{name: now}) or "?",
        count=value.count,
        is_chosen=value.is_chosen,
        aroma=value.value.lower() if name == "aroma" else "",
    )


def _label(name: str, value: FacetValue) -> str:
    if name == "aroma":
        return term("aroma", value.value)
    if name == "abv":
        whole, rest = divmod(int(value.value), 10)
        figure = f"{whole}.{rest}" if rest else str(whole)
        return f"{figure}%" if (get_language() or "").startswith("en") else f"{figure}度"
    if name == "pack":
        volume, _x, per_case = value.value.partition("x")
        return f"{volume}ml×{per_case}"
    return value.label or value.value


def _chosen(request: HttpRequest, facets: list[Facet], filters: ShelfFilters) -> list[Chip]:
    chips = [
        Chip(link.label, link.url, is_current=True, is_removable=True)
        for facet in facets
        for link in facet.links
        if link.is_chosen
    ]
    if filters.text:
        words_ = _("“%(text)s”") % {"text": filters.text}
        chips.append(Chip(words_, link_with(request, q=None), is_current=True, is_removable=True))
    only = Chip(
        _("Can be ordered"),
        link_with(request, only=None if filters.is_sellable_only else "1"),
        is_current=filters.is_sellable_only,
        is_removable=filters.is_sellable_only,
    )
    return [*chips, only]


def _pager(shelf: ShelfPage) -> Pager:
    first = (shelf.page - 1) * CARDS_A_PAGE + 1
    return Pager(shelf.page, shelf.page_count, shelf.total, first, first + len(shelf.cards) - 1)


@page(permission=Permission.PLACE, side=Side.DEALER, methods=("POST",), back="storefront:catalogue")
def put(request: SignedInRequest) -> HttpResponse:
    """Let so much of one product lie in the cart, without leaving the page."""
    sku = request.POST.get("sku", "")[:48]
    unit = unit_of(request.POST.get("quantity_unit", "") or request.POST.get("unit", "")) or Unit.CASE
    try:
        quantity = quantity_of(request.POST.get("quantity", ""))
        cart = _put(request, SetInCart(sku, unit, quantity))
    except DomainError as fault:
        return _said(request, sku, words_of(fault), is_bad=True, status=422)
    lies = next((item.quantity for item in cart.items if (item.sku_code, item.unit) == (sku, unit)), 0)
    problem = _problem(request, sku, lies, unit) if lies else ""
    return _said(request, sku, problem or _told(lies, unit), is_bad=bool(problem), cart=cart)


def _put(request: SignedInRequest, wanted: SetInCart) -> Cart:
    """Let so much lie in the cart; with ``more`` on top of what lies there."""
    if not request.POST.get("more"):
        return set_in_cart(actor=request.actor, command=wanted)
    line = CartLine(wanted.sku_code, wanted.quantity, wanted.unit)
    return add_to_cart(actor=request.actor, command=AddToCart(lines=(line,)))


def _problem(request: SignedInRequest, sku: str, quantity: int, unit: Unit) -> str:
    """Why so much of it could not be ordered, if so; it stays in the cart all the same."""
    line = check_lines(actor=request.actor, lines=[AskedLine(1, sku, quantity, unit)]).lines[0]
    per_case = line.offer.bottles_per_case if line.offer else 0
    return said(line.faults[0], per_case=per_case).text if line.faults else ""


def _told(quantity: int, unit: Unit) -> str:
    if not quantity:
        return _("Taken out of the cart.")
    count = words.cases_text(quantity) if unit is Unit.CASE else words.bottles_text(quantity)
    return _("%(count)s in the cart.") % {"count": count}


def _said(
    request: SignedInRequest, sku: str, text: str, *, is_bad: bool, cart: Cart | None = None, status: int = 200
) -> HttpResponse:
    if request.htmx:
        context = {"sku": sku, "said": text, "is_bad": is_bad, "has_no_place": bool(request.POST.get("more"))}
        context |= {"cart_count": len(cart.items)} if cart else {}
        return render(request, "storefront/parts/put_reply.html", context, status=status)
    (messages.error if is_bad else messages.success)(request, text)
    back = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return redirect(back if is_ours and back.startswith("/") else reverse("storefront:catalogue"))
