"""Coupons of a policy, for programs."""

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.idempotency.doors import answered_once
from core.web.api import actor_of
from core.web.bodies import Body, body_of
from core.web.openapi import AFTER, FLAG, INSTANT, LIMIT, TEXT, WHOLE, described, list_of, maybe, shape, slice_of_items
from core.web.paging import slice_of
from core.web.prints import instant
from core.web.queries import Query
from ordering.promotions import services
from ordering.promotions.models import Coupon
from ordering.promotions.selectors import coupons_visible_to
from ordering.promotions.services import CouponAsk
from ordering.promotions.services.coupons import MOST_COUPONS

Print = dict[str, Any]
_FACTS = ("id", "code", "dealer__code", "most_uses", "most_each", "used", "ends_at", "is_withdrawn")
_COUPON = shape(
    {
        "code": TEXT,
        "dealer": {**maybe(TEXT), "description": "Whom it is for; null: whoever names it."},
        "most_uses": {**maybe(WHOLE), "description": "Orders in all; null: as often as wished."},
        "most_each": {**maybe(WHOLE), "description": "Orders of one dealer."},
        "used": WHOLE,
        "ends_at": maybe(INSTANT),
        "is_withdrawn": FLAG,
    }
)
_ASK = shape(
    {},
    {
        "code": {**TEXT, "description": "Empty: a random one."},
        "dealer": TEXT,
        "most_uses": maybe(WHOLE),
        "most_each": maybe(WHOLE),
        "ends_at": maybe(INSTANT),
    },
)


class Coupons(APIView):
    """The coupons of one policy."""

    @described(
        "Coupons of a promotion policy",
        answer=slice_of_items(_COUPON),
        refusals=(404, 422),
        parameters=[AFTER, LIMIT],
    )
    def get(self, request: Request, code: str) -> Response:
        """A slice, the newest first."""
        actor, asked = actor_of(request), Query(request)
        asked.finish("after", "limit")
        found = slice_of(coupons_visible_to(actor, code).values(*_FACTS), request._request, order=("-id",))
        return Response({"items": list(map(_row, found.rows)), "next": found.next_cursor or None})

    @described(
        "Give coupons of a promotion policy",
        status=201,
        answer=shape({"items": list_of(_COUPON)}),
        body=shape({"coupons": list_of(_ASK)}),
        refusals=(404, 409),
        needs_key=True,
    )
    def post(self, request: Request, code: str) -> Response:
        """Codes of one's own or random ones; faults by line."""
        actor, body = actor_of(request), body_of(request)
        asked = tuple(_ask(one) for one in body.objects("coupons", most=MOST_COUPONS))
        body.finish()

        def give() -> Print:
            made = services.give_coupons(actor=actor, policy_code=code, coupons=asked)
            dealers = [ask.dealer_code or None for ask in asked]
            return {"items": [_made(row, dealer) for row, dealer in zip(made, dealers, strict=True)]}

        return answered_once(request, give, status=201)


class CouponWithdrawal(APIView):
    """A coupon nobody may use any more."""

    @described(
        "Withdraw a coupon",
        answer=shape({"code": TEXT, "is_withdrawn": FLAG}),
        body=shape({}),
        refusals=(404,),
        needs_key=True,
    )
    def post(self, request: Request, coupon: str) -> Response:
        """Orders it helped stay as they are."""
        actor, body = actor_of(request), body_of(request)
        body.finish()

        def withdraw() -> Print:
            row = services.withdraw_coupon(actor=actor, code=coupon)
            return {"code": row.code, "is_withdrawn": row.is_withdrawn}

        return answered_once(request, withdraw)


def _ask(one: Body) -> CouponAsk:
    asked = CouponAsk(
        code=one.text("code", most=30),
        dealer_code=one.text("dealer", most=20),
        most_uses=one.whole("most_uses", is_needed=False),
        most_each=one.whole("most_each", is_needed=False),
        ends_at=one.instant("ends_at"),
    )
    one.close()
    return asked


def _made(row: Coupon, dealer: str | None) -> Print:
    return _row({**{name: getattr(row, name) for name in _FACTS if name != "dealer__code"}, "dealer__code": dealer})


def _row(row: Print) -> Print:
    return {
        "code": row["code"],
        "dealer": row["dealer__code"],
        "most_uses": row["most_uses"],
        "most_each": row["most_each"],
        "used": row["used"],
        "ends_at": instant(row["ends_at"]),
        "is_withdrawn": row["is_withdrawn"],
    }
