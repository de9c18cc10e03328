"""Who did what to an order: the people of its events, and what was done last, for whoever comes second."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from core.db import sql
from core.events.selectors import TimelineItem
from core.kernel.actor import Actor
from ordering.orders.events import AGGREGATE
from ordering.orders.models import StaffNote
from tenants.access.models import Seat


@dataclass(frozen=True, slots=True)
class Deed:
    """The last thing that happened to an order. ``person_name`` empty: nobody's hand, or a person that is gone."""

    number: str
    kind: str
    at: datetime
    version: int
    person_id: UUID | None
    person_name: str


_LAST = """
SELECT DISTINCT ON (event.aggregate_id) event.aggregate_id, event.kind, event.at, event.aggregate_version,
       event.person_id, coalesce(seat.person_name, '')
FROM events_event AS event LEFT JOIN access_seat AS seat ON seat.id = event.seat_id
WHERE event.aggregate_type = %(order)s AND event.aggregate_id = ANY(%(numbers)s::text[])
  AND (event.seller_id = %(house)s OR event.buyer_id = %(house)s)
ORDER BY event.aggregate_id, event.at DESC, event.id DESC
"""


def last_deeds(actor: Actor, numbers: Collection[str]) -> dict[str, Deed]:
    """What happened last to each of the orders, as far as the actor's house takes part in them. One statement."""
    if not numbers:
        return {}
    asked = {"order": AGGREGATE, "numbers": list(numbers), "house": actor.dealer_id}
    return {row[0]: Deed(*row) for row in sql.rows(_LAST, asked)}


def people_of(items: Iterable[TimelineItem]) -> dict[UUID, str]:
    """The names of those who acted, by seat. One statement."""
    seats = {item.seat_id for item in items if item.seat_id is not None}
    return dict(Seat.objects.filter(pk__in=seats).values_list("pk", "person_name")) if seats else {}


def staff_notes(actor: Actor, order_id: int, seller_id: int) -> Sequence[StaffNote]:
    """The seller's own words about an order, the oldest first; none for the other side. One statement."""
    if actor.dealer_id != seller_id:
        return ()
    return tuple(StaffNote.objects.filter(order_id=order_id).order_by("at", "pk"))
