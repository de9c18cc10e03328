"""What becomes of an order: amendment, approval, rejection, cancellation. Each is a resource that is posted once."""

from dataclasses import replace
from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.idempotency.doors import answered_once
from core.web.api import actor_of
from core.web.bodies import Body, body_of
from ordering.orders.api.orders import amounts_of, coupons_of, lines_of
from ordering.orders.api.prints import amended, state
from ordering.orders.api.schemas import AMEND, APPROVE, CANCEL, REJECT
from ordering.orders.selectors.amending import wishes_of
from ordering.orders.services import (
    STAYS,
    AmendOrder,
    Approve,
    Cancel,
    Reject,
    amend_order,
    approve,
    cancel,
    reject,
)

LONGEST_REASON = 200


class Amendment(APIView):
    """Another order under the same number, before it is approved."""

    @AMEND
    def post(self, request: Request, number: str) -> Response:
        """Say anew what is ordered; what the body leaves out stays. All lines are sent."""
        actor, body = actor_of(request), body_of(request)
        amounts, currency = amounts_of(body, "expected_total", "rebate")
        command = AmendOrder(
            number=number,
            version=body.number("version"),
            lines=lines_of(body),
            reason=body.text("reason", most=LONGEST_REASON),
            address_id=body.whole("address_id", is_needed=False),
            wished_on=body.day("wished_on") if body.has("wished_on") else STAYS,
            note=body.text("note", most=500) if body.has("note") else STAYS,
            buyer_reference=body.text("reference", most=60) if body.has("reference") else STAYS,
            expected_total=amounts["expected_total"],
            currency=currency,
        )
        wishes = _wishes(body, amounts["rebate"], currency)
        body.finish()
        if wishes:
            command = replace(command, wishes=replace(wishes_of(actor, number), **wishes))
        return answered_once(request, lambda: amended(amend_order(actor=actor, command=command)))


def _wishes(body: Body, rebate: int | None, currency: str) -> dict[str, Any]:
    """What the body says about policies, by name; what it leaves out stays."""
    said: dict[str, Any] = {}
    if body.has("coupons"):
        said["coupons"] = coupons_of(body)
    if body.has("rebate"):
        said |= {"rebate": rebate, "currency": currency}
    if body.has("without_gifts"):
        said["without_gifts"] = body.flag("without_gifts")
    return said


class Approval(APIView):
    """The seller's yes."""

    @APPROVE
    def post(self, request: Request, number: str) -> Response:
        """Approve a waiting order."""
        actor, body = actor_of(request), body_of(request)
        command = Approve(number, body.whole("version", is_needed=False))
        body.finish()
        return answered_once(request, lambda: state(approve(actor=actor, command=command)))


class Rejection(APIView):
    """The seller's no."""

    @REJECT
    def post(self, request: Request, number: str) -> Response:
        """Reject a waiting order, with a reason."""
        actor, body = actor_of(request), body_of(request)
        reason = body.text("reason", most=LONGEST_REASON)
        command = Reject(number, reason, body.whole("version", is_needed=False))
        body.finish()
        return answered_once(request, lambda: state(reject(actor=actor, command=command)))


class Cancellation(APIView):
    """Either side takes the order back while nothing has shipped."""

    @CANCEL
    def post(self, request: Request, number: str) -> Response:
        """Cancel an order."""
        actor, body = actor_of(request), body_of(request)
        reason = body.text("reason", most=LONGEST_REASON)
        command = Cancel(number, reason, body.whole("version", is_needed=False))
        body.finish()
        return answered_once(request, lambda: state(cancel(actor=actor, command=command)))
