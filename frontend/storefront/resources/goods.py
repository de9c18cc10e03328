"""What a house has and what moved there as spreadsheets."""

from django.db.models import QuerySet

from core.jobs.exports import Asked, Found, list_export
from core.kernel.actor import Actor, Side
from core.kernel.text import N_
from dms.stock.models import Movement
from dms.stock.permissions import Permission
from dms.stock.selectors import StockFilter
from dms.stock.tables import STOCK_COLUMNS, MovementFilter, movement_rows, stock_rows
from frontend.ui.stocklist import movement_columns, stock_columns


@list_export("stock", side=Side.DEALER, title=N_("My stock"), permission=Permission.READ, columns=stock_columns)
def stock(actor: Actor, asked: Asked) -> Found:
    """Every row of stock of the products the page shows."""
    return Found(STOCK_COLUMNS, stock_rows(actor, StockFilter.of(asked)))


@list_export(
    "movements", side=Side.DEALER, title=N_("What moved"), permission=Permission.READ, columns=movement_columns
)
def movements(actor: Actor, asked: Asked) -> QuerySet[Movement]:
    """What moved in the house, the newest first; of the product ``sku`` where it is named."""
    return movement_rows(actor, MovementFilter.of(asked))
