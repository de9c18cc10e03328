"""Names of erased people on orders: kept as long as the law wants the record of a transaction, then taken away."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from core.db.acts import act
from core.events.models import Event
from ordering.orders.events import AGGREGATE, ORDER_APPROVED, ORDER_REJECTED
from ordering.orders.models import Order, StaffNote
from tenants.people.erasing import NAMELESS

_DECISIONS = (ORDER_APPROVED, ORDER_REJECTED)


def forget_names(person_ids: Collection[UUID], *, before: datetime) -> int:
    """Take these people's names off carts, and off orders nothing has happened to since ``before``; how many orders.

    E-Commerce Law art. 31 wants transaction records for three years after completion; ids stay.
    """
    is_over = Q(status=Order.Status.DRAFT) | Q(updated_at__lt=before)
    with act():
        _noted_by(person_ids).filter(order__updated_at__lt=before).update(person_name=NAMELESS)
        placed = _placed_by(person_ids).filter(is_over).update(placed_by_name=NAMELESS)
        return placed + _decided_by(person_ids).filter(is_over).update(decided_by_name=NAMELESS)


def still_named(person_ids: Collection[UUID]) -> set[UUID]:
    """Those among these people whose name some order still bears."""
    people = set(person_ids)
    placed = set(_placed_by(people).values_list("placed_by_id", flat=True))
    deciders = _last_deciders(people)
    named = _decided_by(people).values_list("number", flat=True)
    noted = set(_noted_by(people).values_list("person_id", flat=True))
    return placed | noted | {deciders[number] for number in named if number is not None}


def _noted_by(person_ids: Collection[UUID]) -> QuerySet[StaffNote]:
    return StaffNote.objects.filter(person_id__in=list(person_ids)).exclude(person_name=NAMELESS)


def _placed_by(person_ids: Collection[UUID]) -> QuerySet[Order]:
    return Order.objects.filter(placed_by_id__in=list(person_ids)).exclude(placed_by_name=NAMELESS)


def _decided_by(person_ids: Collection[UUID]) -> QuerySet[Order]:
    named = Order.objects.exclude(decided_by_name__in=["", NAMELESS])
    return named.filter(number__in=list(_last_deciders(person_ids)))


def _last_deciders(person_ids: Collection[UUID]) -> dict[str, UUID]:
    """By number, the orders one of these people decided last: theirs is the name there, not whoever's decided once."""
    people = set(person_ids)
    decisions = Event.objects.filter(aggregate_type=AGGREGATE, kind__in=_DECISIONS)
    once = decisions.filter(person_id__in=people).values("aggregate_id")
    last = decisions.filter(aggregate_id__in=once).order_by("aggregate_id", "-aggregate_version", "-at")
    rows = last.distinct("aggregate_id").values_list("aggregate_id", "person_id")
    return {number: person_id for number, person_id in rows if person_id in people and person_id is not None}
