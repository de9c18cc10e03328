"""What waits at the seller's desk, and what was sold of late: for those who sell, not for those who buy."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import TruncDate

from core.db.scopes import lines_within
from core.kernel import clock
from core.kernel.actor import Actor
from ordering.orders.models import Order, OrderLine
from ordering.orders.selectors.orders import orders_visible_to

SOON = timedelta(hours=12)
"""A waiting order that expires within this is about to be lost."""
WAITING = (Order.Status.SUBMITTED, Order.Status.APPROVING)
LOST = (Order.Status.REJECTED, Order.Status.CANCELLED, Order.Status.EXPIRED)
TO_SHIP = (Order.Fulfilment.NONE, Order.Fulfilment.ALLOCATED, Order.Fulfilment.PART_SHIPPED)
ON_THE_ROAD = (Order.Fulfilment.PART_SHIPPED, Order.Fulfilment.SHIPPED, Order.Fulfilment.PART_RECEIVED)


@dataclass(frozen=True, slots=True)
class DeskCounts:
    """Orders of the actor's house by what they wait for; ``to_approve_total`` in minor units."""

    to_approve: int
    to_approve_total: int
    expiring: int
    to_allocate: int
    to_ship: int
    to_ship_bottles: int
    on_the_road: int


NOTHING_WAITS = DeskCounts(0, 0, 0, 0, 0, 0, 0)


def sales_of(actor: Actor) -> QuerySet[Order]:
    """Placed orders in which the actor's house sells, within the seat's scope."""
    return orders_visible_to(actor).filter(seller_id=actor.dealer_id)


def desk_counts(actor: Actor) -> DeskCounts:
    """What waits for the seller now; one query."""
    waits = Q(status__in=WAITING)
    confirmed = Q(status=Order.Status.CONFIRMED)
    leaves = confirmed & Q(fulfilment_status__in=TO_SHIP)
    found = (
        sales_of(actor)
        .order_by()
        .aggregate(
            to_approve=Count("pk", filter=waits),
            to_approve_total=Sum("total", filter=waits, default=0),
            expiring=Count("pk", filter=waits & Q(approve_by__lte=clock.now() + SOON)),
            to_allocate=Count("pk", filter=confirmed & Q(fulfilment_status=Order.Fulfilment.NONE)),
            to_ship=Count("pk", filter=leaves),
            to_ship_bottles=Sum("bottles", filter=leaves, default=0),
            on_the_road=Count("pk", filter=confirmed & Q(fulfilment_status__in=ON_THE_ROAD)),
        )
    )
    return DeskCounts(**{name: int(value) for name, value in found.items()})


@dataclass(frozen=True, slots=True)
class DaySold:
    """What was ordered on one business day and not lost since; ``total`` minor units."""

    day: date
    orders: int
    bottles: int
    total: int


def sold_by_day(actor: Actor, *, since: date, until: date, zone: str = clock.SHANGHAI) -> tuple[DaySold, ...]:
    """Every day from ``since`` to ``until``, both included, days without an order among them; one query."""
    rows = (
        _sold(actor, since, until, zone)
        .annotate(day=TruncDate("submitted_at", tzinfo=ZoneInfo(zone)))
        .values_list("day")
        .annotate(Count("pk"), Sum("bottles"), Sum("total"))
        .order_by("day")
    )
    found = {day: DaySold(day, orders, int(bottles), int(total)) for day, orders, bottles, total in rows}
    days = [since + timedelta(days=number) for number in range((until - since).days + 1)]
    return tuple(found.get(day, DaySold(day, 0, 0, 0)) for day in days)


def _sold(actor: Actor, since: date, until: date, zone: str) -> QuerySet[Order]:
    begin, end = clock.start_of_day(since, zone), clock.end_of_day(until, zone)
    return sales_of(actor).exclude(status__in=LOST).filter(submitted_at__gte=begin, submitted_at__lt=end).order_by()


@dataclass(frozen=True, slots=True)
class TopBuyer:
    """A customer by what it ordered; minor units."""

    code: str
    name: str
    orders: int
    total: int


def top_buyers(actor: Actor, *, since: date, until: date, most: int = 6) -> tuple[TopBuyer, ...]:
    """The customers that ordered most; one query."""
    rows = (
        _sold(actor, since, until, clock.SHANGHAI)
        .values_list("buyer__code", "buyer__name")
        .annotate(orders=Count("pk"), sold=Sum("total"))
        .order_by("-sold", "buyer__code")[:most]
    )
    return tuple(TopBuyer(code, name, orders, int(total)) for code, name, orders, total in rows)


@dataclass(frozen=True, slots=True)
class TopSku:
    """A product by what was ordered of it; ``total`` minor units."""

    code: str
    name: str
    bottles_per_case: int
    bottles: int
    total: int


def top_skus(actor: Actor, *, since: date, until: date, most: int = 6) -> tuple[TopSku, ...]:
    """The products that were ordered most by amount; one query."""
    rows = (
        OrderLine.objects.filter(lines_within(actor, "sku__product_line__code"))
        .filter(order__in=_sold(actor, since, until, clock.SHANGHAI))
        .order_by()
        .values_list("sku__code", "sku__name", "sku__bottles_per_case")
        .annotate(sold=Sum("bottles"), worth=Sum("amount"))
        .order_by("-worth", "sku__code")[:most]
    )
    return tuple(TopSku(code, name, per_case, int(sold), int(worth)) for code, name, per_case, sold, worth in rows)


def oldest_waiting(actor: Actor, most: int = 6) -> Sequence[Order]:
    """The orders that wait longest for approval, with their buyers; one query."""
    return list(sales_of(actor).filter(status__in=WAITING).select_related("buyer").order_by("approve_by", "pk")[:most])
