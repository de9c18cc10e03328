"""What the buyer says about promotions on the way to an order, kept in the session until it is placed."""

from typing import Any

from core.kernel.text import normalised
from core.web.requests import SignedInRequest
from ordering.orders.rules.evaluating import NO_WISHES, Wishes

MOST_COUPONS = 10
_MOST_CODE = 30


def wishes_of(request: SignedInRequest) -> Wishes:
    """Coupons, how much the rebate pool shall pay, whether gifts are left out."""
    row: dict[str, Any] | None = request.session.get(_key(request))
    if not row:
        return NO_WISHES
    return Wishes(tuple(row["coupons"]), row["rebate"], row["without_gifts"])


def keep_wishes(request: SignedInRequest, wishes: Wishes) -> None:
    """Keep them for the pages that follow."""
    request.session[_key(request)] = {
        "coupons": list(wishes.coupons)[:MOST_COUPONS],
        "rebate": wishes.rebate,
        "without_gifts": wishes.without_gifts,
    }


def forget_wishes(request: SignedInRequest) -> None:
    """The order is placed, or there is nothing left to order."""
    request.session.pop(_key(request), None)


def coupon_of(text: str) -> str:
    """A coupon's code as somebody typed it."""
    return normalised(text).upper()[:_MOST_CODE]


def _key(request: SignedInRequest) -> str:
    return f"wishes:{request.actor.seat_id}"
