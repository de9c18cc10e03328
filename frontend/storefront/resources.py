"""The storefront's lists as spreadsheets: what a house buys, what it sells, its account."""

from django.db.models import QuerySet

from billing.ledger.permissions import Permission as LedgerPermission
from core.jobs.exports import Asked, Column, Found, list_export, text
from core.kernel.actor import Actor, Side
from core.kernel.text import N_
from frontend.ui.tables import order_columns, sees_own_prices, statement_columns, statement_of
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
