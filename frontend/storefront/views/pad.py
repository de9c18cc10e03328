"""The order pad 快速下单: paste, type or scan; every line priced and checked; nothing typed is lost."""

import re
from collections.abc import Sequence
from dataclasses import replace

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.catalogue.selectors import FoundSku, How, Match, find_skus, search
from core.kernel.actor import Actor, Side
from core.kernel.errors import DomainError
from core.kernel.quantity import MAX_BOTTLES, Unit
from core.kernel.text import whole_of
from core.web.doors import page
from core.web.requests import SignedInRequest
from frontend.storefront.faults import why
from frontend.storefront.pad.asides import Asides
from frontend.storefront.pad.grown import Grown, grown_of, keep_grown
from frontend.storefront.pad.lines import PadLine
from frontend.storefront.pad.reading import Pad, is_a_scan, read_pad
from frontend.storefront.quantities import quantity_of, unit_of
from frontend.storefront.shell import shown
from frontend.ui.paging import link_with
from frontend.ui.shapes import Chip
from ordering.orders.paste import PastedLine, parse_paste
from ordering.orders.permissions import Permission
from ordering.orders.selectors import cart_of, order_detail
from ordering.orders.services import (
    AddToCart,
    CartLine,
    SaveCart,
    SetInCart,
    add_to_cart,
    clear_cart,
    save_cart,
    set_in_cart,
)

LINES_A_PAGE = 100
_INITIALS = re.compile(r"[a-z]{2,12}[0-9]{0,3}", re.IGNORECASE)
_NOTHING = Match("", How.NONE)


@page(permission=Permission.PLACE, side=Side.DEALER)
def pad(request: SignedInRequest) -> HttpResponse:
    """The pad; for htmx its lines and totals alone."""
    return _answer(request, Asides(request.session, request.actor))


@page(permission=Permission.PLACE, side=Side.DEALER, methods=("POST",), back="storefront:pad")
def paste(request: SignedInRequest) -> HttpResponse:
    """Lines pasted, typed or scanned: what names a product goes into the cart, the rest is kept as typed."""
    text = request.POST.get("text", "")
    asides = Asides(request.session, request.actor)
    try:
        pasted = parse_paste(text)
        found = find_skus(request.actor, [line.term for line in pasted if line.term])
        known, unknown = _sorted_out(pasted, found | _typed(request.actor, pasted, found))
        grown = _added(request, known)
    except DomainError as fault:
        return _refused(request, asides, why(fault), text)
    asides.add(unknown)
    asides.keep()
    return _done(request, asides, _told(len(known), grown, len(unknown)))


def _added(request: SignedInRequest, lines: Sequence[CartLine], earlier: Sequence[Grown] = ()) -> int:
    """Put the lines into the cart; returns how many of its lines had a quantity already and now have more.

    Those say so themselves until the next paste: the same sheet pasted twice must not double an order unseen.
    """
    if not lines:
        return 0
    before = {(item.sku_code, item.unit): item.quantity for item in cart_of(request.actor).items}
    cart = add_to_cart(actor=request.actor, command=AddToCart(lines=tuple(lines)))
    grown = [
        Grown(item.sku_code, item.unit.value, before[item.sku_code, item.unit], item.quantity)
        for item in cart.items
        if item.quantity > before.get((item.sku_code, item.unit), item.quantity)
    ]
    keep_grown(request.session, request.actor, (*earlier, *grown))
    return len(grown)


def _typed(actor: Actor, pasted: Sequence[PastedLine], found: dict[str, Match]) -> dict[str, Match]:
    """One line typed by hand in letters may be initials from the middle of a name: sjj is 剑南春 水晶剑."""
    if len(pasted) != 1 or found.get(pasted[0].term, _NOTHING).sku or not _INITIALS.fullmatch(pasted[0].term):
        return {}
    term = pasted[0].term
    skus = search(actor, term, limit=2)
    return {term: Match(term, How.INITIALS, skus[0])} if len(skus) == 1 else {}


def _sorted_out(pasted: Sequence[PastedLine], found: dict[str, Match]) -> tuple[list[CartLine], list[PastedLine]]:
    known: list[CartLine] = []
    unknown: list[PastedLine] = []
    for line in pasted:
        match = found.get(line.term)
        if len(pasted) == 1 and match and is_a_scan(match) and line.quantity is None:
            line = replace(line, quantity=1, problem=None)
        if match and match.sku and line.quantity and line.problem is None and _can_lie(match.sku, line):
            known.append(CartLine(match.sku.code, line.quantity, line.unit))
        else:
            unknown.append(line)
    return known, unknown


def _can_lie(sku: FoundSku, line: PastedLine) -> bool:
    """Whether a cart can hold so much of it; else the line is kept as typed, and says why."""
    per_unit = (
        sku.bottles_per_case
        if (line.unit or (Unit.BOTTLE if sku.sells_in == "BOTTLE" else Unit.CASE)) is Unit.CASE
        else 1
    )
    return (line.quantity or 0) * per_unit <= MAX_BOTTLES


def _told(known: int, grown: int, unknown: int) -> str:
    parts = []
    if known:
        parts.append(ngettext("%(count)s line added.", "%(count)s lines added.", known) % {"count": known})
    if grown:
        words = ngettext(
            "%(count)s of them was in the cart already: the quantities were added up.",
            "%(count)s of them were in the cart already: the quantities were added up.",
            grown,
        )
        parts.append(words % {"count": grown})
    if unknown:
        words = ngettext("%(count)s line needs a look.", "%(count)s lines need a look.", unknown)
        parts.append(words % {"count": unknown})
    return " ".join(parts) or _("There was nothing to add.")


@page(permission=Permission.PLACE, side=Side.DEALER, methods=("POST",), back="storefront:pad")
def line(request: SignedInRequest) -> HttpResponse:
    """Set one line of the cart: another quantity, another unit, or 0 to remove it."""
    asides = Asides(request.session, request.actor)
    unit = unit_of(request.POST.get("unit", "")) or Unit.CASE
    new_unit = unit_of(request.POST.get("new_unit", "") or request.POST.get("quantity_unit", ""))
    sku = request.POST.get("sku", "")[:48]
    try:
        quantity = quantity_of(request.POST.get("quantity", ""))
        command = SetInCart(sku_code=sku, unit=unit, quantity=quantity, new_unit=new_unit)
        set_in_cart(actor=request.actor, command=command)
    except DomainError as fault:
        return _refused(request, asides, why(fault))
    if request.htmx and not request.htmx.boosted and quantity and new_unit in {unit, None}:
        return _changed(request, asides, sku)
    return _done(request, asides)


@page(permission=Permission.PLACE, side=Side.DEALER, methods=("POST",), back="storefront:pad")
def aside(request: SignedInRequest) -> HttpResponse:
    """A line that was set aside: say what was meant, how much of it, or drop it."""
    asides = Asides(request.session, request.actor)
    number = whole_of(request.POST.get("id", ""))
    kept = asides.get(number) if number is not None else None
    if kept is None:
        return _done(request, asides)
    try:
        if request.POST.get("act") == "drop":
            asides.drop(kept.id)
        elif request.POST.get("act") == "quantity":
            quantity = quantity_of(request.POST.get("quantity", ""))
            unit = unit_of(request.POST.get("unit", "")) or kept.asked_unit
            mended = replace(kept, quantity=quantity or None, unit=unit.value if unit else "")
            asides.change(replace(mended, problem="" if quantity else kept.problem))
            _take_if_sure(request, asides, kept.id)
        else:
            _take(request, asides, kept.id, request.POST.get("sku", "")[:48])
    except DomainError as fault:
        return _refused(request, asides, why(fault))
    asides.keep()
    return _done(request, asides)


def _take(request: SignedInRequest, asides: Asides, number: int, sku_code: str) -> None:
    """Put the line into the cart as ``sku_code``; without a quantity it waits for one.

    What the cart cannot hold stays here as a line of that product, which says why and what would pass.
    """
    kept = asides.get(number)
    if kept is None:
        return
    if not kept.quantity:
        asides.change(replace(kept, term=sku_code))
        return
    try:
        _added(request, [CartLine(sku_code, kept.quantity, kept.asked_unit)], grown_of(request.session, request.actor))
    except DomainError as fault:
        if {one.code for one in fault.problems()} != {"order.quantity"}:
            raise
        asides.change(replace(kept, term=sku_code))
        return
    asides.drop(number)


def _take_if_sure(request: SignedInRequest, asides: Asides, number: int) -> None:
    kept = asides.get(number)
    if kept is None or not kept.quantity or kept.problem:
        return
    match = find_skus(request.actor, [kept.term])[kept.term]
    if match.sku is not None:
        _take(request, asides, number, match.sku.code)


@page(permission=Permission.PLACE, side=Side.DEALER, methods=("POST",), back="storefront:pad")
def clear(request: SignedInRequest) -> HttpResponse:
    """Empty the pad."""
    asides = Asides(request.session, request.actor)
    clear_cart(actor=request.actor)
    asides.drop(*(kept.id for kept in asides.lines))
    asides.keep()
    keep_grown(request.session, request.actor, ())
    return _done(request, asides, _("The order pad is empty."))


@page(permission=Permission.PLACE, side=Side.DEALER, methods=("POST",), back="storefront:order")
def reorder(request: SignedInRequest, number: str) -> HttpResponse:
    """Lay the lines of an earlier order into the cart at today's prices. Twice is as good as once."""
    lines = order_detail(actor=request.actor, number=number).lines
    again = {(one.sku_code, one.unit): CartLine(one.sku_code, one.quantity, Unit(one.unit)) for one in lines}
    kept = [
        CartLine(item.sku_code, item.quantity, item.unit)
        for item in cart_of(request.actor).items
        if (item.sku_code, item.unit.value) not in again
    ]
    save_cart(actor=request.actor, command=SaveCart(lines=(*kept, *again.values())))
    words = ngettext("%(count)s line from %(number)s.", "%(count)s lines from %(number)s.", len(again))
    messages.success(request, words % {"count": len(again), "number": number})
    return redirect("storefront:pad")


@page(permission=Permission.PLACE, side=Side.DEALER, methods=("POST",), back="storefront:pad")
def go_on(request: SignedInRequest) -> HttpResponse:
    """To the checkout with what can be ordered; the other lines are set aside and found here again after it."""
    asides = Asides(request.session, request.actor)
    read = read_pad(request.actor, asides.lines)
    if not read.good:
        messages.warning(request, _("There is nothing that can be ordered yet."))
        return redirect("storefront:pad")
    bad = {(one.sku_code, one.unit) for one in read.bad if not one.aside_id}
    if bad:
        set_aside(request, asides, read, bad)
    return redirect("storefront:checkout")


def set_aside(request: SignedInRequest, asides: Asides, read: Pad, bad: set[tuple[str, str]]) -> None:
    """Take the lines ``bad`` names out of the cart and keep them."""
    for item in read.cart.items:
        if (item.sku_code, item.unit.value) in bad:
            asides.put(sku_code=item.sku_code, name=item.sku_name, quantity=item.quantity, unit=item.unit)
    left = (
        CartLine(item.sku_code, item.quantity, item.unit)
        for item in read.cart.items
        if (item.sku_code, item.unit.value) not in bad
    )
    save_cart(actor=request.actor, command=SaveCart(lines=tuple(left)))
    asides.keep()


# answers ----------------------------------------------------------------------------------------------


def _answer(
    request: SignedInRequest, asides: Asides, *, status: int = 200, error: str = "", typed: str = "", told: str = ""
) -> HttpResponse:
    read = read_pad(request.actor, asides.lines, grown_of(request.session, request.actor))
    context = {
        **_context(request, read),
        "error": error,
        "typed": typed,
        "told": told,
        "cart_count": len(read.cart.items),
    }
    if request.htmx:
        response = render(request, "storefront/parts/pad_reply.html", context, status=status)
        response["HX-Push-Url"] = request.get_full_path() if request.method == "GET" else "false"
        response["HX-Retarget"], response["HX-Reswap"] = "#pad", "outerHTML show:none"  # a stepper swaps its line only
        return response
    return shown(request, "storefront/pad.html", context, at="pad", status=status)


def _done(request: SignedInRequest, asides: Asides, told: str = "") -> HttpResponse:
    """After a change: the pad anew for htmx, else the way back to it."""
    if request.htmx:
        return _answer(request, asides, told=told)
    if told:
        messages.info(request, told)
    return redirect("storefront:pad")


def _refused(request: SignedInRequest, asides: Asides, error: str, typed: str = "") -> HttpResponse:
    """Nothing happened: say why, with everything typed still in its place."""
    if not request.htmx:
        return _answer(request, asides, status=422, error=error, typed=typed)
    response = render(request, "storefront/parts/pad_error.html", {"error": error}, status=422)
    response["HX-Push-Url"] = "false"
    response["HX-Retarget"], response["HX-Reswap"] = "#pad-error", "outerHTML"
    return response


def _changed(request: SignedInRequest, asides: Asides, sku: str) -> HttpResponse:
    """The lines of one product and the totals: a change at one line does not send five hundred back."""
    read = read_pad(request.actor, asides.lines, grown_of(request.session, request.actor))
    lines = [one for one in read.lines if one.sku_code == sku and not one.aside_id]
    context = {**_context(request, read), "changed": lines, "cart_count": len(read.cart.items)}
    return render(request, "storefront/parts/pad_changed.html", context)


def _context(request: SignedInRequest, read: Pad) -> dict[str, object]:
    show = request.GET.get("show", "")
    lines: Sequence[PadLine] = read.bad if show == "bad" else read.good if show == "good" else read.lines
    here = reverse("storefront:pad")
    return {
        "pad": read,
        "lines": Paginator(lines, LINES_A_PAGE).get_page(request.GET.get("page")),
        "chips": [
            Chip(_("All lines"), here, show not in {"bad", "good"}, len(read.lines)),
            Chip(_("Needs attention"), f"{here}{link_with(None, show='bad')}", show == "bad", len(read.bad)),
            Chip(_("Can be ordered"), f"{here}{link_with(None, show='good')}", show == "good", len(read.good)),
        ],
    }
