"""Questions about what happened."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_
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


MOST_HAPPENINGS = 200
"""How far back one page tells a thing's life; the audit trail tells all of it."""


def timeline(aggregate_type: str, aggregate_id: str) -> list[TimelineItem]:
    """The latest happenings of one document, the oldest of them first. The caller has checked that the actor may see
    it. One query.
    """
    events = Event.objects.filter(aggregate_type=aggregate_type, aggregate_id=aggregate_id).order_by("-at", "-id")
    columns = ("kind", "aggregate_version", "at", "person_id", "seat_id", "payload")
    return [TimelineItem(*row) for row in reversed(events.values_list(*columns)[:MOST_HAPPENINGS])]


@dataclass(frozen=True, slots=True)
class Narrowed:
    """Which happenings are asked for: half-open ``[since, until)``.

    ``kinds`` are beginnings of kinds (``ordering.``), ``thing`` the number or code people know it by; ``people`` None
    means everybody, and nobody when it is empty.
    """

    kinds: Sequence[str] = ()
    thing: str = ""
    people: Collection[UUID] | None = None
    since: datetime | None = None
    until: datetime | None = None


def happenings(actor: Actor, asked: Narrowed = Narrowed()) -> QuerySet[Event]:
    """The audit trail of the actor's house, the newest first: what it sold, bought or did.

    A limited seat finds what it did itself: a payload may speak of anybody. The door asks for the permission.
    """
    own = Q(seller_id=actor.dealer_id) | Q(buyer_id=actor.dealer_id)
    if actor.is_brand_staff:  # what belongs to no deal (products, seats, settings) is the brand's
        own |= Q(seller_id__isnull=True, buyer_id__isnull=True)
    return _narrowed(Event.objects.filter(own), actor, asked)


def happenings_of_brand(actor: Actor, slug: str, asked: Narrowed = Narrowed()) -> QuerySet[Event]:
    """What happened to the actor's brand as the platform knows it (its look, its hosts), the newest first.

    In the public schema; the door asks for the permission, and ``slug`` is the brand of the host.
    """
    return _narrowed(Event.objects.filter(aggregate_type="brand", aggregate_id=slug), actor, asked)


def _narrowed(found: QuerySet[Event], actor: Actor, asked: Narrowed) -> QuerySet[Event]:
    if actor.scope.is_limited:
        found = found.filter(seat_id=actor.seat_id)
    if asked.kinds:
        found = found.filter(reduce(or_, (Q(kind__startswith=beginning) for beginning in asked.kinds)))
    if asked.thing:
        found = found.filter(aggregate_id__iexact=asked.thing)
    if asked.people is not None:
        found = found.filter(person_id__in=asked.people)
    if asked.since is not None:
        found = found.filter(at__gte=asked.since)
    if asked.until is not None:
        found = found.filter(at__lt=asked.until)
    return found.order_by("-at", "-id")


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
