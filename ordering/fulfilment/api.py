"""Allocating, shipping and signing, for programs."""

from typing import Any

from django.urls import path
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.idempotency.doors import answered_once
from core.kernel.errors import Missing
from core.web.api import actor_of
from core.web.bodies import Body, body_of
from core.web.openapi import (
    INSTANT,
    MONEY,
    TEXT,
    WHOLE,
    Schema,
    described,
    list_of,
    maybe,
    shape,
    words,
)
from core.web.prints import instant, maybe_money, money
from ordering.fulfilment.models import Shipment
from ordering.fulfilment.selectors import ShipmentCard, shipment, shipments_of_order
from ordering.fulfilment.services import (
    Allocate,
    ChangeCarrier,
    CloseShort,
    Place,
    Receive,
    Received,
    Ship,
    Shipped,
    Wish,
    allocate,
    change_carrier,
    close_short,
    receive,
    ship,
)
from ordering.orders.api.prints import state
from ordering.orders.api.schemas import STATE, UNLESS_HIDDEN
from ordering.orders.models import Order
from ordering.orders.selectors import orders_visible_to

Print = dict[str, Any]
MOST_LINES = 1_000

_STATUS = words(Shipment.Status.values)
_FULFILMENT = words(Order.Fulfilment.values)
_MOVED = list_of(shape({"line": WHOLE, "bottles": WHOLE}))
_VERSION: dict[str, Schema] = {"version": maybe(WHOLE)}
_BATCH: Schema = {
    **TEXT,
    "maxLength": 30,
    "description": "Left out: any batch there. Empty: goods without a batch number. For all places of a line or none.",
}
_CARD = shape(
    {
        "number": TEXT,
        "order": TEXT,
        "status": _STATUS,
        "buyer": TEXT,
        "warehouse": shape({"code": TEXT, "name": TEXT}),
        "carrier": TEXT,
        "tracking_number": TEXT,
        "bottles": WHOLE,
        "amount": UNLESS_HIDDEN,
        "shipped_by": TEXT,
        "shipped_at": INSTANT,
        "signed_by": TEXT,
        "signed_at": maybe(INSTANT),
        "receipt_note": TEXT,
        "lines": list_of(
            shape(
                {
                    "line": WHOLE,
                    "sku": TEXT,
                    "name": TEXT,
                    "bottles_per_case": WHOLE,
                    "bottles": WHOLE,
                    "amount": UNLESS_HIDDEN,
                    "received_bottles": maybe(WHOLE),
                }
            )
        ),
    }
)
_PROGRESS = shape({"number": TEXT, "fulfilment_status": _FULFILMENT, "version": WHOLE})
_SHIPPED = shape(
    {
        "number": TEXT,
        "order": TEXT,
        "bottles": WHOLE,
        "amount": MONEY,
        "tax": MONEY,
        "fulfilment_status": _FULFILMENT,
        "order_version": WHOLE,
    }
)
_RECEIVED = shape(
    {
        "number": TEXT,
        "order": TEXT,
        "status": _STATUS,
        "received_bottles": WHOLE,
        "short_bottles": WHOLE,
        "fulfilment_status": _FULFILMENT,
        "order_version": WHOLE,
    }
)


class Allocation(APIView):
    """Where an order's goods shall leave from."""

    @described(
        "Allocate an order to warehouses",
        answer=_PROGRESS,
        body=shape(
            {},
            {
                "warehouse": {**TEXT, "description": "Everything that has not left goes there."},
                "places": list_of(shape({"line": WHOLE, "warehouse": TEXT, "bottles": WHOLE}, {"batch": _BATCH})),
                **_VERSION,
            },
        ),
        needs_key=True,
        refusals=(404,),
    )
    def post(self, request: Request, number: str) -> Response:
        """Allocate; neither a warehouse nor places confirms what the order reserved by itself."""
        actor, body = actor_of(request), body_of(request)
        command = Allocate(
            number, body.text("warehouse", most=40), _places(body), body.whole("version", is_needed=False)
        )
        body.finish()

        def act() -> Print:
            progress = allocate(actor=actor, command=command)
            return {"number": number, "fulfilment_status": progress.fulfilment_status, "version": progress.version}

        return answered_once(request, act)


class OrderShipments(APIView):
    """The shipments of an order."""

    @described("Shipments of an order", answer=shape({"items": list_of(_CARD)}), refusals=(404,))
    def get(self, request: Request, number: str) -> Response:
        """The oldest first, with their lines."""
        actor = actor_of(request)
        shipments = shipments_of_order(actor, number)
        if not shipments and not orders_visible_to(actor).filter(number=number).exists():
            raise Missing(order=number)
        return Response({"items": [_card(one) for one in shipments]})

    @described(
        "Ship goods of an order",
        status=201,
        answer=_SHIPPED,
        body=shape(
            {"warehouse": TEXT},
            {
                "lines": {**_MOVED, "description": "Left out: everything kept there for the order."},
                "carrier": {**TEXT, "maxLength": 60},
                "tracking_number": {**TEXT, "maxLength": 60},
                **_VERSION,
            },
        ),
        needs_key=True,
        refusals=(404,),
    )
    def post(self, request: Request, number: str) -> Response:
        """Ship from one warehouse, in part or whole."""
        actor, body = actor_of(request), body_of(request)
        command = Ship(
            order_number=number,
            warehouse_code=body.text("warehouse", most=40, default=None),
            lines=_wishes(body),
            carrier=body.text("carrier", most=60),
            tracking_number=body.text("tracking_number", most=60),
            version=body.whole("version", is_needed=False),
        )
        body.finish()
        return answered_once(
            request,
            lambda: _shipped(ship(actor=actor, command=command), _currency(number)),
            status=201,
            location=lambda printed: f"/api/v1/shipments/{printed['number']}",
        )


def _currency(number: str) -> str:
    """The currency of an order the actor has just shipped from."""
    return Order.objects.values_list("currency", flat=True).get(number=number)


class ShipmentDoor(APIView):
    """One shipment."""

    @described("One shipment", answer=_CARD, refusals=(404,))
    def get(self, request: Request, number: str) -> Response:
        """The shipment with its lines."""
        return Response(_card(shipment(actor_of(request), number)))


class Carrier(APIView):
    """Who carries a shipment that is under way."""

    @described(
        "Change carrier and tracking number",
        answer=_CARD,
        body=shape({"carrier": {**TEXT, "maxLength": 60}, "tracking_number": {**TEXT, "maxLength": 60}}),
        refusals=(404, 409, 503),
    )
    def put(self, request: Request, number: str) -> Response:
        """Both as they shall stand; empty takes them off."""
        actor, body = actor_of(request), body_of(request)
        command = ChangeCarrier(number, body.text("carrier", most=60), body.text("tracking_number", most=60))
        body.finish()
        change_carrier(actor=actor, command=command)
        return Response(_card(shipment(actor, number)))


class Closure(APIView):
    """The end of an order of which a part will not be delivered."""

    @described(
        "Close the rest of an order",
        answer=STATE,
        body=shape(
            {"consent": {**TEXT, "maxLength": 200, "description": "Who of the buyer agreed, and how."}},
            {"reason": {**TEXT, "maxLength": 200}, **_VERSION},
        ),
        needs_key=True,
        refusals=(404,),
    )
    def post(self, request: Request, number: str) -> Response:
        """Deliver no more: the rest's stock is free and its money given back."""
        actor, body = actor_of(request), body_of(request)
        command = CloseShort(
            number,
            body.text("consent", most=200),
            body.text("reason", most=200),
            body.whole("version", is_needed=False),
        )
        body.finish()
        return answered_once(request, lambda: state(close_short(actor=actor, command=command)))


class Receipt(APIView):
    """The buyer's signature."""

    @described(
        "Sign for a shipment",
        answer=_RECEIVED,
        body=shape(
            {},
            {
                "lines": {**_MOVED, "description": "Only lines of which less arrived; left out: all arrived whole."},
                "note": {**TEXT, "maxLength": 300, "description": "Needed when anything is missing."},
            },
        ),
        needs_key=True,
        refusals=(404,),
    )
    def post(self, request: Request, number: str) -> Response:
        """Sign, once."""
        actor, body = actor_of(request), body_of(request)
        command = Receive(number, _wishes(body), body.text("note", most=300))
        body.finish()
        return answered_once(request, lambda: _received(receive(actor=actor, command=command)))


def _wishes(body: Body) -> tuple[Wish, ...]:
    wishes = []
    for one in body.objects("lines", most=MOST_LINES, is_needed=False):
        wishes.append(Wish(one.number("line"), one.number("bottles")))
        one.close()
    return tuple(wishes)


def _places(body: Body) -> tuple[Place, ...]:
    places = []
    for one in body.objects("places", most=MOST_LINES, is_needed=False):
        batch = one.text("batch", most=30) if one.has("batch") else None
        warehouse = one.text("warehouse", most=40, default=None)
        places.append(Place(one.number("line"), warehouse, one.number("bottles"), batch))
        one.close()
    return tuple(places)


def _card(card: ShipmentCard) -> Print:
    return {
        "number": card.number,
        "order": card.order_number,
        "status": card.status,
        "buyer": card.buyer_name,
        "warehouse": {"code": card.warehouse_code, "name": card.warehouse_name},
        "carrier": card.carrier,
        "tracking_number": card.tracking_number,
        "bottles": card.bottles,
        "amount": maybe_money(card.amount, card.currency),
        "shipped_by": card.shipped_by_name,
        "shipped_at": instant(card.shipped_at),
        "signed_by": card.signed_by_name,
        "signed_at": instant(card.signed_at),
        "receipt_note": card.receipt_note,
        "lines": [
            {
                "line": line.line_no,
                "sku": line.sku_code,
                "name": line.sku_name,
                "bottles_per_case": line.bottles_per_case,
                "bottles": line.bottles,
                "amount": maybe_money(line.amount, card.currency),
                "received_bottles": line.received,
            }
            for line in card.lines
        ],
    }


def _shipped(sent: Shipped, currency: str) -> Print:
    return {
        "number": sent.number,
        "order": sent.order_number,
        "bottles": sent.bottles,
        "amount": money(sent.amount, currency),
        "tax": money(sent.tax, currency),
        "fulfilment_status": sent.fulfilment_status,
        "order_version": sent.order_version,
    }


def _received(signed: Received) -> Print:
    return {
        "number": signed.number,
        "order": signed.order_number,
        "status": signed.status,
        "received_bottles": signed.received_bottles,
        "short_bottles": signed.short_bottles,
        "fulfilment_status": signed.fulfilment_status,
        "order_version": signed.order_version,
    }


urlpatterns = [
    path("orders/<str:number>/allocation", Allocation.as_view(), name="api_order_allocation"),
    path("orders/<str:number>/shipments", OrderShipments.as_view(), name="api_order_shipments"),
    path("shipments/<str:number>", ShipmentDoor.as_view(), name="api_shipment"),
    path("orders/<str:number>/closure", Closure.as_view(), name="api_order_closure"),
    path("shipments/<str:number>/carrier", Carrier.as_view(), name="api_shipment_carrier"),
    path("shipments/<str:number>/receipt", Receipt.as_view(), name="api_shipment_receipt"),
]
