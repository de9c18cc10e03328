"""The buyer's word on promotions at the checkout: a coupon, how much the pool pays, gifts or none."""

from dataclasses import replace

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from core.kernel.actor import Side
from core.kernel.errors import DomainError
from core.kernel.money import MINOR_DIGITS, Money
from core.kernel.text import normalised, whole_of
from core.web.doors import page
from core.web.requests import SignedInRequest
from frontend.storefront.refused import Refused, keep
from frontend.storefront.wishes import coupon_of, keep_wishes, wishes_of
from ordering.orders.permissions import Permission
from ordering.orders.rules.evaluating import Wishes


@page(permission=Permission.PLACE, side=Side.DEALER, methods=("POST",), back="storefront:checkout")
def wish(request: SignedInRequest) -> HttpResponse:
    """Keep it, and with it whatever was typed at the checkout; nothing is ordered."""
    what, _colon, value = request.POST.get("wish", "").partition(":")
    wishes = _wished(request, wishes_of(request), what, value)
    if wishes is not None:
        keep_wishes(request, wishes)
    keep(request, Refused(request.POST.dict(), whole_of(request.POST.get("address", "")), is_told=True))
    return redirect("storefront:checkout")


def _wished(request: SignedInRequest, wishes: Wishes, what: str, value: str) -> Wishes | None:
    """The wishes as they stand then; None where nothing was said, or nothing that can be read."""
    if what == "coupon":
        code = coupon_of(value or request.POST.get("coupon", ""))
        return replace(wishes, coupons=tuple(dict.fromkeys((*wishes.coupons, code)))) if code else None
    if what == "drop":
        return replace(wishes, coupons=tuple(code for code in wishes.coupons if code != value))
    if what == "gifts":
        return replace(wishes, without_gifts=value == "none")
    if what == "rebate":
        return _rebate(request, wishes, value)
    return None


def _rebate(request: SignedInRequest, wishes: Wishes, value: str) -> Wishes | None:
    typed, currency = normalised(request.POST.get("rebate", "")), request.POST.get("currency", "")
    if value == "all" or not typed:
        return replace(wishes, rebate=None)
    try:
        amount = Money.parse("0" if value == "none" else typed, currency if currency in MINOR_DIGITS else "CNY").amount
    except DomainError:
        amount = -1
    if amount < 0:
        messages.error(request, _("“%(value)s” is no amount.") % {"value": typed[:40]})
        return None
    return replace(wishes, rebate=amount)
