"""Another carrier or tracking number for a truck that is under way: numbers come late, and are mistyped."""

from dataclasses import dataclass

from core.db.acts import act
from core.events import services as events
from core.kernel.actor import Actor
from core.kernel.errors import Missing
from core.kernel.text import normalised
from ordering.fulfilment import errors
from ordering.fulfilment.events import CARRIER_CHANGED
from ordering.fulfilment.models import Shipment
from ordering.fulfilment.permissions import Permission
from ordering.orders.services.locking import LockedOrder, locked_order, require_seller


@dataclass(frozen=True, slots=True)
class ChangeCarrier:
    """Who carries a shipment, and under which number; both as they shall stand, empty for none."""

    shipment_number: str
    carrier: str
    tracking_number: str


def change_carrier(*, actor: Actor, command: ChangeCarrier) -> bool:
    """Write carrier and number anew while the shipment is under way; whether anything changed.

    Raises ``Missing``, ``NotTheSeller``, ``AlreadySigned``.
    """
    actor.require(Permission.SHIP)
    with act():
        order, found = _locked(actor, command.shipment_number)
        if found.status != Shipment.Status.IN_TRANSIT:
            raise errors.AlreadySigned(status=found.status)
        carrier, tracking = normalised(command.carrier)[:60], normalised(command.tracking_number)[:60]
        before = {"carrier": found.carrier, "tracking_number": found.tracking_number}
        after = {"carrier": carrier, "tracking_number": tracking}
        if before == after:
            return False
        found.carrier, found.tracking_number, found.version = carrier, tracking, found.version + 1
        found.save(update_fields=["carrier", "tracking_number", "version"])
        events.record(
            kind=CARRIER_CHANGED,
            aggregate_type="order",
            aggregate_id=order.number,
            version=order.version,
            actor=actor,
            payload={"shipment": found.number, "order": order.number, "before": before, "after": after},
            seller_id=order.seller_id,
            buyer_id=order.buyer_id,
        )
        return True


def _locked(actor: Actor, number: str) -> tuple[LockedOrder, Shipment]:
    """The order locked first, then the shipment read under that lock."""
    sent = Shipment.objects.filter(number=number, seller_id=actor.dealer_id)
    order_number = sent.values_list("order__number", flat=True).first()
    if order_number is None:
        raise Missing(shipment=number)
    order = locked_order(actor=actor, number=order_number)
    require_seller(actor, order)
    return order, sent.get()
