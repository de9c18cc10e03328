"""Telling the people of one house what became of an order; for the handlers of orders and of fulfilment."""

from collections.abc import Callable, Mapping

from core.events.registry import HeardEvent
from core.kernel.actor import Scope
from core.messages.registry import MessageTemplate
from core.messages.services import notify
from dms.dealers.models import Dealer
from ordering.orders.selectors.links import order_link
from ordering.pricing.permissions import Permission as PricePermission
from tenants.access.selectors import seat_ids_with

AMOUNTS = frozenset({"total", "was"})
"""Words of a message's context that name what a house pays."""
UNSEEN = "—"


def tell_house(
    event: HeardEvent,
    template: MessageTemplate,
    *,
    dealer_id: int | None,
    code: str,
    order_number: str,
    context: Mapping[str, str | int],
) -> None:
    """Tell every open seat of house ``dealer_id`` that carries ``code`` and may see the order, never the one who acted.

    Inside a handler's act. The message leads to the page on which these people see the order; amounts (``AMOUNTS`` of
    the context) are left out for those the house keeps its purchase prices from.
    """
    if dealer_id is None:
        return
    reaches = _reach(event, dealer_id)
    told = {seat for seat in seat_ids_with(dealer_id=dealer_id, code=code, reaches=reaches) if seat != event.seat_id}
    sighted = told
    if dealer_id == event.buyer_id and AMOUNTS & context.keys():
        sighted = told & set(seat_ids_with(dealer_id=dealer_id, code=PricePermission.PURCHASE))
    link = order_link(order_number, of=dealer_id, seller_id=event.seller_id)
    notify(template=template, seat_ids=sighted, context=context, link=link)
    without = {name: UNSEEN if name in AMOUNTS else value for name, value in context.items()}
    notify(template=template, seat_ids=told - sighted, context=without, link=link)


def _reach(event: HeardEvent, house_id: int) -> Callable[[Scope], bool]:
    """Whether a seat of the house with such limits sees the order the event is about."""
    buyers = Dealer.objects.filter(pk__in=[event.buyer_id] if event.buyer_id else [])
    buyer = buyers.values_list("path", "region_code").first()
    path, region_code = buyer or ("/", "")
    lines = {str(line["product_line"]) for line in event.payload.get("lines", ()) if "product_line" in line}

    def reaches(scope: Scope) -> bool:
        is_inside = event.buyer_id == house_id or scope.covers_dealer(path=path, region_code=region_code)
        return is_inside and (not scope.product_lines or any(scope.covers_line(line) for line in lines))

    return reaches
