"""Who is told when goods move: the buyer's receivers of a truck, the seller's people of a short receipt."""

from core.events.registry import HeardEvent, handles
from core.kernel.text import N_
from core.messages.registry import MessageTemplate, message_template
from ordering.fulfilment.events import ORDER_SHIPPED, SHIPMENT_RECEIVED
from ordering.fulfilment.models import Shipment
from ordering.fulfilment.permissions import Permission
from ordering.orders.services.telling import tell_house

ON_ITS_WAY = message_template(
    "fulfilment.on_its_way",
    subject=N_("Shipment %(shipment)s is on its way"),
    body=N_("%(bottles)s bottles of order %(order)s have left. Sign for shipment %(shipment)s when they arrive."),
)
SHORT = message_template(
    "fulfilment.short",
    subject=N_("Shipment %(shipment)s arrived short"),
    body=N_("Not all of shipment %(shipment)s of order %(order)s arrived. Look at the receipt and settle the claim."),
)


@handles(ORDER_SHIPPED)
def tell_receivers(event: HeardEvent) -> None:
    """Those who sign for goods hear that some are coming."""
    _tell(event, ON_ITS_WAY, dealer_id=event.buyer_id, code=Permission.RECEIVE)


@handles(SHIPMENT_RECEIVED)
def tell_of_short_receipt(event: HeardEvent) -> None:
    """The seller's warehouse hears what is claimed."""
    if event.payload["status"] == Shipment.Status.SIGNED_WITH_CLAIM:
        _tell(event, SHORT, dealer_id=event.seller_id, code=Permission.SHIP)


def _tell(event: HeardEvent, template: MessageTemplate, *, dealer_id: int | None, code: str) -> None:
    told = event.payload
    number = str(told["order"])
    context = {"shipment": told["shipment"], "order": number, "bottles": told["bottles"]}
    tell_house(event, template, dealer_id=dealer_id, code=code, order_number=number, context=context)
