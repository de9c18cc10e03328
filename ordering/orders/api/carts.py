"""The cart of the caller's seat with the house that supplies it."""

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.idempotency.doors import answered_once
from core.web.api import actor_of
from core.web.bodies import Body, body_of
from ordering.orders.api.orders import lines_of
from ordering.orders.api.prints import cart
from ordering.orders.api.schemas import ADD_TO_CART, READ_CART, SAVE_CART
from ordering.orders.selectors import cart_of
from ordering.orders.services import AddToCart, CartLine, SaveCart, add_to_cart, save_cart


class CartDoor(APIView):
    """The whole cart."""

    @READ_CART
    def get(self, request: Request) -> Response:
        """What lies in it."""
        return Response(cart(cart_of(actor_of(request))))

    @SAVE_CART
    def put(self, request: Request) -> Response:
        """Let it hold exactly these lines; none empties it."""
        actor, body = actor_of(request), body_of(request)
        command = SaveCart(_lines(body), body.text("note", most=500), body.whole("version", is_needed=False))
        body.finish()
        return Response(cart(save_cart(actor=actor, command=command)))


class CartLines(APIView):
    """Lines put on top of what lies there."""

    @ADD_TO_CART
    def post(self, request: Request) -> Response:
        """Add lines; the same SKU in the same unit adds up."""
        actor, body = actor_of(request), body_of(request)
        command = AddToCart(_lines(body))
        body.finish()
        return answered_once(request, lambda: cart(add_to_cart(actor=actor, command=command)))


def _lines(body: Body) -> tuple[CartLine, ...]:
    return tuple(CartLine(line.sku_code, line.quantity, line.unit) for line in lines_of(body))
