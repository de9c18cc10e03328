"""What is sold and owed: orders and their lines, shipments, accounts and statements, price lists."""

from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from billing.ledger.permissions import Permission as LedgerPermission
from billing.ledger.selectors import accounts_visible_to
from core.db.scopes import lines_within
from core.jobs.exports import Asked, Column, Found, amount, flag, instant, list_export, text, words
from core.kernel import clock
from core.kernel.actor import Actor, Side
from core.kernel.text import N_
from dms.dealers.selectors import dealer
from frontend.ui.format import unit_word
from frontend.ui.tables import (
    day_asked,
    order_columns,
    sees_whole_orders,
    statement_columns,
    statement_of,
    status,
    term,
)
from ordering.fulfilment.models import Shipment, ShipmentLine
from ordering.fulfilment.permissions import Permission as GoodsPermission
from ordering.fulfilment.selectors import shipments_visible_to
from ordering.orders.models import Order, OrderLine
from ordering.orders.permissions import Permission
from ordering.orders.selectors import OrderFilters
from ordering.orders.selectors.desk import sales_of
from ordering.orders.selectors.filters import in_view, narrowed
from ordering.orders.selectors.orders import sort_for
from ordering.pricing.models import PriceEntry, PriceList
from ordering.pricing.permissions import Permission as PricePermission
from ordering.pricing.selectors import lists_visible_to
from ordering.pricing.selectors.entries import EntryFilter, entries_in_force


def _asked_orders(actor: Actor, asked: Asked) -> QuerySet[Order]:
    filters = OrderFilters.of(asked)
    found = sales_of(actor).filter(narrowed(actor, filters), in_view(filters.view, clock.now()))
    return found.order_by(sort_for(actor, filters), "-pk")


def _order_columns() -> tuple[Column, ...]:
    return order_columns(is_open=sees_whole_orders)


list_export("orders", side=Side.BRAND, title=N_("Orders"), permission=Permission.READ, columns=_order_columns)(
    _asked_orders
)


def _line_columns() -> tuple[Column, ...]:
    return (
        text("order__number", N_("Order number")),
        instant("order__submitted_at", N_("Placed")),
        text("order__buyer__code", N_("Dealer code")),
        text("order__buyer__name", N_("Dealer name")),
        words("order__status", N_("State of the order"), status("order")),
        text("line_no", N_("Line")),
        text("sku_code", N_("SKU code")),
        text("sku_name", N_("Product name")),
        words("unit", N_("Unit"), unit_word),
        text("quantity", N_("Quantity")),
        text("bottles", N_("Number of bottles")),
        text("shipped_bottles", N_("Bottles shipped")),
        text("received_bottles", N_("Bottles received")),
        amount("unit_price", N_("Unit price"), currency="order__currency"),
        amount("listed_amount", N_("By price list"), currency="order__currency"),
        amount("discount", N_("Promotions"), currency="order__currency"),
        amount("rebate", N_("Paid by rebate"), currency="order__currency"),
        amount("amount", N_("Amount"), currency="order__currency"),
        amount("tax", N_("Tax in it"), currency="order__currency"),
        text("gift_of", N_("Gift of policy")),
        text("order__currency", N_("Currency")),
        text("manual_price_reason", N_("Priced by hand because")),
    )


@list_export(
    "order_lines", side=Side.BRAND, title=N_("Lines of orders"), permission=Permission.READ, columns=_line_columns
)
def order_lines(actor: Actor, asked: Asked) -> QuerySet[OrderLine]:
    """Every line, of the seat's product lines, of the orders the desk shows."""
    orders = _asked_orders(actor, asked).order_by()
    inside = OrderLine.objects.filter(lines_within(actor, "sku__product_line__code"), order__in=orders)
    return inside.order_by("-order__submitted_at", "-order_id", "line_no")


def shipment_columns() -> tuple[Column, ...]:
    """A shipment, for both sides."""
    return (
        text("number", N_("Shipment")),
        text("order__number", N_("Order number")),
        text("buyer__code", N_("Dealer code")),
        text("buyer__name", N_("Dealer name")),
        words("status", N_("State"), status("shipment")),
        text("warehouse__name", N_("Warehouse")),
        text("carrier", N_("Carrier")),
        text("tracking_number", N_("Tracking number")),
        instant("shipped_at", N_("Shipped")),
        text("shipped_by_name", N_("Shipped by")),
        instant("signed_at", N_("Signed for")),
        text("signed_by_name", N_("Signed by")),
        text("bottles", N_("Number of bottles")),
        amount("amount", N_("Amount")),
        text("currency", N_("Currency")),
        text("receipt_note", N_("Note")),
    )


@list_export(
    "shipments",
    side=Side.BRAND,
    title=N_("List of shipments"),
    permission=GoodsPermission.READ,
    columns=shipment_columns,
)
def shipments(actor: Actor, asked: Asked) -> QuerySet[Shipment]:
    """Shipments of what the house sells, the newest first."""
    found = shipments_visible_to(actor).filter(seller_id=actor.dealer_id)
    if wanted := asked.get("status", ""):
        found = found.filter(status=wanted)
    return found


def _shipment_line_columns() -> tuple[Column, ...]:
    return (
        text("shipment__number", N_("Shipment")),
        text("shipment__order__number", N_("Order number")),
        text("shipment__buyer__code", N_("Dealer code")),
        text("shipment__buyer__name", N_("Dealer name")),
        instant("shipment__shipped_at", N_("Shipped")),
        text("order_line__sku_code", N_("SKU code")),
        text("order_line__sku_name", N_("Product name")),
        text("stock__batch", N_("Batch")),
        text("bottles", N_("Number of bottles")),
        text("received_bottles", N_("Bottles received")),
        amount("amount", N_("Amount"), currency="shipment__currency"),
        text("shipment__currency", N_("Currency")),
    )


@list_export(
    "shipment_lines",
    side=Side.BRAND,
    title=N_("Shipment lines"),
    permission=GoodsPermission.READ,
    columns=_shipment_line_columns,
)
def shipment_lines(actor: Actor, asked: Asked) -> QuerySet[ShipmentLine]:
    """What lies in those shipments, of the seat's product lines."""
    inside = lines_within(actor, "order_line__sku__product_line__code")
    found = ShipmentLine.objects.filter(inside, shipment__in=shipments(actor, asked).order_by())
    return found.order_by("-shipment__shipped_at", "-shipment_id", "order_line__line_no", "pk")


def _account_columns() -> tuple[Column, ...]:
    return (
        text("buyer__name", N_("Dealer name")),
        text("currency", N_("Currency")),
        amount("prepay_balance", N_("Prepayment")),
        amount("prepay_held", N_("Prepayment held")),
        amount("rebate_balance", N_("Rebate pool")),
        amount("rebate_held", N_("Rebate pool held")),
        amount("credit_limit", N_("Credit limit")),
        amount("credit_held", N_("Credit held")),
        amount("receivable_balance", N_("Receivable")),
        text("terms_days", N_("Terms (days)")),
        flag("is_blocked", N_("Blocked")),
    )


@list_export(
    "accounts", side=Side.BRAND, title=N_("Accounts"), permission=LedgerPermission.READ, columns=_account_columns
)
def accounts(actor: Actor, _asked: Asked) -> QuerySet[Any]:
    """The accounts of those the house sells to, by name."""
    return accounts_visible_to(actor).filter(book__seller__dealer_id=actor.dealer_id).order_by("buyer__name", "pk")


@list_export(
    "statement", side=Side.BRAND, title=N_("Statement"), permission=LedgerPermission.READ, columns=statement_columns
)
def statement_of_dealer(actor: Actor, asked: Asked) -> Found:
    """The account of the dealer with the code ``dealer``."""
    return statement_of(actor, asked, dealer(actor, asked.get("dealer", "")).pk)


def _percent(ppm: object) -> str:
    """Millionths as ``92.5 %``, to the last of them."""
    return f"{(Decimal(str(ppm)) / 10_000).normalize():f} %"


def _list_columns() -> tuple[Column, ...]:
    return (
        text("code", N_("Code")),
        text("name", N_("Name")),
        words("kind", N_("Kind"), term("price_kind")),
        words("scope", N_("For whom"), term("price_scope")),
        words("tier", N_("Tier"), term("tier")),
        text("price_group__name", N_("Price group")),
        text("dealer__name", N_("Dealer name")),
        text("region_code", N_("Division")),
        words("channel", N_("Channel"), term("channel")),
        text("parent__code", N_("Derived from")),
        words("factor_ppm", N_("Factor"), _percent),
        text("currency", N_("Currency")),
        text("version", N_("Version")),
        flag("is_active", N_("In force")),
    )


@list_export(
    "price_lists", side=Side.BRAND, title=N_("Price lists"), permission=PricePermission.READ, columns=_list_columns
)
def price_lists(actor: Actor, asked: Asked) -> QuerySet[PriceList]:
    """The house's own lists, narrowed as the page narrows them."""
    found = lists_visible_to(actor).order_by("scope", "code")
    if wanted := asked.get("scope", ""):
        found = found.filter(scope=wanted)
    if said := asked.get("q", "").strip():
        found = found.filter(code__icontains=said) | found.filter(name__icontains=said)
    return found


def _entry_columns() -> tuple[Column, ...]:
    return (
        text("price_list__code", N_("Price list")),
        text("sku__code", N_("SKU code")),
        text("sku__name", N_("Product name")),
        words("unit", N_("Unit"), unit_word),
        text("min_quantity", N_("From quantity")),
        amount("amount", N_("Unit price"), currency="price_list__currency"),
        text("price_list__currency", N_("Currency")),
        instant("valid_from", N_("Valid from")),
        words("price_list__kind", N_("Kind"), term("price_kind")),
        words("price_list__channel", N_("Channel"), term("channel")),
        text("price_list__parent__code", N_("Derived from")),
    )


@list_export("prices", side=Side.BRAND, title=N_("Prices"), permission=PricePermission.READ, columns=_entry_columns)
def prices(actor: Actor, asked: Asked) -> QuerySet[PriceEntry]:
    """What the list ``list`` says on the day ``at`` (today), and what it will say later; without one every list."""
    today = clock.business_day()
    wanted = day_asked(asked, "at", today)
    at = clock.now() if wanted == today else clock.start_of_day(wanted)
    narrowed_to = EntryFilter(asked.get("list", ""), asked.get("q", ""), asked.get("line", ""))
    return entries_in_force(actor, narrowed_to, at=at)
