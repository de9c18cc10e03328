"""The buyer's word on promotions at the checkout: a coupon, how much the pool pays, gifts or none."""

from dataclasses import replace

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from core.kernel.actor import Side
from core.kernel.text import whole_of
from core.web.doors import page
from core.web.requests import SignedInRequest
from frontend.storefront.faults import Said
from frontend.storefront.refused import Refused, keep
from frontend.storefront.wishes import keep_wishes, said_of, take_typed, wishes_of, with_coupon, with_rebate
from ordering.orders.permissions import Permission
from ordering.orders.rules.evaluating import Wishes

_FIELDS = {"coupon": "coupon", "drop": "coupon", "rebate": "rebate"}
"""The field each button speaks for; what stands in the other one is taken over beside it."""


@page(permission=Permission.PLACE, side=Side.DEALER, methods=("POST",), back="storefront:checkout")
def wish(request: SignedInRequest) -> HttpResponse:
    """Keep it, and with it whatever was typed at the checkout; nothing is ordered. Back to where it was said."""
    what, _colon, value = request.POST.get("wish", "").partition(":")
    faults: tuple[Said, ...] = ()
    try:
        keep_wishes(request, _wished(request, wishes_of(request), what, value))
        take_typed(request, but=_FIELDS.get(what, ""))
    except ValidationError as fault:
        faults = (said_of(fault),)
    address = whole_of(request.POST.get("address", ""))
    keep(request, Refused(request.POST.dict(), address, faults, is_order=False))
    return redirect(f"{reverse('storefront:checkout')}#checkout-wishes")


def _wished(request: SignedInRequest, wishes: Wishes, what: str, value: str) -> Wishes:
    """The wishes as they stand then. Raises ``ValidationError`` for what cannot be read."""
    if what == "coupon":
        return with_coupon(wishes, value or request.POST.get("coupon", ""))
    if what == "drop":
        return replace(wishes, coupons=tuple(code for code in wishes.coupons if code != value))
    if what == "gifts":
        return replace(wishes, without_gifts=value == "none")
    if what == "rebate":
        typed = {"all": "", "none": "0"}.get(value, request.POST.get("rebate", ""))
        return with_rebate(wishes, typed, request.POST.get("currency", ""))
    return wishes
