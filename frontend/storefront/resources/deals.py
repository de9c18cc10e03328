"""What a house buys, what it sells, its account, its shopping lists and addresses as spreadsheets."""

from django.db.models import QuerySet

from billing.ledger.permissions import Permission as LedgerPermission
from core.db.scopes import lines_within
from core.jobs.exports import Asked, Column, Found, flag, instant, list_export, text, words
from core.kernel.actor import Actor, Side
from core.kernel.regions import full_name
from core.kernel.text import N_, whole_of
from dms.dealers.permissions import Permission as DealerPermission
from dms.dealers.selectors import own_addresses
from frontend.ui.format import unit_word
from frontend.ui.tables import order_columns, sees_own_prices, statement_columns, statement_of
from ordering.lists.models import ShoppingListLine
from ordering.lists.selectors import ListFilter, lists_visible_to
from ordering.orders.models import Order
from ordering.orders.permissions import Permission
from ordering.orders.selectors import OrderFilters, orders_matching


def _bought_columns() -> tuple[Column, ...]:
    """The seller instead of the buyer; amounts only for who may know what the house pays."""
    own = {"buyer__code", "buyer__name"}
    kept = [column for column in order_columns(is_open=sees_own_prices) if column.sources[0] not in own]
    return (*kept[:1], text("seller__name", N_("Seller")), *kept[1:])


@list_export("orders", side=Side.DEALER, title=N_("My orders"), permission=Permission.READ, columns=_bought_columns)
def bought(actor: Actor, asked: Asked) -> QuerySet[Order]:
    """What the house has bought, as its page narrows it, the newest first."""
    found = orders_matching(actor=actor, filters=OrderFilters.of(asked, role="purchases"))
    return found.order_by("-submitted_at", "-pk")


@list_export(
    "sales", side=Side.DEALER, title=N_("Customers' orders"), permission=Permission.READ, columns=order_columns
)
def sold(actor: Actor, asked: Asked) -> QuerySet[Order]:
    """What the house's customers have ordered of it, the newest first."""
    found = orders_matching(actor=actor, filters=OrderFilters.of(asked, role="sales"))
    return found.order_by("-submitted_at", "-pk")


@list_export(
    "account", side=Side.DEALER, title=N_("Statement"), permission=LedgerPermission.READ, columns=statement_columns
)
def account(actor: Actor, asked: Asked) -> Found:
    """The statement of the chosen period, the oldest first."""
    return statement_of(actor, asked, actor.dealer_id)


def _list_columns() -> tuple[Column, ...]:
    return (
        text("shopping_list__name", N_("Shopping list")),
        text("shopping_list__owner_name", N_("Whose")),
        flag("shopping_list__is_shared", N_("Shared")),
        text("sku__code", N_("SKU code")),
        text("sku__name", N_("Product name")),
        words("unit", N_("Unit"), unit_word),
        text("quantity", N_("Quantity")),
        instant("shopping_list__used_at", N_("Last used")),
    )


@list_export("lists", side=Side.DEALER, title=N_("Shopping lists"), permission=Permission.PLACE, columns=_list_columns)
def shopping_lists(actor: Actor, asked: Asked) -> QuerySet[ShoppingListLine]:
    """The lines of the lists the page finds, or of ``?list=``, of the seat's product lines: an import reads them."""
    found = lists_visible_to(actor, ListFilter.of(asked)).order_by().values("pk")
    if asked.get("list"):
        found = found.filter(pk=whole_of(asked["list"]) or 0)
    inside = lines_within(actor, "sku__product_line__code")
    lines = ShoppingListLine.objects.filter(inside, shopping_list__in=found)
    return lines.order_by("shopping_list__name", "shopping_list_id", "position")


def _address_columns() -> tuple[Column, ...]:
    return (
        text("label", N_("Label")),
        text("recipient", N_("Recipient")),
        words("region_code", N_("Division"), full_name),
        text("line", N_("Address")),
        flag("is_default", N_("Default")),
    )


@list_export(
    "addresses",
    side=Side.DEALER,
    title=N_("Addresses"),
    permission=DealerPermission.READ,
    columns=_address_columns,
)
def addresses(actor: Actor, _asked: Asked) -> Found:
    """Where the house takes goods in; phones stay where they are."""
    sources = [column.sources[0] for column in _address_columns()]
    rows = [[getattr(one, name) for name in sources] for one in own_addresses(actor)]
    return Found(sources, rows, len(rows))
