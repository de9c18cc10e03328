"""What the buyer says about promotions on the way to an order, kept in the session until it is placed."""

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from core.kernel.errors import DomainError
from core.kernel.money import MINOR_DIGITS, Money
from core.kernel.text import normalised
from core.web.requests import SignedInRequest
from frontend.storefront.faults import Said
from frontend.ui.wishing import MOST_COUPONS
from ordering.orders.rules.evaluating import NO_WISHES, Wishes

_MOST_CODE = 30
COUPON_FAULTS = frozenset({"coupon.unknown", "coupon.over", "coupon.used_up"})
"""Refusals of a coupon that opens nothing."""


def wishes_of(request: SignedInRequest) -> Wishes:
    """Coupons, how much the rebate pool shall pay, whether gifts are left out."""
    row: dict[str, Any] | None = request.session.get(_key(request))
    if not row:
        return NO_WISHES
    return Wishes(tuple(row["coupons"]), row["rebate"], row["without_gifts"])


def keep_wishes(request: SignedInRequest, wishes: Wishes) -> None:
    """Keep them for the pages that follow."""
    request.session[_key(request)] = {
        "coupons": list(wishes.coupons),
        "rebate": wishes.rebate,
        "without_gifts": wishes.without_gifts,
    }


def forget_wishes(request: SignedInRequest) -> None:
    """The order is placed, or there is nothing left to order."""
    request.session.pop(_key(request), None)


def forget_coupons(request: SignedInRequest, codes: Collection[str]) -> None:
    """Coupons that open nothing are not kept: they would stand in the way of every order."""
    if codes:
        wishes = wishes_of(request)
        keep_wishes(request, replace(wishes, coupons=tuple(code for code in wishes.coupons if code not in codes)))


def coupon_of(text: str) -> str:
    """A coupon's code as somebody typed it."""
    return normalised(text).upper()[:_MOST_CODE]


def with_coupon(wishes: Wishes, text: str) -> Wishes:
    """With the coupon somebody typed, the same where nothing was. Raises ``ValidationError`` above ``MOST_COUPONS``."""
    code = coupon_of(text)
    if not code or code in wishes.coupons:
        return wishes
    if len(wishes.coupons) >= MOST_COUPONS:
        words = _("One order takes at most %(most)s coupons. Take one of them back first.") % {"most": MOST_COUPONS}
        raise ValidationError(words, code="coupon")
    return replace(wishes, coupons=(*wishes.coupons, code))


def with_rebate(wishes: Wishes, text: str, currency: str) -> Wishes:
    """The pool pays what somebody typed; nothing: as much as it may. Raises ``ValidationError``."""
    typed = normalised(text)
    if not typed:
        return replace(wishes, rebate=None)
    try:
        amount = Money.parse(typed, currency if currency in MINOR_DIGITS else "CNY").amount
    except DomainError:
        amount = -1
    if amount < 0:
        raise ValidationError(_("“%(value)s” is no amount.") % {"value": typed[:40]}, code="rebate")
    return replace(wishes, rebate=amount)


def said_of(fault: ValidationError) -> Said:
    """What cannot be read, at the field it was typed into."""
    field = str(getattr(fault, "code", "") or "")
    return Said(f"wish.{field}", fault.messages[0], field)


def take_typed(request: SignedInRequest, *, but: str = "") -> bool:
    """Keep a coupon or an amount that stands in its field and was not used yet; whether there was one.

    ``but`` names the field somebody has just spoken for. Raises ``ValidationError`` for what cannot be read.
    """
    posted, was = request.POST, wishes_of(request)
    wishes = was if but == "coupon" else with_coupon(was, posted.get("coupon", ""))
    typed, shown = normalised(posted.get("rebate", "")), posted.get("rebate_shown", "")
    says_rebate = but != "rebate" and "rebate" in posted and typed != shown
    if says_rebate:
        wishes = with_rebate(wishes, typed, posted.get("currency", ""))
    if wishes != was:
        keep_wishes(request, wishes)
    return says_rebate or wishes != was


def taken(request: SignedInRequest) -> tuple[bool, tuple[Said, ...]]:
    """Whether the page has to be shown again before anything is ordered, since something typed makes another total;
    and what of it cannot be read.
    """
    try:
        return take_typed(request), ()
    except ValidationError as fault:
        return True, (said_of(fault),)


def _key(request: SignedInRequest) -> str:
    return f"wishes:{request.actor.seat_id}"
