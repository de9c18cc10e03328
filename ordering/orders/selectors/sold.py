"""What was sold of late, by week, buyer and product. An order that was lost was not sold; of one that was closed short
only what left counts. Amounts stand by currency: two are never added up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.db.models import (
    BigIntegerField,
    Case,
    Count,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    When,
    Window,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import TruncWeek

from core.db.scopes import lines_within
from core.kernel import clock
from core.kernel.actor import Actor
from dms.dealers.models import Dealer
from dms.dealers.selectors import dealers_visible_to
from ordering.orders.models import Order, OrderLine
from ordering.orders.selectors.desk import sales_of
from ordering.orders.selectors.filters import LOST
from ordering.orders.selectors.sums import bottles_seen, summed_lines, worth_seen


@dataclass(frozen=True, slots=True)
class WeekSold:
    """What was ordered in the week that begins on ``monday`` and not lost since; ``total`` minor units."""

    monday: date
    orders: int
    bottles: int
    total: int


@dataclass(frozen=True, slots=True)
class Curve:
    """The weeks of one currency, the oldest first, weeks without an order among them."""

    currency: str
    weeks: tuple[WeekSold, ...]

    @property
    def total(self) -> int:
        """All weeks together, minor units."""
        return sum(week.total for week in self.weeks)

    @property
    def orders(self) -> int:
        """Orders of all weeks."""
        return sum(week.orders for week in self.weeks)

    @property
    def bottles(self) -> int:
        """Bottles of all weeks."""
        return sum(week.bottles for week in self.weeks)


def monday_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def sold_by_week(actor: Actor, *, until: date, weeks: int, zone: str = clock.SHANGHAI) -> tuple[Curve, ...]:
    """A curve a currency over ``weeks`` weeks, the last of them that of ``until``; one query."""
    first = monday_of(until) - timedelta(weeks=weeks - 1)
    rows = (
        _sold(actor, first, until, zone)
        .annotate(week=TruncWeek("submitted_at", tzinfo=ZoneInfo(zone)))
        .values_list("currency", "week")
        .annotate(Count("pk"), Sum("worth_bottles"), Sum("worth"))
        .order_by("currency", "week")
    )
    found: dict[str, dict[date, WeekSold]] = {}
    for currency, week, orders, bottles, total in rows:
        monday = week.date()
        found.setdefault(currency, {})[monday] = WeekSold(monday, orders, int(bottles), int(total))
    mondays = [first + timedelta(weeks=number) for number in range(weeks)]
    return tuple(
        Curve(currency, tuple(by_week.get(monday, WeekSold(monday, 0, 0, 0)) for monday in mondays))
        for currency, by_week in found.items()
    )


def _sold(actor: Actor, since: date, until: date, zone: str) -> QuerySet[Order]:
    """Sold orders of the days, both included, with ``worth`` and ``worth_bottles``."""
    begin, end = clock.start_of_day(since, zone), clock.end_of_day(until, zone)
    rows = sales_of(actor).exclude(status__in=LOST).filter(submitted_at__gte=begin, submitted_at__lt=end).order_by()
    return rows.annotate(
        worth=_left(actor, "shipped_amount", worth_seen(actor)),
        worth_bottles=_left(actor, "shipped_bottles", bottles_seen(actor)),
    )


def _left(actor: Actor, column: str, whole: Combinable) -> Case:
    short = When(status=Order.Status.CLOSED_SHORT, then=summed_lines(actor, column))
    return Case(short, default=whole, output_field=BigIntegerField())


@dataclass(frozen=True, slots=True)
class TopBuyer:
    """A customer by what it ordered; minor units."""

    code: str
    name: str
    orders: int
    total: int
    currency: str


def top_buyers(actor: Actor, *, since: date, until: date, currency: str, most: int = 6) -> tuple[TopBuyer, ...]:
    """The customers that ordered most in one currency; one query."""
    rows = (
        _sold(actor, since, until, clock.SHANGHAI)
        .filter(currency=currency)
        .values_list("buyer__code", "buyer__name")
        .annotate(orders=Count("pk"), sold=Sum("worth"))
        .order_by("-sold", "buyer__code")[:most]
    )
    return tuple(TopBuyer(code, name, orders, int(total), currency) for code, name, orders, total in rows)


@dataclass(frozen=True, slots=True)
class TopSku:
    """A product by what was ordered of it; ``total`` minor units."""

    code: str
    name: str
    bottles_per_case: int
    bottles: int
    total: int
    currency: str
    name_en: str = ""


def top_skus(actor: Actor, *, since: date, until: date, currency: str, most: int = 6) -> tuple[TopSku, ...]:
    """The products that were ordered most by amount in one currency; one query."""
    is_short = Q(order__status=Order.Status.CLOSED_SHORT)
    worth = Case(When(is_short, then=F("shipped_amount")), default=F("amount"), output_field=BigIntegerField())
    bottles = Case(When(is_short, then=F("shipped_bottles")), default=F("bottles"), output_field=BigIntegerField())
    sold = _sold(actor, since, until, clock.SHANGHAI).filter(currency=currency).values("pk")
    rows = (
        OrderLine.objects.filter(lines_within(actor, "sku__product_line__code"))
        .filter(order__in=sold)
        .order_by()
        .values_list("sku__code", "sku__name", "sku__bottles_per_case", "sku__name_en")
        .annotate(sold=Sum(bottles), worth=Sum(worth))
        .order_by("-worth", "sku__code")[:most]
    )
    return tuple(
        TopSku(code, name, per_case, int(count), int(total), currency, name_en)
        for code, name, per_case, name_en, count, total in rows
    )


def quiet_dealers(actor: Actor, *, since: date) -> QuerySet[Dealer]:
    """Active customers of the actor's house without an order that was sold since ``since``, longest silent first.

    Each carries ``last_at`` (None: never). The caller counts or cuts. Raises ``NotPermitted`` without the right to
    read dealers.
    """
    placed = Order.objects.filter(seller_id=actor.dealer_id, buyer_id=OuterRef("pk")).exclude(status=Order.Status.DRAFT)
    last = placed.exclude(status__in=LOST).order_by("-submitted_at").values("submitted_at")[:1]
    silent = Q(last_at__isnull=True) | Q(last_at__lt=clock.start_of_day(since))
    customers = dealers_visible_to(actor).filter(supplier_id=actor.dealer_id, status=Dealer.Status.ACTIVE)
    return (
        customers.annotate(last_at=Subquery(last)).filter(silent).order_by(F("last_at").asc(nulls_first=True), "code")
    )


def quiet_page(actor: Actor, *, since: date, most: int, first: int = 0) -> tuple[Sequence[Dealer], int]:
    """Some of the longest silent customers, and how many there are in all; one query."""
    found = quiet_dealers(actor, since=since).annotate(of_all=Window(Count("pk")))
    rows = list(found[first : first + most])
    return rows, int(rows[0].of_all) if rows else 0
