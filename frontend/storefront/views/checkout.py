"""Checkout: where to, when, how it is paid, why each price; one button. The same request twice is one order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from billing.ledger.errors import CreditExhausted
from core.catalogue.selectors.known import known_skus
from core.idempotency import services as idempotency
from core.idempotency.rules import Claim
from core.kernel import clock
from core.kernel.actor import Side
from core.kernel.errors import DomainError
from core.kernel.ids import uuid7
from core.kernel.text import whole_of
from core.web.doors import page
from core.web.requests import SignedInRequest
from dms.dealers.permissions import Permission as DealerPermission
from dms.dealers.selectors import ShipTo, own_addresses
from frontend.storefront.checkout_forms import CheckoutForm
from frontend.storefront.deals import NO_DEALS, Deals, deals_of, said_of_gifts
from frontend.storefront.faults import Said, said
from frontend.storefront.pad.lines import PadLine, cart_line
from frontend.storefront.pad.reading import OF_THE_TOTAL
from frontend.storefront.paying import paying
from frontend.storefront.refused import Refused, forget, keep, take
from frontend.storefront.seen import changed_since, forget_prices, keep_prices, prices_of, seen_prices
from frontend.storefront.shell import shown
from frontend.storefront.wishes import COUPON_FAULTS, coupon_of, forget_coupons, forget_wishes, taken, wishes_of
from frontend.ui.shapes import Crumb, Way
from ordering.orders.permissions import Permission
from ordering.orders.selectors import Cart, CheckedCart, cart_of, check_lines
from ordering.orders.selectors.funds import payers_of
from ordering.orders.services import PlaceOrder, ask_for_funds, place_order
from ordering.promotions.permissions import Permission as PromotionPermission
from ordering.promotions.selectors import coupons_for

_TYPED_FIELDS = {"wished_on", "note", "buyer_reference"}
"""Fields that show what is wrong with them themselves."""
_WISHED = {"coupon", "rebate"}
"""So do these, in the card of wishes."""
_SHORT = "ledger.credit_exhausted"


@dataclass(frozen=True, slots=True)
class Basket:
    """The cart as checked for an address. ``refused``: coupons that open nothing, which are not kept."""

    cart: Cart
    checked: CheckedCart
    lines: tuple[PadLine, ...]
    deals: Deals = NO_DEALS
    refused: tuple[DomainError, ...] = ()
    address_id: int | None = None

    @property
    def bad_count(self) -> int:
        """Lines that cannot be ordered as they are."""
        return sum(line.is_bad for line in self.lines)

    @property
    def good_count(self) -> int:
        """Lines that can be ordered."""
        return len(self.lines) - self.bad_count

    @property
    def total(self) -> int | None:
        """What the lines that can be ordered cost, minor units; None: not the seat's to see."""
        if not self.checked.is_priced:
            return None
        return sum(line.priced.amount for line in self.checked.lines if line.is_good and line.priced)

    @property
    def tax(self) -> int | None:
        """The tax inside that."""
        if not self.checked.is_priced:
            return None
        return sum(line.priced.tax for line in self.checked.lines if line.is_good and line.priced)


@page(permission=Permission.PLACE, side=Side.DEALER, methods=("GET", "POST"))
def checkout(request: SignedInRequest) -> HttpResponse:
    """Show it, or place the order."""
    addresses = own_addresses(request.actor)
    if request.method == "POST":
        return _placed(request, addresses)
    was = None if request.htmx else take(request)
    chosen = request.GET.get("address") or str((was and was.address_id) or "")
    address_id = _address_of(chosen, addresses)
    basket = _basket(request, address_id)
    if not basket.cart.items:
        return _nothing_left(request, was)
    if request.htmx:
        typed = Refused(request.GET.dict(), is_order=False)
        return render(request, "storefront/parts/checkout_lines_reply.html", _basket_context(request, basket, typed))
    if was is not None:
        return _shown_again(request, was, addresses, basket, address_id)
    first = {
        "key": uuid7().hex,
        "mark": basket.cart.mark,
        "expected_total": basket.total,
        "address": address_id,
        "prices": prices_of(basket.lines),
    }
    return _page(request, CheckoutForm(initial=first), addresses, basket, address_id=address_id)


@page(permission=Permission.PLACE, side=Side.DEALER, methods=("POST",), back="storefront:checkout")
def ask_for_money(request: SignedInRequest) -> HttpResponse:
    """Ask the house's finance people for what the account lacks; the cart stays. Once for one sum of one cart."""
    mark, shown_sum = cart_of(request.actor).mark or "empty", whole_of(request.POST.get("missing", "")) or 0
    address_id = _address_of(request.POST.get("address", ""), own_addresses(request.actor))
    key = f"{mark}:{shown_sum}:{address_id}"
    claim = Claim.of(actor=request.actor, method="POST", route=request.path, key=key, body=b"")
    try:
        with idempotency.answering(claim) as asked:
            if asked.given is None:
                wishes = wishes_of(request)
                missing = ask_for_funds(actor=request.actor, wishes=wishes, address_id=address_id)
                asked.answer(status=200, body=missing)
    except DomainError as refusal:
        messages.info(request, said(refusal).text)
        return redirect("storefront:checkout")
    messages.success(request, _("Your colleagues in finance have been told. The order stays in your cart."))
    return redirect("storefront:checkout")


def _placed(request: SignedInRequest, addresses: Sequence[ShipTo]) -> HttpResponse:
    form = CheckoutForm(request.POST.dict())
    address_id = _address_of(request.POST.get("address", ""), addresses)
    is_news, unread = taken(request)
    if is_news:
        keep(request, Refused(request.POST.dict(), address_id, unread, is_news=True))
        return redirect(f"{reverse('storefront:checkout')}#checkout-wishes")
    if not form.is_valid():
        return _again(request, form, address_id, ())
    try:
        number = _place(request, form.cleaned_data, address_id)
    except DomainError as refusal:
        if any(fault.code == "order.cart_empty" for fault in refusal.problems()):
            forget(request)
            messages.info(request, said(refusal).text)
            return redirect("storefront:orders")
        return _again(request, form, address_id, refusal.problems())
    forget(request)
    forget_prices(request)
    forget_wishes(request)
    messages.success(request, _("Order %(number)s has been placed.") % {"number": number})
    return redirect("storefront:order", number=number)


def _place(request: SignedInRequest, given: dict[str, object], address_id: int | None) -> str:
    """The number of the order; of the one placed before when the key was used before."""
    key, wishes = str(given["key"]), wishes_of(request)
    claim = Claim.of(actor=request.actor, method="POST", route=request.path, key=key, body=key.encode())
    command = PlaceOrder(
        address_id=address_id,
        wished_on=given["wished_on"],  # type: ignore[arg-type]  # the form's field makes it a date or None
        note=str(given["note"]),
        buyer_reference=str(given["buyer_reference"]),
        expected_total=whole_of(str(given["expected_total"])),
        cart_mark=str(given["mark"]) or None,
        coupons=wishes.coupons,
        rebate=wishes.rebate,
        without_gifts=wishes.without_gifts,
    )
    with idempotency.answering(claim) as asked:
        if asked.given is not None:
            return str(asked.given.body["number"])
        order = place_order(actor=request.actor, command=command)
        asked.answer(status=201, body={"number": order.number})
    return order.number


def _again(
    request: SignedInRequest, form: CheckoutForm, address_id: int | None, faults: Sequence[DomainError]
) -> HttpResponse:
    """Refused: back to the page by its own address, so that reloading or going back never sends the form again."""
    whole = tuple(said(fault) for fault in faults if fault.line is None)
    keep(request, Refused(dict(form.data), address_id, whole))
    keep_prices(request, form.data.get("prices", ""))
    return redirect("storefront:checkout")


def _nothing_left(request: SignedInRequest, was: Refused | None) -> HttpResponse:
    """The cart is empty: to the pad, or to the orders when one was just tried."""
    forget(request)
    if was is None:
        messages.info(request, _("The cart is empty."))
        return redirect("storefront:pad")
    messages.info(request, _("The cart is empty. It may have been ordered already; look at your orders."))
    return redirect("storefront:orders")


def _shown_again(
    request: SignedInRequest, was: Refused, addresses: Sequence[ShipTo], basket: Basket, address_id: int | None
) -> HttpResponse:
    """The page with everything typed, what is wrong at its line, the new total to agree to."""
    form = CheckoutForm(
        {
            **was.typed,
            "key": uuid7().hex,
            "mark": basket.cart.mark,
            "expected_total": "" if basket.total is None else str(basket.total),
            "prices": prices_of(basket.lines),
        }
    )
    form.is_valid()
    for fault in was.faults:
        if fault.field in _TYPED_FIELDS:
            form.add_error(fault.field, fault.text)
    if was.is_news and not was.faults and not basket.refused:
        messages.info(request, _("The coupon or rebate you typed counts now. Look at the total, then place the order."))
    return _page(request, form, addresses, basket, address_id=address_id, was=was)


def _sort(fault: Said) -> tuple[str, str]:
    """What makes two refusals the same; of licences each one is its own."""
    return (fault.code, fault.text if fault.code == "order.licence" else "")


def _page(
    request: SignedInRequest,
    form: CheckoutForm,
    addresses: Sequence[ShipTo],
    basket: Basket,
    *,
    address_id: int | None,
    was: Refused | None = None,
) -> HttpResponse:
    return shown(
        request,
        "storefront/checkout.html",
        {
            "form": form,
            "addresses": addresses,
            "today": clock.business_day(zone=request.brand.time_zone),
            "is_refused": was is not None and was.is_refused,
            "until": _kept_until(basket.checked),
            "may_add_address": request.actor.can(DealerPermission.EDIT_OWN),
            "crumbs": [Crumb(_("Quick order"), reverse("storefront:pad")), Crumb(_("Checkout"))],
            **_basket_context(request, basket, was),
        },
        at="pad",
    )


def _kept_until(checked: CheckedCart) -> datetime:
    """Until when goods and prices are kept for an order placed now that has to be approved."""
    return clock.now() + timedelta(hours=checked.approval_hours)


def _told_faults(basket: Basket) -> list[Said]:
    return [said_of_gifts(fault, basket.checked) for fault in _faults_of(basket)]


def _faults_of(basket: Basket) -> list[DomainError]:
    """What stands in the way as a whole. With lines that will be left out, the sum is judged without them."""
    if not basket.bad_count:
        return list(basket.checked.faults)
    faults = [fault for fault in basket.checked.faults if fault.code not in OF_THE_TOTAL]
    available, total, currency = basket.checked.available, basket.total, basket.checked.priced.currency
    if available is not None and total is not None and total > available:
        faults.append(CreditExhausted(wanted=total, available=max(0, available), currency=currency))
    return faults


def _basket_context(request: SignedInRequest, basket: Basket, was: Refused | None = None) -> dict[str, object]:
    """All that depends on the address: lines, sums, what pays, what stands in the way."""
    changed = changed_since(basket.lines, seen_prices(request)) if basket.checked.is_priced else {}
    money = paying(request.actor, basket.total or 0)
    told = was.faults if was else ()
    known = {_sort(fault): fault for fault in (*_told_faults(basket), *told)}
    at_field = {one for one in known.values() if one.field in _TYPED_FIELDS or (one in told and one.field in _WISHED)}
    own = [one for one in known.values() if one not in at_field and not (money.missing and one.code == _SHORT)]
    return {
        "basket": basket,
        "rows": [(line, changed.get(line.dom_id)) for line in basket.lines],
        "changed": len(changed),
        "checked": basket.checked,
        "priced": basket.checked.priced,
        "prices": prices_of(basket.lines),
        "faults": own,
        "money": money,
        "may_ask": bool(money.missing) and bool(payers_of(request.actor.dealer_id, but=request.actor.seat_id)),
        "address_id": basket.address_id,
        "cart_count": len(basket.lines),
        **_wishes_context(request, basket, was),
    }


def _wishes_context(request: SignedInRequest, basket: Basket, was: Refused | None) -> dict[str, object]:
    """What the buyer may say about promotions; coupons stand open where one is known to open something."""
    wishes = wishes_of(request)
    may_read = request.actor.can(PromotionPermission.READ)
    held = [one for one in coupons_for(request.actor) if one.code not in wishes.coupons] if may_read else []
    needs = any(terms.needs_coupon for terms in basket.checked.evaluated.live.terms.values())
    typed, unread = (was.typed, was.faults) if was else ({}, ())
    coupon = typed.get("coupon", "") if coupon_of(typed.get("coupon", "")) not in wishes.coupons else ""
    wrong = [_as_typed(fault, coupon) for fault in basket.refused]
    wrong += [fault.text for fault in unread if fault.field == "coupon"]
    return {
        "wishes": wishes,
        "held": held,
        "has_coupons": bool(needs or held or wishes.coupons or coupon),
        "coupon": coupon,
        "coupon_errors": wrong,
        "rebate": _rebate_typed(typed, unread),
        "rebate_errors": [fault.text for fault in unread if fault.field == "rebate"],
    }


def _as_typed(fault: DomainError, typed: str) -> str:
    """The refusal of a coupon, speaking of it as somebody typed it."""
    if coupon_of(typed) != fault.fields.get("coupon"):
        return said(fault).text
    again = DomainError(fault.text, code=fault.code, kind=fault.kind)
    again.fields = {**fault.fields, "coupon": typed}
    return said(again).text


def _rebate_typed(typed: Mapping[str, str], unread: Sequence[Said]) -> str | None:
    """What stands in the field of the rebate and is no wish yet; None: what the order uses."""
    is_wrong = any(fault.field == "rebate" for fault in unread)
    is_waiting = "rebate_shown" in typed and typed.get("rebate", "") != typed["rebate_shown"]
    return typed.get("rebate", "") if is_wrong or is_waiting else None


def _basket(request: SignedInRequest, address_id: int | None) -> Basket:
    actor, cart = request.actor, cart_of(request.actor)
    checked = check_lines(actor=actor, lines=cart.asked(), address_id=address_id, wishes=wishes_of(request))
    checked = checked.only([line.line_no for line in checked.lines if line.is_good])
    refused = tuple(fault for fault in checked.faults if fault.code in COUPON_FAULTS)
    if refused:
        forget_coupons(request, {str(fault.fields["coupon"]) for fault in refused})
        checked = replace(checked, faults=tuple(fault for fault in checked.faults if fault not in refused))
    found = known_skus(actor, [item.sku_code for item in cart.items])
    currency = checked.priced.currency
    lines = []
    for number, (item, one) in enumerate(zip(cart.items, checked.lines, strict=True), start=1):
        known = found.get(item.sku_code)
        line = cart_line(number, item, one, known, currency=currency, is_priced=checked.is_priced)
        lines.append(replace(line, ways=tuple(map(_and_back, line.ways))))
    return Basket(cart, checked, tuple(lines), deals_of(actor, checked, lines, back="checkout"), refused, address_id)


def _and_back(way: Way) -> Way:
    """Mended here, the buyer stays here."""
    return replace(way, fields=(*way.fields, ("back", "checkout"))) if way.method == "post" else way


def _address_of(given: str, addresses: Sequence[ShipTo]) -> int | None:
    """The chosen address, else the default one, else the first; None where the dealer has none."""
    chosen = whole_of(given)
    if any(one.id == chosen for one in addresses):
        return chosen
    default = next((one for one in addresses if one.is_default), addresses[0] if addresses else None)
    return default.id if default else None
