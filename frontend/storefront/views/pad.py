"""The order pad 快速下单: paste, type or scan; every line priced and checked; nothing typed is lost.

A window says with ``seen`` which state of the cart it shows. Where another window changed the cart in between, both
changes stand and the answer is the whole pad, told so; where both changed one line, the second is refused and shown.
"""

from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import urlsplit

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.gzip import gzip_page

from core.idempotency import services as idempotency
from core.idempotency.rules import Claim
from core.kernel.actor import Side
from core.kernel.errors import DomainError
from core.kernel.ids import uuid7
from core.kernel.quantity import Unit
from core.kernel.text import whole_of
from core.web.doors import page
from core.web.requests import SignedInRequest
from frontend.storefront.faults import why
from frontend.storefront.goods import name_of
from frontend.storefront.pad import gifts, telling
from frontend.storefront.pad.lines import PadLine, counted
from frontend.storefront.pad.reading import Pad, read_pad
from frontend.storefront.quantities import quantity_of, unit_of
from frontend.storefront.seen import keep_prices, prices_of
from frontend.storefront.shell import shown
from frontend.storefront.views.scan import scanned_once, tell_tone, unknown_words
from frontend.storefront.wishes import wishes_of
from frontend.ui.paging import link_with
from frontend.ui.shapes import Chip, Way
from frontend.ui.undo import told_with_undo
from ordering.orders.permissions import Permission
from ordering.orders.selectors import LastChange, cart_of, order_detail, pad_of
from ordering.orders.services import (
    CartLine,
    MendAside,
    PutInCart,
    RemoveFromPad,
    SetInCart,
    mend_aside,
    paste_into_pad,
    put_in_cart,
    remove_from_pad,
    set_aside,
    set_on_pad,
    undo_pad,
)

LINES_A_PAGE = 50
"""A phone lays out so many at once without a pause; the chips lead to what needs a look."""


@gzip_page
@page(permission=Permission.PLACE, side=Side.DEALER)
def pad(request: SignedInRequest) -> HttpResponse:
    """The pad; for htmx its lines and totals alone."""
    return _answer(request)


@gzip_page  # a hundred lines are 350 kB of the same few words: 6 kB on a warehouse's network, with or without a proxy
@page(permission=Permission.PLACE, side=Side.DEALER, methods=("POST",), back="storefront:pad")
def paste(request: SignedInRequest) -> HttpResponse:
    """Lines pasted, typed or scanned: what names a product goes into the cart, the rest is kept as typed."""
    text = request.POST.get("text", "")
    if request.POST.get("scan"):
        return _scanned(request, text)
    try:
        counts, is_repeated = pasted_once(request, text, request.POST.get("key", ""))
    except DomainError as fault:
        return _refused(request, why(fault), text)
    if is_repeated:
        return _done(request, _("These lines had arrived already; nothing was added twice."))
    return _done(request, telling.pasted(*counts), tone="warn" if counts[2] else "")


def _scanned(request: SignedInRequest, code: str) -> HttpResponse:
    """A scanner typed this, wherever the focus was."""
    try:
        scanned = scanned_once(request, code[:64], keeps=True)
    except DomainError as fault:
        return tell_tone(_refused(request, why(fault)), "bad")
    if scanned is None:
        return _done(request)
    if scanned.sku is None and not scanned.candidates:
        return tell_tone(_refused(request, unknown_words(code)), "bad")
    if scanned.sku is None:
        return tell_tone(_done(request, _("Which one is it?")), "bad")
    places = {"name": name_of(scanned.sku), "quantity": counted(scanned.quantity, scanned.unit)}
    return tell_tone(_done(request, _("%(name)s: +1, %(quantity)s in the cart now") % places), "good")


def pasted_once(request: SignedInRequest, text: str, key: str) -> tuple[tuple[int, int, int, int], bool]:
    """Lines added, grown, kept aside and joined, and whether they were answered before under this key.

    Raises what ``paste_into_pad`` and ``idempotency.claim`` raise.
    """
    if not key:
        done = paste_into_pad(actor=request.actor, text=text)
        return (done.added, done.grown, done.kept, done.joined), False
    route = reverse("storefront:pad_paste")  # one list sent through two doors is one list
    claim = Claim.of(actor=request.actor, method="POST", route=route, key=key, body=text.encode())
    with idempotency.answering(claim) as asked:
        if asked.given is not None:
            added, grown, kept, joined = asked.given.body
            return (int(added), int(grown), int(kept), int(joined)), True
        done = paste_into_pad(actor=request.actor, text=text)
        asked.answer(status=200, body=[done.added, done.grown, done.kept, done.joined])
    return (done.added, done.grown, done.kept, done.joined), False


@page(permission=Permission.PLACE, side=Side.DEALER, methods=("POST",), back="storefront:pad")
def line(request: SignedInRequest) -> HttpResponse:
    """Set one line of the cart: another quantity, another unit, or 0 to remove it."""
    unit = unit_of(request.POST.get("unit", "")) or Unit.CASE
    new_unit = unit_of(request.POST.get("new_unit", "") or request.POST.get("quantity_unit", ""))
    sku = request.POST.get("sku", "")[:48]
    try:
        quantity = quantity_of(request.POST.get("quantity", ""))
        if not quantity:
            gone = remove_from_pad(actor=request.actor, command=RemoveFromPad(lines=((sku, unit),)))
            return _done(request, telling.removed(gone))
        was = whole_of(request.POST.get("was", ""))
        set_on_pad(actor=request.actor, command=SetInCart(sku, unit, quantity, new_unit, was=was))
    except DomainError as fault:
        if fault.code == "order.line_changed":
            return _crossed(request, fault, unit)
        return _refused(request, why(fault))
    if request.htmx and not request.htmx.boosted and new_unit in {unit, None}:
        return _changed(request, sku)
    if not request.htmx and request.POST.get("back") == "checkout" and was is not None:
        _told_at_the_checkout(request, sku, unit, was, quantity)
    return _done(request)


def _told_at_the_checkout(request: SignedInRequest, sku: str, unit: Unit, was: int, now: int) -> None:
    """One tap there changes the order under the buyer's eyes: said, with the way back."""
    items = cart_of(request.actor).items
    name = next((one.sku_name for one in items if one.sku_code == sku), sku)
    words = _("%(name)s: %(was)s → %(now)s") % {"name": name, "was": counted(was, unit), "now": counted(now, unit)}
    fields = {"sku": sku, "unit": unit.value, "was": str(now), "quantity": str(was), "back": "checkout"}
    told_with_undo(request, words, url=reverse("storefront:pad_line"), fields=fields)


@page(permission=Permission.PLACE, side=Side.DEALER, methods=("POST",), back="storefront:pad")
def aside(request: SignedInRequest) -> HttpResponse:
    """A line that was set aside: say what was meant, how much of it, or drop it."""
    number = whole_of(request.POST.get("id", "")) or 0
    try:
        if request.POST.get("act") == "drop":
            gone = remove_from_pad(actor=request.actor, command=RemoveFromPad(asides=(number,)))
            return _done(request, telling.removed(gone))
        if request.POST.get("act") == "quantity":
            unit = unit_of(request.POST.get("quantity_unit", "") or request.POST.get("unit", ""))
            quantity = quantity_of(request.POST.get("quantity", ""))
            mend_aside(actor=request.actor, command=MendAside(number, quantity=quantity, unit=unit))
        else:
            mend_aside(actor=request.actor, command=MendAside(number, sku_code=request.POST.get("sku", "")[:48]))
    except DomainError as fault:
        return _refused(request, why(fault))
    return _done(request)


@page(permission=Permission.PLACE, side=Side.DEALER, methods=("POST",), back="storefront:pad")
def clear(request: SignedInRequest) -> HttpResponse:
    """Empty the pad; refused when it holds by now what this window never showed."""
    seen = request.POST.get("seen")
    if seen is not None and seen != cart_of(request.actor).mark:
        words = _("The pad was changed in another window, and nothing was removed. Look at it, then empty it again.")
        return _answer(request, status=409, error=words)
    remove_from_pad(actor=request.actor, command=RemoveFromPad(is_all=True))
    return _done(request, _("The order pad is empty."))


@gzip_page
@page(permission=Permission.PLACE, side=Side.DEALER, methods=("POST",), back="storefront:pad")
def remove_bad(request: SignedInRequest) -> HttpResponse:
    """Take every line off the pad that cannot be ordered as it is."""
    bad = read_pad(request.actor, pad_of(request.actor), wishes_of(request), is_plain=True).bad
    command = RemoveFromPad(
        lines=tuple((one.sku_code, Unit(one.unit)) for one in bad if not one.aside_id),
        asides=tuple(one.aside_id for one in bad if one.aside_id),
    )
    return _done(request, telling.removed(remove_from_pad(actor=request.actor, command=command)))


@gzip_page
@page(permission=Permission.PLACE, side=Side.DEALER, methods=("POST",), back="storefront:pad")
def undo(request: SignedInRequest) -> HttpResponse:
    """Take the last change back."""
    try:
        undone = undo_pad(actor=request.actor)
    except DomainError as fault:
        return _refused(request, why(fault))
    return _done(request, telling.undone(undone))


@page(permission=Permission.PLACE, side=Side.DEALER, methods=("POST",), back="storefront:order")
def reorder(request: SignedInRequest, number: str) -> HttpResponse:
    """Lay the lines of an earlier order into the cart at today's prices. Twice is as good as once."""
    lines = order_detail(actor=request.actor, number=number).bought
    again = {(one.sku_code, one.unit): CartLine(one.sku_code, one.quantity, Unit(one.unit)) for one in lines}
    put_in_cart(actor=request.actor, command=PutInCart(tuple(again.values())))
    words = ngettext("%(count)s line from %(number)s.", "%(count)s lines from %(number)s.", len(again))
    messages.success(request, words % {"count": len(again), "number": number})
    return redirect("storefront:pad")


@page(permission=Permission.PLACE, side=Side.DEALER, methods=("POST",), back="storefront:pad")
def go_on(request: SignedInRequest) -> HttpResponse:
    """To the checkout with what can be ordered; the other lines are set aside and found here again after it.

    The prices this window showed go along, so that the checkout can tell which are others by now.
    """
    read = read_pad(request.actor, pad_of(request.actor), wishes_of(request), is_plain=True)
    if not read.good:
        messages.warning(request, _("There is nothing that can be ordered yet."))
        return redirect("storefront:pad")
    bad = {(one.sku_code, Unit(one.unit)) for one in read.bad if not one.aside_id}
    if bad:
        set_aside(actor=request.actor, keys=bad)
    if "prices" in request.POST:
        keep_prices(request, request.POST["prices"])
    return redirect("storefront:checkout")


# answers ----------------------------------------------------------------------------------------------


def _answer(
    request: SignedInRequest,
    *,
    status: int = 200,
    error: str = "",
    ways: Sequence[Way] = (),
    typed: str = "",
    told: str = "",
    tone: str = "",
) -> HttpResponse:
    """The whole pad; ``error`` with its ``ways`` out, ``told`` in ``tone`` what happened, ``typed`` for the field."""
    read = read_pad(request.actor, pad_of(request.actor), wishes_of(request))
    joined = _("The cart was changed in another window too; this is how it stands now.")
    gifts_told, gifts_tone = _told_of_gifts(request, read)
    context = {
        **_context(request, read),
        "error": error,
        "error_ways": ways,
        "typed": typed,
        "told": " ".join(part for part in (told, joined if _was_joined(request, read) else "") if part),
        "told_tone": tone,
        "gifts_told": gifts_told,
        "gifts_tone": gifts_tone,
        "key": uuid7().hex,
        "cart_count": len(read.cart.items),
    }
    if request.htmx:
        response = render(request, "storefront/parts/pad_reply.html", context, status=status)
        response["HX-Push-Url"] = request.get_full_path() if request.method == "GET" else "false"
        response["HX-Retarget"], response["HX-Reswap"] = "#pad", "outerHTML show:none"  # a stepper swaps its line only
        return response
    return shown(request, "storefront/pad.html", context, at="pad", status=status)


def _done(request: SignedInRequest, told: str = "", tone: str = "") -> HttpResponse:
    """After a change: the pad anew for htmx, else the way back to it."""
    if request.htmx:
        return _answer(request, told=told, tone=tone)
    if told:
        (messages.warning if tone else messages.info)(request, told)
    return redirect("storefront:checkout" if request.POST.get("back") == "checkout" else "storefront:pad")


def _refused(request: SignedInRequest, error: str, typed: str = "") -> HttpResponse:
    """Nothing happened: say why, with everything typed still in its place."""
    if not request.htmx:
        return _answer(request, status=422, error=error, typed=typed)
    response = render(request, "storefront/parts/pad_error.html", {"error": error}, status=422)
    response["HX-Push-Url"] = "false"
    response["HX-Retarget"], response["HX-Reswap"] = "#pad-error", "outerHTML"
    return response


def _crossed(request: SignedInRequest, fault: DomainError, unit: Unit) -> HttpResponse:
    """Another window set this line: shown as it is now, with the way to set it all the same."""
    now, wanted = (int(fault.fields[name] or 0) for name in ("now", "wanted"))
    places = {"now": counted(now, unit), "wanted": counted(wanted, unit)}
    words = _("This line was changed in another window: it holds %(now)s by now, you set %(wanted)s.") % places
    fields = (("sku", str(fault.fields["sku"])), ("unit", unit.value), ("quantity", str(wanted)))
    label = _("Set to %(wanted)s all the same") % places
    way = Way(label, reverse("storefront:pad_line"), "post", fields)
    return _answer(request, status=409, error=words, ways=(way,))


def _changed(request: SignedInRequest, sku: str) -> HttpResponse:
    """The lines of one product and the totals: a change at one line does not send five hundred back."""
    read = read_pad(request.actor, pad_of(request.actor), wishes_of(request))
    if _was_joined(request, read):
        return _answer(request)
    lines = [one for one in read.lines if one.sku_code == sku and not one.aside_id]
    page = _context(request, read)
    others = [one for one in _lines_on(page) if one not in lines]  # a step of a ladder changes every amount
    gifts_told, tone = _told_of_gifts(request, read)
    context = {
        **page,
        "changed": lines,
        "others": others,
        "cart_count": len(read.cart.items),
        "gifts_told": gifts_told,
        "gifts_tone": tone,
    }
    return render(request, "storefront/parts/pad_changed.html", context)


def _told_of_gifts(request: SignedInRequest, read: Pad) -> tuple[str, str]:
    """A word, and its tone, where a change brought a gift or cost one; windows say which gifts they show."""
    if not request.htmx or "gifts" not in request.POST:
        return "", ""
    words, is_lost = gifts.told(request.actor, request.POST["gifts"], read.checked.gifts if read.checked else ())
    return words, "warn" if is_lost else "good"


def _lines_on(page: Mapping[str, object]) -> Iterable[PadLine]:
    """The lines a window shows."""
    lines = page["lines"]
    return lines.object_list if isinstance(lines, Page) else ()


def _was_joined(request: SignedInRequest, read: Pad) -> bool:
    """Whether another window changed the cart between what this one showed and the change it has just made."""
    seen, cart = request.POST.get("seen"), read.cart
    if seen is None or not cart.id or seen == cart.mark:
        return False
    return seen != (f"{cart.id}.{cart.version - 1}" if cart.version > 1 else "")


def _name_of(read: Pad, last: LastChange) -> str:
    """The product whose quantity was set last, where the pad still shows it."""
    return next((one.title for one in read.lines if one.sku_code in last.codes), "")


def _asked(request: SignedInRequest) -> QueryDict:
    """Which lines the window shows: of its own address, whatever it has just sent."""
    if request.method == "POST" and request.htmx:
        return QueryDict(urlsplit(request.htmx.current_url_abs_path or "").query)
    return request.GET


def _context(request: SignedInRequest, read: Pad) -> dict[str, object]:
    asked = _asked(request)
    show = asked.get("show", "")
    lines: Sequence[PadLine] = read.bad if show == "bad" else read.good if show == "good" else read.lines
    here = reverse("storefront:pad")
    shown_lines = Paginator(lines, LINES_A_PAGE).get_page(asked.get("page"))
    first = read.bad[0].dom_id if read.bad else ""
    is_here = any(one.dom_id == first for one in shown_lines)
    return {
        "pad": read,
        "lines": shown_lines,
        "first_bad_url": f"#{first}" if is_here else f"{here}{link_with(None, show='bad')}#{first}",
        "prices": prices_of(read.good),
        "gifts_mark": gifts.mark_of(read.checked.gifts) if read.checked else "",
        "urls": {"line": reverse("storefront:pad_line"), "aside": reverse("storefront:pad_aside")},
        "undoing": telling.undoing(read.last, _name_of(read, read.last)) if read.last else "",
        "chips": [
            Chip(_("All lines"), here, show not in {"bad", "good"}, len(read.lines)),
            Chip(_("Needs attention"), f"{here}{link_with(None, show='bad')}", show == "bad", len(read.bad)),
            Chip(_("Can be ordered"), f"{here}{link_with(None, show='good')}", show == "good", len(read.good)),
        ],
    }
