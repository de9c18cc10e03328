"""Placing orders and reading them."""

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.idempotency.doors import answered_once
from core.kernel.actor import Actor
from core.kernel.money import MINOR_DIGITS
from core.kernel.quantity import Unit
from core.web.api import actor_of
from core.web.bodies import Body, NotAChoice, body_of
from core.web.paging import slice_of
from ordering.orders.api.prints import ROW_FIELDS, placed, row, whole
from ordering.orders.api.queries import filters_of
from ordering.orders.api.schemas import LIST, PLACE, READ
from ordering.orders.rules.checks import MOST_LINES
from ordering.orders.rules.evaluating import Wishes
from ordering.orders.selectors import order_detail, orders_matching
from ordering.orders.selectors.sight import may_see_price
from ordering.orders.services import OrderedLine, PlacedOrder, PlaceOrder, place_order

MOST_COUPONS = 10
NEWEST_FIRST = ("-submitted_at", "-id")


class Orders(APIView):
    """Every order the caller's house buys or sells."""

    @LIST
    def get(self, request: Request) -> Response:
        """A slice of the orders that match, the newest first."""
        actor = actor_of(request)
        rows = orders_matching(actor=actor, filters=filters_of(request)).values(*ROW_FIELDS)
        found = slice_of(rows, request._request, order=NEWEST_FIRST)
        items = [row(order, is_priced=may_see_price(actor, order["buyer_id"])) for order in found.rows]
        return Response({"items": items, "next": found.next_cursor or None})

    @PLACE
    def post(self, request: Request) -> Response:
        """Place an order: from lines, or from the cart where none are sent."""
        actor, command = actor_of(request), command_of(body_of(request))
        return answered_once(
            request,
            lambda: placed(_place(actor, command), is_priced=may_see_price(actor, actor.dealer_id)),
            status=201,
            location=lambda body: f"{request.path}/{body['number']}",
        )


def _place(actor: Actor, command: PlaceOrder) -> PlacedOrder:
    return place_order(actor=actor, command=command)


def command_of(body: Body) -> PlaceOrder:
    """The command a body asks for. Refuses every fault at once."""
    amounts, currency = amounts_of(body, "expected_total", "rebate")
    command = PlaceOrder(
        lines=lines_of(body) if body.has("lines") else None,
        buyer_code=body.text("buyer", most=40) or None,
        seller_code=body.text("seller", most=20) or None,
        address_id=body.whole("address_id", is_needed=False),
        wished_on=body.day("wished_on"),
        note=body.text("note", most=500),
        buyer_reference=body.text("reference", most=60),
        source="API",
        expected_total=amounts["expected_total"],
        coupons=coupons_of(body),
        rebate=amounts["rebate"],
        without_gifts=body.flag("without_gifts"),
        currency=currency,
    )
    body.finish()
    return command


def wishes_of(body: Body) -> Wishes:
    """What the caller says about policies."""
    amounts, currency = amounts_of(body, "rebate")
    return Wishes(coupons_of(body), amounts["rebate"], body.flag("without_gifts"), currency)


def coupons_of(body: Body) -> tuple[str, ...]:
    """Codes of coupons, as they are written on them; none where none are said."""
    if not body.has("coupons"):
        return ()
    return tuple(code.strip().upper() for code in body.texts("coupons", most=MOST_COUPONS))


def lines_of(body: Body) -> tuple[OrderedLine, ...]:
    """The lines of a body; bounds of quantities are the verb's."""
    lines = []
    for one in body.objects("lines", most=MOST_LINES):
        line = OrderedLine(one.text("sku", most=48, default=None), one.number("quantity"), one.choice("unit", Unit))
        one.close()
        lines.append(line)
    return tuple(lines)


def amounts_of(whole: Body, *names: str) -> tuple[dict[str, int | None], str]:
    """Amounts by name, minor units (None where the body does not say), and their one currency (empty: none is said).

    Whether it is the order's own only the verb knows.
    """
    said = {name: _amount_of(whole, name) for name in names}
    currencies = sorted({one[1] for one in said.values() if one})
    if len(currencies) > 1:
        whole.note(NotAChoice(field="currency", known=currencies[0]))
    return {name: one[0] if one else None for name, one in said.items()}, currencies[0] if currencies else ""


def _amount_of(whole: Body, name: str) -> tuple[int | None, str] | None:
    body = whole.object(name)
    if body is None:
        return None
    currency = body.text("currency", most=3, default=None)
    if currency not in MINOR_DIGITS:
        body.note(NotAChoice(field="currency", known=", ".join(MINOR_DIGITS)))
        currency = "CNY"
    amount = body.money("amount", currency, is_needed=True)
    body.close()
    return amount, currency


class OrderDoor(APIView):
    """One order."""

    @READ
    def get(self, request: Request, number: str) -> Response:
        """The order with its lines and what happened to it."""
        return Response(whole(order_detail(actor=actor_of(request), number=number)))
