"""What waits at the seller's desk, by view, page and sum: for those who sell, not for those who buy."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil
from typing import Any

from django.db.models import BooleanField, Count, ExpressionWrapper, Q, QuerySet, Sum

from core.kernel import clock
from core.kernel.actor import Actor
from ordering.orders.models import Order
from ordering.orders.selectors.filters import VIEWS, WAITING, OrderFilters, buyer_is_blocked, in_view, narrowed
from ordering.orders.selectors.orders import ROW, ROWS_A_PAGE, OrderRow, orders_visible_to, sort_for
from ordering.orders.selectors.sums import bottles_seen, cases_seen, loose_seen, worth_seen


@dataclass(frozen=True, slots=True)
class CurrencySum:
    """How many orders and how much in one currency, minor units: two currencies are never added up.

    A seat limited to product lines is told of theirs alone.
    """

    currency: str
    orders: int
    bottles: int
    total: int


@dataclass(frozen=True, slots=True)
class DeskCounts:
    """Orders of the actor's house by what they wait for; ``waiting`` is what asks for approval, by currency."""

    to_approve: int = 0
    expiring: int = 0
    to_allocate: int = 0
    to_ship: int = 0
    to_ship_bottles: int = 0
    late: int = 0
    blocked: int = 0
    on_the_road: int = 0
    waiting: tuple[CurrencySum, ...] = ()


NOTHING_WAITS = DeskCounts()


def sales_of(actor: Actor) -> QuerySet[Order]:
    """Placed orders in which the actor's house sells, within the seat's scope."""
    return orders_visible_to(actor).filter(seller_id=actor.dealer_id)


def _seen(orders: QuerySet[Order], actor: Actor) -> QuerySet[Order]:
    """With ``seen_bottles`` and ``seen_worth``: what the seat's product lines come to, of each order."""
    return orders.annotate(seen_bottles=bottles_seen(actor), seen_worth=worth_seen(actor))


_SEEN_AS = {"bottles": "seen_bottles", "total": "seen_worth"}
_ROW = tuple(_SEEN_AS.get(name, name) for name in ROW)


def desk_counts(actor: Actor) -> DeskCounts:
    """What waits for the seller now; one query."""
    now = clock.now()
    counted = {
        "to_approve": Count("pk", filter=in_view("approve", now)),
        "expiring": Count("pk", filter=in_view("expiring", now)),
        "to_allocate": Count("pk", filter=in_view("allocate", now)),
        "to_ship": Count("pk", filter=in_view("ship", now)),
        "to_ship_bottles": Sum("seen_bottles", filter=in_view("ship", now), default=0),
        "late": Count("pk", filter=in_view("late", now)),
        "blocked": Count("pk", filter=in_view("blocked", now)),
        "on_the_road": Count("pk", filter=in_view("road", now)),
    }
    waits = in_view("approve", now)
    asked = {
        "waiting_bottles": Sum("seen_bottles", filter=waits, default=0),
        "amount": Sum("seen_worth", filter=waits, default=0),
    }
    sales = _seen(sales_of(actor).order_by(), actor)
    found = sales.values("currency").annotate(**counted, **asked).order_by("currency")
    rows: list[dict[str, Any]] = [dict(row) for row in found]
    waiting = tuple(
        CurrencySum(row["currency"], row["to_approve"], int(row["waiting_bottles"]), int(row["amount"]))
        for row in rows
        if row["to_approve"]
    )
    return DeskCounts(**{name: sum(int(row[name]) for row in rows) for name in counted}, waiting=waiting)


def oldest_waiting(actor: Actor, most: int = 6) -> Sequence[Order]:
    """The orders that wait longest for approval, with their buyers; one query."""
    return list(sales_of(actor).filter(status__in=WAITING).select_related("buyer").order_by("approve_by", "pk")[:most])


# the list of the desk ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DeskOrder:
    """A row of the desk: the order, the day its buyer wished for, its goods, and what stands in its way.

    ``cases`` and ``loose`` are the whole cases of its lines and the bottles beside them.
    """

    row: OrderRow
    wished_on: date | None
    cases: int
    loose: int
    is_blocked: bool
    is_late: bool
    is_expiring: bool


@dataclass(frozen=True, slots=True)
class DeskPage:
    """One page of the desk's list. ``counts`` by view under the same search; ``sums`` of all that is shown, not of the
    page alone, by currency."""

    rows: tuple[DeskOrder, ...]
    counts: dict[str, int]
    sums: tuple[CurrencySum, ...]
    total: int
    page: int
    page_count: int


ALL = ""
"""The view without a condition, in ``DeskPage.counts``."""


def desk_page(*, actor: Actor, filters: OrderFilters, page: int = 1) -> DeskPage:
    """One page of what the actor's house sells; three queries whatever is shown. A page past the end is the last."""
    now = clock.now()
    found = sales_of(actor).filter(narrowed(actor, filters)).order_by()
    counts = _counts(found)
    shown = found.filter(in_view(filters.view, now))
    asked = _seen(shown, actor).values_list("currency")
    summed = asked.annotate(Count("pk"), Sum("seen_bottles"), Sum("seen_worth")).order_by("currency")
    sums = tuple(CurrencySum(code, orders, int(bottles), int(total)) for code, orders, bottles, total in summed)
    total = sum(one.orders for one in sums)
    page_count = max(1, ceil(total / ROWS_A_PAGE))
    page = min(max(page, 1), page_count)
    start = (page - 1) * ROWS_A_PAGE
    rows = _marked(shown, actor).order_by(sort_for(actor, filters), "-pk").values_list(*_ROW, *_MARKS)
    return DeskPage(
        tuple(_desk_order(*row) for row in rows[start : start + ROWS_A_PAGE]), counts, sums, total, page, page_count
    )


_MARKS = ("wished_on", "cases", "loose", "is_stopped", "is_overdue", "is_due")


def _marked(orders: QuerySet[Order], actor: Actor) -> QuerySet[Order]:
    """With what a row of the desk tells beside the order itself."""
    now = clock.now()
    return _seen(orders, actor).annotate(
        cases=cases_seen(actor),
        loose=loose_seen(actor),
        is_stopped=_says(in_view("blocked", now)),
        is_overdue=_says(in_view("late", now)),
        is_due=_says(in_view("expiring", now)),
    )


def _counts(found: QuerySet[Order]) -> dict[str, int]:
    now = clock.now()
    asked = {f"in_{view}": Count("pk", filter=in_view(view, now)) for view in VIEWS}
    counted = found.aggregate(in_all=Count("pk"), **asked)
    return {ALL: counted["in_all"], **{view: counted[f"in_{view}"] for view in VIEWS}}


def _says(condition: Q) -> "ExpressionWrapper[Q]":
    return ExpressionWrapper(condition, output_field=BooleanField())


def _desk_order(*facts: Any) -> DeskOrder:
    of_order = len(_ROW)
    return DeskOrder(OrderRow(*facts[:of_order]), *facts[of_order:])


def desk_order(actor: Actor, number: str) -> DeskOrder | None:
    """The row of one order, as the list shows it; None for what the actor may not see. One query."""
    row = _marked(sales_of(actor).filter(number=number), actor).values_list(*_ROW, *_MARKS).first()
    return _desk_order(*row) if row else None


__all__ = ["ALL", "NOTHING_WAITS", "CurrencySum", "DeskCounts", "DeskOrder", "DeskPage"]
__all__ += ["buyer_is_blocked", "desk_counts", "desk_order", "desk_page", "oldest_waiting", "sales_of"]
