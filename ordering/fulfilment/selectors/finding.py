"""Shipments by a few letters of their number: for whoever types into a box. One statement."""

from dataclasses import dataclass

from django.db.models import Q

from core.kernel.actor import Actor
from core.kernel.text import normalised
from ordering.fulfilment.selectors.shipments import shipments_visible_to


@dataclass(frozen=True, slots=True)
class FoundShipment:
    """A shipment as a box of findings names it."""

    number: str
    order_number: str
    buyer_name: str
    status: str
    is_sold: bool


def find_shipments(actor: Actor, text: str, *, limit: int = 5) -> tuple[FoundShipment, ...]:
    """The newest shipments of the actor's house that ``text`` names: their own number or the carrier's."""
    words = normalised(text)[:60]
    if not words:
        return ()
    rows = shipments_visible_to(actor).filter(Q(number__icontains=words) | Q(tracking_number__icontains=words))
    columns = ("number", "order__number", "buyer__name", "status", "seller_id")
    return tuple(
        FoundShipment(number, str(order), buyer, status, seller_id == actor.dealer_id)
        for number, order, buyer, status, seller_id in rows.values_list(*columns)[:limit]
    )
