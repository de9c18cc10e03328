"""Stock and movements row by row, for tables out of the house. Quantities are bottles."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet

from core.db import sql
from core.kernel.actor import Actor
from dms.stock.models import Movement
from dms.stock.permissions import Permission
from dms.stock.selectors.moved import MovementFilter, movements_of
from dms.stock.selectors.sums import ASKED, SEEN, SUMS, StockFilter

STOCK_COLUMNS = (
    "sku_code",
    "sku_name",
    "bottles_per_case",
    "warehouse_code",
    "warehouse_name",
    "batch",
    "condition",
    "on_hand",
    "reserved",
    "free",
)
_ROWS = f"""
WITH {SUMS}
SELECT sku.code, sku.name, sku.bottles_per_case, warehouse.code, warehouse.name, stock.batch, stock.condition,
       stock.on_hand, stock.reserved, stock.on_hand - stock.reserved
{SEEN} JOIN stock_stock AS stock ON stock.sku_id = sku.id AND stock.owner_id = %(owner)s
JOIN stock_warehouse AS warehouse ON warehouse.id = stock.warehouse_id
WHERE {ASKED} AND (%(warehouse)s = '' OR warehouse.code = %(warehouse)s)
ORDER BY sku.code, warehouse.priority, warehouse.code, stock.batch, stock.id
"""


def stock_rows(actor: Actor, asked: StockFilter) -> Iterator[tuple[Any, ...]]:
    """Every row of stock the list of stock shows, by SKU, as ``STOCK_COLUMNS``; streamed. Raises ``NotPermitted``."""
    actor.require(Permission.READ, writes=False)
    return sql.streamed(_ROWS, asked.parameters(actor))


def movement_rows(actor: Actor, asked: MovementFilter) -> QuerySet[Movement]:
    """What moved in the actor's own house, of the seat's lines, the newest first. Raises ``NotPermitted``."""
    return movements_of(actor, asked).order_by("-at", "-id")


__all__ = ["STOCK_COLUMNS", "MovementFilter", "movement_rows", "stock_rows"]
