"""The catalogue: facets and search in the URL, own price, stock word, a stepper that fills the cart."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from core.idempotency import services as idempotency
from core.idempotency.rules import Claim
from core.kernel.actor import Side
from core.kernel.errors import DomainError
from core.kernel.ids import uuid7
from core.kernel.quantity import Unit
from core.web.doors import page
from core.web.paging import page_number
from core.web.refusals import words_of
from core.web.requests import SignedInRequest
from frontend.storefront.badges import badges_of
from frontend.storefront.cards import cards_of
from frontend.storefront.facets import chosen_of, facets_of, filters_of, sorts_of
from frontend.storefront.faults import said
from frontend.storefront.quantities import quantity_of, unit_of
from frontend.storefront.shell import shown
from frontend.ui import format as words
from frontend.ui.shapes import Pager
from ordering.orders.permissions import Permission
from ordering.orders.rules.checks import AskedLine
from ordering.orders.selectors import Cart, cart_of, check_lines
from ordering.orders.services import AddToCart, CartLine, SetInCart, add_to_cart, set_in_cart
from ordering.pricing.permissions import Permission as PricePermission
from ordering.pricing.selectors import ShelfPage, shelf_page
from ordering.pricing.selectors.shelf import CARDS_A_PAGE


@page(permission=PricePermission.READ, side=Side.DEALER)
def catalogue(request: SignedInRequest) -> HttpResponse:
    """The shelf; for htmx (search while typing) facets and cards alone."""
    filters = filters_of(request)
    shelf = shelf_page(actor=request.actor, filters=filters, page=page_number(request))
    cart = cart_of(request.actor) if request.actor.can(Permission.PLACE) else Cart()
    facets = facets_of(request, shelf)
    is_part = bool(request.htmx) and not request.htmx.history_restore_request
    context = {
        "shelf": shelf,
        "cards": cards_of(shelf.cards, cart, badges_of(request.actor, shelf.cards, buyer=shelf.buyer)),
        "facets": facets,
        "chosen": chosen_of(request, facets, filters),
        "chosen_count": sum(link.is_chosen for facet in facets for link in facet.links),
        "sorts": sorts_of(filters, sees_prices=request.actor.can(PricePermission.PURCHASE)),
        "sort": filters.sort,
        "is_part": is_part,
        "text": filters.text,
        "pager": _pager(shelf),
        "can_order": request.actor.can(Permission.PLACE),
        "cart_count": len(cart.items),
        "all_url": reverse("storefront:catalogue"),
        "search_url": "",
    }
    if is_part:
        response = render(request, "storefront/parts/shelf.html", context)
        response["HX-Push-Url"] = request.get_full_path()
        return response
    return shown(request, "storefront/catalogue.html", context, at="catalogue")


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
    if cart is None:
        text = _("This had arrived already; nothing was added twice.")
        return _said(request, sku, text, is_bad=False, cart=cart_of(request.actor))
    lies = next((item.quantity for item in cart.items if (item.sku_code, item.unit) == (sku, unit)), 0)
    problem = _problem(request, sku, lies, unit) if lies else ""
    return _said(request, sku, problem or _told(lies, unit), is_bad=bool(problem), cart=cart)


def _put(request: SignedInRequest, wanted: SetInCart) -> Cart | None:
    """Let so much lie in the cart; with ``more`` on top of what lies there, once a key. None: that was done before."""
    if not request.POST.get("more"):
        return set_in_cart(actor=request.actor, command=wanted)
    command = AddToCart(lines=(CartLine(wanted.sku_code, wanted.quantity, wanted.unit),))
    key = request.POST.get("key", "")
    if not key:
        return add_to_cart(actor=request.actor, command=command)
    route = f"{request.path}{wanted.sku_code}/{wanted.unit}"  # a page has one key for all that can be added from it
    body = str(wanted.quantity).encode()
    claim = Claim.of(actor=request.actor, method="POST", route=route, key=key, body=body)
    with idempotency.answering(claim) as asked:
        if asked.given is not None:
            return None
        cart = add_to_cart(actor=request.actor, command=command)
        asked.answer(status=200, body=len(cart.items))
    return cart


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
        context = {"sku": sku, "said": text, "is_bad": is_bad}
        context |= {"more_key": uuid7().hex} if request.POST.get("more") else {}
        context |= {"cart_count": len(cart.items)} if cart else {}
        return render(request, "storefront/parts/put_reply.html", context, status=status)
    (messages.error if is_bad else messages.success)(request, text)
    back = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return redirect(back if is_ours and back.startswith("/") else reverse("storefront:catalogue"))
