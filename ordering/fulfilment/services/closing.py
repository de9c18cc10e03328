"""Closing what will not be delivered any more (短交关闭). Source: handbook of the trade, §4.2.

Sales desk and buyer agree; the verb asks for the words of that agreement and keeps them with the event.
"""

from dataclasses import dataclass

from billing.ledger import services as ledger
from core.db.acts import act
from core.kernel.actor import Actor
from core.kernel.text import normalised
from dms.stock import services as stock
from ordering.fulfilment.selectors import signed_bottles
from ordering.orders.errors import ConsentMissing
from ordering.orders.permissions import Permission
from ordering.orders.rules.states import closed_short, fulfilment_of
from ordering.orders.services import OrderState
from ordering.orders.services.closing import ClosedShort, note_closed_short, rest_of
from ordering.orders.services.locking import DOCUMENT_TYPE, locked_order, require_seller


@dataclass(frozen=True, slots=True)
class CloseShort:
    """Deliver no more of an order. ``consent``: who of the buyer agreed, and how. ``version``: as it was seen."""

    number: str
    consent: str
    reason: str = ""
    version: int | None = None


def close_short(*, actor: Actor, command: CloseShort) -> OrderState:
    """End an order of which a part has left: the rest's stock is free, its money given back, what left goes on.

    Trucks under way are signed and captured as usual. Raises ``Missing``, ``NotTheSeller``, ``VersionConflict``,
    ``StateRefused`` (nothing left yet: cancel; all left: nothing remains), ``ConsentMissing``.
    """
    actor.require(Permission.CANCEL)
    with act():
        order = locked_order(actor=actor, number=command.number, version=command.version)
        require_seller(actor, order)
        status = closed_short(order.status, order.fulfilment_status)
        consent = normalised(command.consent)[:200]
        if not consent:
            raise ConsentMissing(field="consent")
        rest = rest_of(order)
        shipped = order.bottles - rest.bottles
        signed = signed_bottles(order.id)
        fulfilment = fulfilment_of(order.fulfilment_status, ordered=shipped, shipped=shipped, signed=signed)
        stock.release(document_type=DOCUMENT_TYPE, document_number=order.number)
        prepay, credit = _give_back(order.number, rest.amount)
        closed = ClosedShort(normalised(command.reason)[:200], consent, prepay, credit)
        return note_closed_short(order, status=status, fulfilment=fulfilment, rest=rest, closed=closed, actor=actor)


def _give_back(number: str, amount: int) -> tuple[int, int]:
    """Prepayment and credit that are free again, minor units; a rest that costs nothing holds nothing."""
    if not amount:
        return 0, 0
    freed = ledger.release_part(document_type=DOCUMENT_TYPE, document_number=number, amount=amount)
    return freed.prepay_part, freed.credit_part
