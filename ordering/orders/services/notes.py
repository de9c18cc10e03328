"""Words about an order among the seller's own people."""

from dataclasses import dataclass

from core.db.acts import act
from core.events import services as events
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.errors import Missing
from core.kernel.text import normalised
from ordering.orders.errors import NoteEmpty
from ordering.orders.events import STAFF_NOTE, STAFF_NOTE_ADDED
from ordering.orders.models import Order, StaffNote
from ordering.orders.permissions import Permission
from ordering.orders.selectors.orders import orders_visible_to

LONGEST_NOTE = 500


@dataclass(frozen=True, slots=True)
class AddNote:
    """A word about an order. The buyer never sees it."""

    number: str
    text: str


def add_note(*, actor: Actor, command: AddNote) -> StaffNote:
    """Write a word beside an order the actor's house sells. The event tells that, not what, was said.

    Raises ``Missing``, ``NoteEmpty``.
    """
    actor.require(Permission.NOTE)
    text = normalised(command.text)[:LONGEST_NOTE]
    if not text:
        raise NoteEmpty(field="text")
    with act():
        order = _sold(actor, command.number)
        made = StaffNote.objects.create(
            order=order,
            person_id=actor.person_id,
            person_name=actor.person_name[:60],
            text=text,
            at=clock.now(),
        )
        events.record(
            kind=STAFF_NOTE_ADDED,
            aggregate_type=STAFF_NOTE,
            aggregate_id=command.number,
            version=1,
            actor=actor,
            payload={"order": command.number},
            seller_id=order.seller_id,
        )
        return made


def _sold(actor: Actor, number: str) -> Order:
    order = orders_visible_to(actor).filter(number=number, seller_id=actor.dealer_id).first()
    if order is None:
        raise Missing(order=number)
    return order
