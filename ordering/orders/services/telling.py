"""Telling the people of one house what became of an order; for the handlers of orders and of fulfilment."""

from collections.abc import Mapping

from core.events.registry import HeardEvent
from core.messages.registry import MessageTemplate
from core.messages.services import notify
from ordering.orders.selectors.links import order_link
from tenants.access.selectors import seat_ids_with


def tell_house(
    event: HeardEvent,
    template: MessageTemplate,
    *,
    dealer_id: int | None,
    code: str,
    order_number: str,
    context: Mapping[str, str | int],
) -> None:
    """Tell every open seat of house ``dealer_id`` that carries ``code``, never the one who acted.

    Inside a handler's act. The message leads to the page on which these people see the order.
    """
    if dealer_id is None:
        return
    notify(
        template=template,
        seat_ids=[seat for seat in seat_ids_with(dealer_id=dealer_id, code=code) if seat != event.seat_id],
        context=context,
        link=order_link(order_number, of=dealer_id, seller_id=event.seller_id),
    )
