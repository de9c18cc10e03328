"""Questions about thresholds: what a house wants to hear of, and what is low now. Quantities are bottles."""

from collections.abc import Collection
from dataclasses import dataclass

from core.db import scopes, sql
from core.db.naming import called_in, reading
from core.kernel.actor import Actor
from dms.stock.permissions import Permission


@dataclass(frozen=True, slots=True)
class StockAlert:
    """A SKU of the house that is under its threshold; ``warehouse_code`` empty: over all warehouses that sell."""

    sku_id: int
    sku_code: str
    sku_name: str
    sku_name_en: str
    bottles_per_case: int
    warehouse_code: str
    warehouse_name: str
    threshold: int
    free: int

    @property
    def is_out(self) -> bool:
        """Nothing is free."""
        return self.free <= 0


@dataclass(frozen=True, slots=True)
class StockAlerts:
    """What is under a threshold: ``low`` with something left, ``out`` with nothing, and the emptiest rows."""

    low: int
    out: int
    rows: tuple[StockAlert, ...]


FREE_OF_THRESHOLDS = """
SELECT threshold.id, greatest(coalesce(sum(stock.on_hand - stock.reserved) FILTER (
           WHERE threshold.warehouse_id IS NOT NULL
              OR (warehouse.is_active AND warehouse.kind NOT IN ('TRANSIT', 'CUSTODY', 'DEFECT'))),
           0), 0)::bigint AS free
FROM stock_stockthreshold AS threshold
LEFT JOIN stock_stock AS stock ON stock.owner_id = threshold.owner_id AND stock.sku_id = threshold.sku_id
    AND stock.condition = 'AVAILABLE'
    AND (threshold.warehouse_id IS NULL OR stock.warehouse_id = threshold.warehouse_id)
LEFT JOIN stock_warehouse AS warehouse ON warehouse.id = stock.warehouse_id
"""
"""Free bottles of what each threshold watches; the asker adds WHERE, and ``GROUP BY threshold.id``."""

_ALERTS = f"""
WITH free AS ({FREE_OF_THRESHOLDS} WHERE threshold.owner_id = %(owner)s GROUP BY threshold.id)
SELECT sku.id, sku.code, sku.name, sku.name_en, sku.bottles_per_case, coalesce(warehouse.code, ''),
       coalesce({called_in("warehouse")}, ''), threshold.bottles, free.free,
       count(*) FILTER (WHERE free.free > 0) OVER (), count(*) FILTER (WHERE free.free = 0) OVER ()
FROM stock_stockthreshold AS threshold JOIN free ON free.id = threshold.id
JOIN catalogue_sku AS sku ON sku.id = threshold.sku_id
JOIN catalogue_productline AS line ON line.id = sku.product_line_id AND {scopes.line_condition("line.code")}
LEFT JOIN stock_warehouse AS warehouse ON warehouse.id = threshold.warehouse_id
WHERE threshold.owner_id = %(owner)s AND free.free < threshold.bottles
ORDER BY free.free::float8 / threshold.bottles, sku.code, warehouse.code NULLS FIRST
LIMIT %(limit)s
"""


def stock_alerts(actor: Actor, *, limit: int = 10) -> StockAlerts:
    """What is under a threshold in the actor's own house now, of the seat's lines, the emptiest first. One query.

    Nothing for a seat that may not read stock.
    """
    if not actor.can(Permission.READ):
        return StockAlerts(0, 0, ())
    rows = sql.rows(_ALERTS, {"owner": actor.dealer_id, "limit": limit, **reading(), **scopes.parameters(actor)})
    low, out = rows[0][9:11] if rows else (0, 0)
    return StockAlerts(low, out, tuple(StockAlert(*row[:9]) for row in rows))


@dataclass(frozen=True, slots=True)
class Threshold:
    """Below how many free bottles of a SKU the house wants to hear; ``warehouse_code`` empty: over all that sell."""

    sku_code: str
    warehouse_code: str
    bottles: int
    is_low: bool


def thresholds_of(actor: Actor, *, codes: Collection[str] | None = None) -> list[Threshold]:
    """The thresholds of the actor's own house, of the seat's lines, by SKU; of ``codes`` where named. One query.

    Raises ``NotPermitted``.
    """
    actor.require(Permission.READ, writes=False)
    asked = {"owner": actor.dealer_id, "codes": None if codes is None else list(codes), **scopes.parameters(actor)}
    return [Threshold(*row) for row in sql.rows(_THRESHOLDS, asked)]


_THRESHOLDS = f"""
SELECT sku.code, coalesce(warehouse.code, ''), threshold.bottles, threshold.is_low
FROM stock_stockthreshold AS threshold JOIN catalogue_sku AS sku ON sku.id = threshold.sku_id
JOIN catalogue_productline AS line ON line.id = sku.product_line_id AND {scopes.line_condition("line.code")}
LEFT JOIN stock_warehouse AS warehouse ON warehouse.id = threshold.warehouse_id
WHERE threshold.owner_id = %(owner)s AND (%(codes)s::text[] IS NULL OR sku.code = ANY(%(codes)s::text[]))
ORDER BY sku.code, warehouse.code NULLS FIRST
"""
