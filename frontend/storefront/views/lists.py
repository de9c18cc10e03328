"""Shopping lists: what a house buys again and again, under a name, into the cart at today's prices."""

from dataclasses import dataclass

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.idempotency import services as idempotency
from core.idempotency.rules import Claim
from core.kernel import clock
from core.kernel.actor import Actor, Side
from core.kernel.errors import DomainError, Missing
from core.kernel.ids import uuid7
from core.kernel.quantity import Unit
from core.web.doors import page
from core.web.paging import page_of
from core.web.requests import SignedInRequest
from dms.dealers.selectors import trading_dealer
from frontend.storefront.badges import badges_of
from frontend.storefront.cards import Card, cards_of, tier_after
from frontend.storefront.coming import Coming, coming_of
from frontend.storefront.faults import why
from frontend.storefront.goods import name_of
from frontend.storefront.quantities import quantity_of, unit_of
from frontend.storefront.shell import shown
from frontend.ui.paging import link_with
from frontend.ui.shapes import Chip, Crumb, Pager
from ordering.lists.models import ShoppingList
from ordering.lists.rules import MOST_NAME
from ordering.lists.selectors import ListDetail, ListFilter, ListLine, list_detail, lists_visible_to
from ordering.lists.services import ChangeList, MakeList, change_list, delete_list, make_list, put_in_list, use_list
from ordering.orders.permissions import Permission
from ordering.orders.selectors import Cart, cart_of, order_detail
from ordering.orders.services import CartLine
from ordering.pricing.permissions import Permission as PricePermission
from ordering.pricing.selectors import ShelfStep, shelf_cards

ROWS_A_PAGE = 50
_MOST_CHOICES = 50


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a list beside its goods as they stand today; ``card`` is None for what left the shelf.

    ``coming`` is the price planned next.
    """

    line: ListLine
    card: Card | None
    coming: Coming | None = None

    @property
    def key(self) -> str:
        """Names the line in the page."""
        return f"{self.line.sku_code}-{self.line.unit.value}"

    @property
    def name(self) -> str:
        """In the reader's language where it is known."""
        return name_of(self.line)

    @property
    def unit_price(self) -> int | None:
        """What one costs today at the step of this quantity, in minor units; None: no price to be seen."""
        fits = [step for step in self._steps() if step.min_quantity <= self.line.quantity]
        return fits[-1].amount if fits else None

    def _steps(self) -> list[ShelfStep]:
        """The ladder of the line's unit; in the card's own at the limited-time price where one runs."""
        if self.card is None:
            return []
        if self.card.shelf.unit == self.line.unit.value:
            return self.card.steps
        steps = (step for step in self.card.shelf.ladder if step.unit == self.line.unit.value)
        return sorted(steps, key=lambda step: step.min_quantity)

    @property
    def amount(self) -> int | None:
        """The line's, in minor units."""
        return None if self.unit_price is None else self.unit_price * self.line.quantity

    @property
    def tier(self) -> str:
        """From how many on it is cheaper than now."""
        if self.card is None or self.unit_price is None or self.card.shelf.unit != self.line.unit.value:
            return ""
        return tier_after(self._steps(), self.line.quantity, self.card.shelf.currency)


@page(permission=Permission.PLACE, side=Side.DEALER, methods=("GET", "POST"))
def lists(request: SignedInRequest) -> HttpResponse:
    """Own lists and what colleagues share; a new one is made here, empty or from the cart, an order, another list."""
    fault, typed = "", ""
    if request.method == "POST":
        typed = request.POST.get("name", "")[:200]
        try:
            return _made(request, typed)
        except Missing:
            raise
        except DomainError as refusal:
            fault = why(refusal)
    asked = ListFilter.of(request.GET.dict())
    found: QuerySet[ShoppingList] = lists_visible_to(request.actor, asked)
    found_page = page_of(found, request, size=ROWS_A_PAGE, total=found.count())
    context = {
        "rows": [(row, row.seat_id == request.actor.seat_id) for row in found_page.rows],
        "pager": Pager(
            found_page.number, found_page.page_count, found_page.total or 0, found_page.first, found_page.last
        ),
        "chips": _chips(request, asked),
        "text": asked.text,
        "is_narrowed": bool(asked.text or asked.whose),
        "fault": fault,
        "typed": typed,
        "source": request.POST.get("source", ""),
        "most_name": MOST_NAME,
        "key": uuid7().hex,
    }
    return shown(request, "storefront/lists.html", context, at="lists", status=422 if fault else 200)


def _chips(request: SignedInRequest, asked: ListFilter) -> list[Chip]:
    choices = (("", _("All lists")), ("own", _("My lists")), ("shared", _("Shared by colleagues")))
    return [Chip(word, link_with(request, whose=value or None), asked.whose == value) for value, word in choices]


def _made(request: SignedInRequest, name: str) -> HttpResponse:
    lines = _lines_of(request.actor, request.POST.get("source", ""))
    command = MakeList(name, lines, is_shared=request.POST.get("is_shared") == "on")
    row = make_list(actor=request.actor, command=command)
    messages.success(request, _("The list “%(name)s” is kept.") % {"name": row.name})
    return redirect("storefront:list", list_id=row.pk)


def _lines_of(actor: Actor, source: str) -> tuple[CartLine, ...]:
    """What a new list begins with: ``cart``, ``order:<number>`` or ``list:<id>``; anything else is empty."""
    kind, _colon, name = source.partition(":")
    if kind == "cart":
        return tuple(CartLine(item.sku_code, item.quantity, item.unit) for item in cart_of(actor).items)
    if kind == "order":
        bought = order_detail(actor=actor, number=name[:40]).bought
        return tuple(CartLine(line.sku_code, line.quantity, Unit(line.unit)) for line in bought)
    if kind == "list" and name.isascii() and name.isdigit() and len(name) < 18:
        kept = list_detail(actor, int(name)).lines
        return tuple(CartLine(line.sku_code, line.quantity, line.unit) for line in kept)
    return ()


@page(permission=Permission.PLACE, side=Side.DEALER, methods=("GET", "POST"))
def shopping_list(request: SignedInRequest, list_id: int) -> HttpResponse:
    """One list with today's prices and stock; its owner renames and shares it here."""
    detail = list_detail(request.actor, list_id)
    if request.method == "POST":
        try:
            return _changed(request, detail)
        except DomainError as refusal:
            return _list_shown(request, detail, fault=why(refusal), status=422)
    return _list_shown(request, detail)


def _changed(request: SignedInRequest, detail: ListDetail) -> HttpResponse:
    version = request.POST.get("version", "")
    command = ChangeList(
        detail.row.pk,
        int(version) if version.isascii() and version.isdigit() and len(version) < 9 else 0,
        request.POST.get("name", "")[:200],
        request.POST.get("is_shared") == "on",
    )
    change_list(actor=request.actor, command=command)
    messages.success(request, _("Saved."))
    return redirect("storefront:list", list_id=detail.row.pk)


def _list_shown(request: SignedInRequest, detail: ListDetail, *, fault: str = "", status: int = 200) -> HttpResponse:
    cards = _cards(request.actor, detail)
    coming = coming_of(request.actor, cards)
    rows = [
        Row(line, cards.get(line.sku_code) if line.is_on else None, coming.get((line.sku_code, line.unit)))
        for line in detail.lines
    ]
    ready = [row for row in rows if row.card and row.card.shelf.is_sellable]
    context = {
        "row": detail.row,
        "rows": rows,
        "is_own": detail.is_own,
        "fault": fault,
        "typed": request.POST.get("name", detail.row.name)[:200],
        "ready": len(ready),
        "total": _total(ready),
        "currency": ready[0].card.shelf.currency if ready and ready[0].card else "",
        "most_name": MOST_NAME,
        "key": uuid7().hex,
        "crumbs": [Crumb(_("Shopping lists"), reverse("storefront:lists")), Crumb(detail.row.name)],
    }
    return shown(request, "storefront/list.html", context, at="lists", status=status)


def _cards(actor: Actor, detail: ListDetail) -> dict[str, Card]:
    codes = sorted({line.sku_code for line in detail.lines})
    if not codes or not actor.can(PricePermission.READ):
        return {}
    buyer = trading_dealer(buyer_id=actor.dealer_id, seller_id=None, day=clock.business_day())
    found = shelf_cards(actor=actor, sku_codes=codes, buyer=buyer)
    return {card.shelf.sku_code: card for card in cards_of(found, Cart(), badges_of(actor, found, buyer=buyer))}


def _total(rows: list[Row]) -> int | None:
    """What the list comes to today in minor units; None where a price is not to be seen or of another unit."""
    amounts = [row.amount for row in rows]
    return None if None in amounts else sum(amount or 0 for amount in amounts)


@page(permission=Permission.PLACE, side=Side.DEALER, methods=("POST",), back="storefront:list")
def list_line(request: SignedInRequest, list_id: int) -> HttpResponse:
    """Set one line's quantity; 0 takes it out."""
    unit = unit_of(request.POST.get("unit", ""))
    try:
        quantity = quantity_of(request.POST.get("quantity", ""))
        line = CartLine(request.POST.get("sku", "")[:48], quantity, unit)
        put_in_list(actor=request.actor, list_id=list_id, lines=(line,))
    except Missing:
        raise
    except DomainError as refusal:
        return _list_shown(request, list_detail(request.actor, list_id), fault=why(refusal), status=422)
    return redirect("storefront:list", list_id=list_id)


@page(permission=Permission.PLACE, side=Side.DEALER, methods=("POST",), back="storefront:list")
def order_list(request: SignedInRequest, list_id: int) -> HttpResponse:
    """Put the list into the cart, on top of what lies there; the same page sent twice does it once."""
    try:
        used = used_once(request, list_id)
    except Missing:
        raise
    except DomainError as refusal:
        return _list_shown(request, list_detail(request.actor, list_id), fault=why(refusal), status=422)
    if used is None:
        messages.info(request, _("These lines had arrived already; nothing was added twice."))
        return redirect("storefront:pad")
    count, left_out = used
    told = ngettext("%(n)s line lies in your cart.", "%(n)s lines lie in your cart.", count) % {"n": count}
    messages.success(request, told)
    if left_out:
        names = {"names": "、".join(left_out[:5])}
        messages.warning(request, _("Left out, no longer on the shelf: %(names)s.") % names)
    return redirect("storefront:pad")


def used_once(request: SignedInRequest, list_id: int) -> tuple[int, tuple[str, ...]] | None:
    """Lines in the cart and names left out; None where it was answered before under its key.

    Raises what ``use_list`` and ``idempotency.claim`` raise.
    """
    key = request.POST.get("key", "")
    if not key:
        cart, left_out = use_list(actor=request.actor, list_id=list_id)
        return len(cart.items), left_out
    claim = Claim.of(actor=request.actor, method="POST", route=request.path, key=key, body=b"")
    with idempotency.answering(claim) as asked:
        if asked.given is not None:
            return None
        cart, left_out = use_list(actor=request.actor, list_id=list_id)
        asked.answer(status=200, body=len(cart.items))
    return len(cart.items), left_out


@page(permission=Permission.PLACE, side=Side.DEALER, methods=("POST",), back="storefront:list")
def remove_list(request: SignedInRequest, list_id: int) -> HttpResponse:
    """Delete a list of one's own."""
    delete_list(actor=request.actor, list_id=list_id)
    messages.success(request, _("The list is deleted."))
    return redirect("storefront:lists")


@page(permission=Permission.PLACE, side=Side.DEALER, methods=("POST",), back="storefront:lists")
def add_to_list(request: SignedInRequest) -> HttpResponse:
    """Put one product on a list of one's own from its page, and stay there."""
    sku = request.POST.get("sku", "")[:48]
    chosen = request.POST.get("list", "")
    if not (chosen.isascii() and chosen.isdigit() and len(chosen) < 18):
        raise Missing
    unit = unit_of(request.POST.get("unit", ""))
    quantity = max(1, quantity_of(request.POST.get("quantity", "")))
    row = put_in_list(actor=request.actor, list_id=int(chosen), lines=(CartLine(sku, quantity, unit),))
    messages.success(request, _("It is on the list “%(name)s” now.") % {"name": row.name})
    return redirect("storefront:product", code=sku)


def own_lists(actor: Actor) -> list[tuple[int, str]]:
    """Ids and names of the seat's own lists, for a choice; one query, none for who keeps no lists."""
    if not actor.can(Permission.PLACE):
        return []
    own = lists_visible_to(actor, ListFilter(whose="own"))
    return list(own.values_list("pk", "name")[:_MOST_CHOICES])
