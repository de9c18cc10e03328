"""What becomes of an order: approval, rejection, cancellation. Each is a resource of its own that is posted once."""

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.idempotency.doors import answered_once
from core.web.api import actor_of
from core.web.bodies import body_of
from ordering.orders.api.prints import state
from ordering.orders.api.schemas import APPROVE, CANCEL, REJECT
from ordering.orders.services import Approve, Cancel, Reject, approve, cancel, reject

LONGEST_REASON = 200


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
