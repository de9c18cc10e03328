"""Stock and movements row by row, for tables out of the house. Quantities are bottles."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from core.db import sql
from core.db.scopes import lines_within
from core.kernel.actor import Actor
from core.kernel.text import normalised
from dms.stock.models import Movement
from dms.stock.permissions import Permission
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


@dataclass(frozen=True, slots=True)
class MovementFilter:
    """What a list of movements is narrowed to; empty is not at all."""

    sku_code: str = ""
    warehouse_code: str = ""

    @classmethod
    def of(cls, params: Mapping[str, str]) -> "MovementFilter":
        """Read ``?sku= &warehouse=``."""
        return cls(normalised(params.get("sku", ""))[:48], normalised(params.get("warehouse", ""))[:20])


def movement_rows(actor: Actor, asked: MovementFilter) -> QuerySet[Movement]:
    """What moved in the actor's own house, of the seat's lines, the newest first. Raises ``NotPermitted``."""
    actor.require(Permission.READ, writes=False)
    rows = Movement.objects.filter(
        lines_within(actor, "stock__sku__product_line__code"), stock__owner_id=actor.dealer_id
    )
    if asked.sku_code:
        rows = rows.filter(stock__sku__code=asked.sku_code)
    if asked.warehouse_code:
        rows = rows.filter(stock__warehouse__code=asked.warehouse_code)
    return rows.order_by("-at", "-id")
