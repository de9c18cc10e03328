"""Orders by page and in full, scoped by seller or buyer: what a dealer sells is not even the brand's to see."""

from dataclasses import dataclass, replace
from datetime import datetime
from math import ceil
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from core.db.scopes import dealers_within, lines_within
from core.events.selectors import TimelineItem, timeline
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.errors import Missing
from ordering.orders.events import AGGREGATE
from ordering.orders.models import Order, OrderLine
from ordering.orders.permissions import Permission
from ordering.orders.selectors.filters import SORTS, USUAL_SORT, OrderFilters, in_view, narrowed
from ordering.orders.selectors.sight import may_see_price

ROWS_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class OrderRow:
    """One order on a page. ``total`` None: the house's purchase prices are not the seat's to see."""

    number: str
    seller_name: str
    buyer_code: str
    buyer_name: str
    status: str
    payment_status: str
    fulfilment_status: str
    invoice_status: str
    settlement_status: str
    source: str
    placed_by_name: str
    submitted_at: datetime
    approve_by: datetime | None
    line_count: int
    bottles: int
    total: int | None
    currency: str
    buyer_reference: str
    version: int


@dataclass(frozen=True, slots=True)
class OrderPage:
    """One page of orders; ``counts`` by order status under the other filters."""

    rows: tuple[OrderRow, ...]
    counts: dict[str, int]
    total: int
    page: int
    page_count: int


@dataclass(frozen=True, slots=True)
class OrderLineFacts:
    """One line as agreed, and how far it has come. Amounts None and no trace: not the seat's to see.

    ``amount`` is payable: ``listed_amount`` less ``discount`` less ``rebate``. ``gift_of``: the policy that gives it.
    ``floor_price`` and ``net_price`` of one unit: only where it lies under its red line, and for the seller alone.
    """

    line_no: int
    sku_code: str
    sku_name: str
    unit: str
    quantity: int
    bottles_per_case: int
    bottles: int
    unit_price: int | None
    amount: int | None
    tax_rate_bp: int
    tax: int | None
    price_trace: dict[str, Any]
    manual_price_reason: str
    shipped_bottles: int
    received_bottles: int
    sku_id: int
    sku_name_en: str
    listed_amount: int | None = None
    discount: int | None = None
    rebate: int | None = None
    gift_of: str = ""
    floor_price: int | None = None
    net_price: int | None = None

    @property
    def is_gift(self) -> bool:
        """Whether a policy gives it."""
        return bool(self.gift_of)


@dataclass(frozen=True, slots=True)
class OrderDetail:
    """An order in full. ``order`` carries ``seller`` and ``buyer``; what the actor may do stands in ``is_*``.

    ``hidden_lines``: how many lines lie outside the seat's product lines. Where the house's purchase prices are not the
    seat's to see, ``order`` holds no amounts (``total``, ``tax``, ``hold`` None).
    """

    order: Order
    lines: tuple[OrderLineFacts, ...]
    timeline: tuple[TimelineItem, ...]
    is_seller: bool
    is_buyer: bool
    hidden_lines: int = 0

    @property
    def bought(self) -> tuple[OrderLineFacts, ...]:
        """What was ordered: the lines without the gifts, which policies make anew for every order."""
        return tuple(line for line in self.lines if not line.is_gift)


def orders_visible_to(actor: Actor) -> QuerySet[Order]:
    """Placed orders in which the actor's house sells or buys, within the seat's limits. Drafts are nobody's to list."""
    actor.require(Permission.READ, writes=False)
    mine = Order.objects.exclude(status=Order.Status.DRAFT).filter(
        Q(seller_id=actor.dealer_id) | Q(buyer_id=actor.dealer_id)
    )
    return mine.filter(in_scope(actor), _line_in_scope(actor))


def in_scope(actor: Actor) -> Q:
    """What goes to buyers within the seat's regions and subtree, for orders and for shipments; no limit: empty."""
    return dealers_within(actor, "buyer__", own="buyer_id")


def _line_in_scope(actor: Actor) -> Q:
    inside = lines_within(actor, "sku__product_line__code")
    return Q(Exists(OrderLine.objects.filter(inside, order=OuterRef("pk")))) if inside else inside


def reaches_outside(actor: Actor, order_id: int) -> bool | None:
    """Whether some line of the order lies outside the seat's limits; None when the order itself does.

    One statement, none for a seat without limits.
    """
    if not actor.scope.is_limited:
        return False
    outside = OrderLine.objects.filter(order=OuterRef("pk")).exclude(
        lines_within(actor, "sku__product_line__code") or Q(pk__isnull=False)
    )
    found = Order.objects.filter(in_scope(actor), _line_in_scope(actor), pk=order_id)
    return found.annotate(reaches=Exists(outside)).values_list("reaches", flat=True).first()


def orders_matching(*, actor: Actor, filters: OrderFilters) -> QuerySet[Order]:
    """The orders the actor may see under the filters, statuses too; in no order and uncounted, for cursors."""
    wanted = orders_visible_to(actor).filter(narrowed(actor, filters), in_view(filters.view, clock.now()))
    return wanted.filter(status__in=filters.statuses) if filters.statuses else wanted


def order_page(*, actor: Actor, filters: OrderFilters, page: int = 1) -> OrderPage:
    """One page of the orders the actor may see; three queries. A page past the end is the last."""
    wanted = orders_visible_to(actor).filter(narrowed(actor, filters), in_view(filters.view, clock.now()))
    counts = {
        str(status): int(count) for status, count in wanted.order_by().values_list("status").annotate(Count("pk"))
    }
    if filters.statuses:
        wanted = wanted.filter(status__in=filters.statuses)
    total = sum(count for status, count in counts.items() if not filters.statuses or status in filters.statuses)
    page_count = max(1, ceil(total / ROWS_A_PAGE))
    page = min(max(page, 1), page_count)
    start = (page - 1) * ROWS_A_PAGE
    rows = wanted.order_by(sort_for(actor, filters), "-pk").values_list(*ROW, "buyer_id")[start : start + ROWS_A_PAGE]
    return OrderPage(tuple(_row(actor, *row) for row in rows), counts, total, page, page_count)


def sort_for(actor: Actor, filters: OrderFilters) -> str:
    """The column a page is sorted by; never by amounts the seat may not see: the order of the rows would tell them."""
    sort = filters.sort if filters.sort.removeprefix("-") in SORTS else USUAL_SORT
    hides = sort.removeprefix("-") == "total" and not may_see_price(actor, actor.dealer_id)
    return USUAL_SORT if hides else sort.replace("buyer__name", "buyer__name_key")  # by pinyin: decision 0016


def _row(actor: Actor, *facts: Any) -> OrderRow:
    *columns, buyer_id = facts
    row = OrderRow(*columns)
    return row if may_see_price(actor, buyer_id) else replace(row, total=None)


ROW = (
    "number",
    "seller__name",
    "buyer__code",
    "buyer__name",
    "status",
    "payment_status",
    "fulfilment_status",
    "invoice_status",
    "settlement_status",
    "source",
    "placed_by_name",
    "submitted_at",
    "approve_by",
    "line_count",
    "bottles",
    "total",
    "currency",
    "buyer_reference",
    "version",
)


def order_detail(*, actor: Actor, number: str) -> OrderDetail:
    """One order with its lines (those within the seat's product lines) and its timeline; three queries.

    Raises ``Missing`` for what the actor may not see.
    """
    order = orders_visible_to(actor).select_related("seller", "buyer", "hold").filter(number=number).first()
    if order is None:
        raise Missing(order=number)
    rows = OrderLine.objects.filter(lines_within(actor, "sku__product_line__code"), order=order).order_by("line_no")
    lines = [OrderLineFacts(*row) for row in rows.values_list(*_LINE)]
    if not may_see_price(actor, order.buyer_id):
        lines = [_without_amounts(line) for line in lines]
        for name in _AMOUNTS:  # in memory only: whatever prints the order finds no amount
            setattr(order, name, None)
    if order.seller_id != actor.dealer_id:
        lines = [replace(line, floor_price=None, net_price=None) for line in lines]
    return OrderDetail(
        order,
        tuple(lines),
        tuple(timeline(AGGREGATE, number)),
        is_seller=order.seller_id == actor.dealer_id,
        is_buyer=order.buyer_id == actor.dealer_id,
        hidden_lines=order.line_count - len(lines),
    )


def _without_amounts(line: OrderLineFacts) -> OrderLineFacts:
    shown = replace(line, unit_price=None, amount=None, tax=None, price_trace={})
    return replace(shown, listed_amount=None, discount=None, rebate=None)


_AMOUNTS = ("total", "tax", "listed_total", "discount", "rebate", "hold")
_LINE = (
    "line_no",
    "sku_code",
    "sku_name",
    "unit",
    "quantity",
    "bottles_per_case",
    "bottles",
    "unit_price",
    "amount",
    "tax_rate_bp",
    "tax",
    "price_trace",
    "manual_price_reason",
    "shipped_bottles",
    "received_bottles",
    "sku_id",
    "sku__name_en",
    "listed_amount",
    "discount",
    "rebate",
    "gift_of",
    "floor_price",
    "net_price",
)
