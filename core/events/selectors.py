"""Questions about what happened."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Min, Q, QuerySet

from core.events.models import Delivery, Event
from core.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class TimelineItem:
    """One happening of a document's life. Who it was is an id: the caller knows or looks up the name."""

    kind: str
    version: int
    at: datetime
    person_id: UUID | None
    seat_id: UUID | None
    payload: dict[str, Any]


@dataclass(frozen=True, slots=True)
class StuckDelivery:
    """A delivery that failed at least once."""

    handler: str
    kind: str
    aggregate_id: str
    attempts: int
    due_at: datetime
    last_error: str


def timeline(aggregate_type: str, aggregate_id: str) -> list[TimelineItem]:
    """The happenings of one document, the oldest first. The caller has checked that the actor may see it. One query."""
    events = Event.objects.filter(aggregate_type=aggregate_type, aggregate_id=aggregate_id).order_by("at", "id")
    columns = ("kind", "aggregate_version", "at", "person_id", "seat_id", "payload")
    return [TimelineItem(*row) for row in events.values_list(*columns)]


def happenings(
    actor: Actor,
    *,
    room: str = "",
    thing: str = "",
    person_id: UUID | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> QuerySet[Event]:
    """The audit trail of the actor's house, the newest first: what it sold, bought or did.

    A limited seat finds what it did itself: a payload may speak of anybody. Half-open ``[since, until)``; ``room`` is
    the first word of a kind (``ordering``), ``thing`` the number or code people know it by. The door asks for the
    permission.
    """
    own = Q(seller_id=actor.dealer_id) | Q(buyer_id=actor.dealer_id)
    if actor.is_brand_staff:  # what belongs to no deal (products, seats, settings) is the brand's
        own |= Q(seller_id__isnull=True, buyer_id__isnull=True)
    found = Event.objects.filter(own).order_by("-at", "-id")
    if actor.scope.is_limited:
        found = found.filter(seat_id=actor.seat_id)
    if room:
        found = found.filter(kind__startswith=f"{room}.")
    if thing:
        found = found.filter(aggregate_id__iexact=thing)
    if person_id is not None:
        found = found.filter(person_id=person_id)
    if since is not None:
        found = found.filter(at__gte=since)
    return found.filter(at__lt=until) if until is not None else found


def stuck_deliveries(limit: int = 100) -> list[StuckDelivery]:
    """Deliveries that failed, those tried most often first; for the operator."""
    rows = Delivery.objects.filter(attempts__gt=0).order_by("-attempts", "id")
    names = ("handler", "event__kind", "event__aggregate_id", "attempts", "due_at", "last_error")
    return [StuckDelivery(*row) for row in rows.values_list(*names)[:limit]]


@dataclass(frozen=True, slots=True)
class Backlog:
    """What one schema's relay has before it; ``lag_s`` is how long the delivery has waited that is due longest."""

    waiting: int
    stuck: int
    lag_s: float


def backlog(now: datetime) -> Backlog:
    """The deliveries of the present schema that are not made yet; for the figures. One query."""
    told = Delivery.objects.aggregate(
        waiting=Count("pk"),
        stuck=Count("pk", filter=Q(attempts__gt=0)),
        oldest=Min("due_at", filter=Q(due_at__lte=now)),
    )
    lag_s = (now - told["oldest"]).total_seconds() if told["oldest"] else 0.0
    return Backlog(waiting=told["waiting"], stuck=told["stuck"], lag_s=lag_s)
