"""Asking what an order would cost and what stands in its way, without placing it."""

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.web.api import actor_of
from core.web.bodies import FieldUnknown, body_of
from ordering.orders.api.orders import lines_of, wishes_of
from ordering.orders.api.prints import checked, checked_text
from ordering.orders.api.schemas import CHECK
from ordering.orders.rules.checks import AskedLine
from ordering.orders.selectors import check_lines, check_text

LONGEST_TEXT = 200_000


class OrderChecks(APIView):
    """A question, not an act: nothing is written, no key is needed."""

    @CHECK
    def post(self, request: Request) -> Response:
        """Price and check lines, or a block as somebody pasted it."""
        actor, body = actor_of(request), body_of(request)
        is_text = body.has("text")
        if is_text and (body.has("lines") or body.has("seller")):
            body.note(FieldUnknown(field="text"))
        text = body.text("text", most=LONGEST_TEXT) if is_text else ""
        lines = () if is_text else lines_of(body)
        buyer_code = body.text("buyer", most=40) or None
        seller_code = body.text("seller", most=20) or None
        address_id = body.whole("address_id", is_needed=False)
        wishes = wishes_of(body)
        body.finish()
        if is_text:
            return Response(
                checked_text(
                    check_text(actor=actor, text=text, buyer_code=buyer_code, address_id=address_id, wishes=wishes)
                )
            )
        asked = [AskedLine(place, line.sku_code, line.quantity, line.unit) for place, line in enumerate(lines, start=1)]
        found = check_lines(
            actor=actor,
            lines=asked,
            buyer_code=buyer_code,
            seller_code=seller_code,
            address_id=address_id,
            wishes=wishes,
        )
        return Response(checked(found))
