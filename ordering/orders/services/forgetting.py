"""Names of erased people on orders: kept as long as the law wants the record of a transaction, then taken away."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from core.db.acts import act
from core.events.models import Event
from ordering.orders.events import AGGREGATE, ORDER_APPROVED, ORDER_REJECTED
from ordering.orders.models import Order
from tenants.people.erasing import NAMELESS


def forget_names(person_ids: Collection[UUID], *, before: datetime) -> int:
    """Take these people's names off carts, and off orders nothing has happened to since ``before``; how many orders.

    E-Commerce Law art. 31 wants transaction records for three years after completion; ids stay.
    """
    is_over = Q(status=Order.Status.DRAFT) | Q(updated_at__lt=before)
    decided = Event.objects.filter(
        aggregate_type=AGGREGATE, kind__in=[ORDER_APPROVED, ORDER_REJECTED], person_id__in=list(person_ids)
    )
    with act():
        placed = Order.objects.filter(is_over, placed_by_id__in=list(person_ids)).exclude(placed_by_name=NAMELESS)
        judged = Order.objects.filter(is_over, number__in=decided.values("aggregate_id"))
        judged = judged.exclude(decided_by_name__in=["", NAMELESS])
        return placed.update(placed_by_name=NAMELESS) + judged.update(decided_by_name=NAMELESS)
