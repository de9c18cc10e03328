"""What runs for the caller's house, for programs."""

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.web.api import actor_of
from core.web.openapi import FLAG, INSTANT, MONEY, TEXT, WHOLE, described, list_of, maybe, shape, words
from core.web.prints import instant, maybe_money
from ordering.promotions.rules.terms import KINDS
from ordering.promotions.selectors import Promotion, coupons_for, promotions_for

Print = dict[str, Any]
_PROMOTION = shape(
    {
        "code": TEXT,
        "name": TEXT,
        "kind": words(tuple(KINDS)),
        "headline": TEXT,
        "sentence": TEXT,
        "starts_at": INSTANT,
        "ends_at": INSTANT,
        "is_limited": FLAG,
        "left_amount": {**maybe(MONEY), "description": "Still to be had by this house; null: without limit."},
        "left_bottles": maybe(WHOLE),
        "is_used_up": FLAG,
        "needs_coupon": FLAG,
        "first_order_only": FLAG,
    }
)
_COUPON = shape(
    {
        "code": TEXT,
        "promotion": TEXT,
        "name": TEXT,
        "uses_left": {**maybe(WHOLE), "description": "Null: as often as wished."},
        "ends_at": INSTANT,
    }
)


class Promotions(APIView):
    """What a buyer may have now."""

    @described(
        "Promotions for the caller's house", answer=shape({"items": list_of(_PROMOTION), "coupons": list_of(_COUPON)})
    )
    def get(self, request: Request) -> Response:
        """Of its usual supplier, what ends first first; and coupons the house was given. Nothing for brand staff."""
        actor = actor_of(request)
        coupons = [
            {
                "code": one.code,
                "promotion": one.policy_code,
                "name": one.name,
                "uses_left": one.uses_left,
                "ends_at": instant(one.ends_at),
            }
            for one in coupons_for(actor)
        ]
        return Response({"items": list(map(_row, promotions_for(actor))), "coupons": coupons})


def _row(one: Promotion) -> Print:
    left = one.left
    return {
        "code": one.code,
        "name": one.name,
        "kind": one.terms.kind,
        "headline": one.headline,
        "sentence": one.sentence,
        "starts_at": instant(one.starts_at),
        "ends_at": instant(one.ends_at),
        "is_limited": left is not None,
        "left_amount": maybe_money(None if left is None or left.amount is None else max(left.amount, 0), one.currency),
        "left_bottles": None if left is None or left.bottles is None else max(left.bottles, 0),
        "is_used_up": one.is_used_up,
        "needs_coupon": one.terms.needs_coupon,
        "first_order_only": one.terms.audience.first_order_only,
    }
