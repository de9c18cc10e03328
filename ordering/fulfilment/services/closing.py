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
from ordering.orders.services.closing import ClosedShort, Rest, note_closed_short, rest_of
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

    Policies are not asked again: what left keeps the price that was agreed (handbook, §5.4), and what they gave in the
    order stays given.

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
        prepay, credit = _give_back(order.number, rest)
        closed = ClosedShort(normalised(command.reason)[:200], consent, prepay, credit, rest.rebate)
        return note_closed_short(order, status=status, fulfilment=fulfilment, rest=rest, closed=closed, actor=actor)


def _give_back(number: str, rest: Rest) -> tuple[int, int]:
    """Prepayment and credit that are free again, minor units; a rest that costs nothing holds nothing."""
    if not rest.amount + rest.rebate:
        return 0, 0
    freed = ledger.release_part(
        document_type=DOCUMENT_TYPE, document_number=number, amount=rest.amount, rebate=rest.rebate
    )
    return freed.prepay_part, freed.credit_part
