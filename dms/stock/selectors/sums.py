"""The sums every list of stock is narrowed by, as SQL: one way for the page, its chips and its file."""

from collections.abc import Mapping
from dataclasses import dataclass

from core.catalogue.rules.search import query_terms
from core.db import scopes
from core.kernel.actor import Actor
from core.kernel.text import normalised

ONLY = ("alerts", "short", "low", "reserved")


@dataclass(frozen=True, slots=True)
class StockFilter:
    """What a list of stock is narrowed to; empty fields do not.

    ``only``: ``short`` (nothing free), ``low`` (some, but under a threshold), ``alerts`` (under a threshold, whatever
    is left), ``reserved``.
    """

    text: str = ""
    warehouse_code: str = ""
    only: str = ""

    @classmethod
    def of(cls, params: Mapping[str, str]) -> "StockFilter":
        """Read ``?q= &warehouse= &only=``, for the page and its export alike."""
        only = params.get("only", "")
        return cls(
            params.get("q", "").strip()[:80],
            params.get("warehouse", "")[:20],
            only if only in ONLY else "",
        )

    def parameters(self, actor: Actor) -> dict[str, object]:
        """What ``SUMS`` and ``ASKED`` ask with."""
        return {
            "owner": actor.dealer_id,
            "warehouse": normalised(self.warehouse_code),
            "text": normalised(self.text).casefold(),
            "words": query_terms(self.text).tsquery,
            "only": self.only,
            **scopes.parameters(actor),
        }


SUMS = """
places AS (
    SELECT stock.sku_id, stock.warehouse_id,
           warehouse.is_active AND warehouse.kind NOT IN ('TRANSIT', 'CUSTODY', 'DEFECT') AS sells,
           coalesce(sum(stock.on_hand - stock.reserved) FILTER (WHERE stock.condition = 'AVAILABLE'), 0) AS free,
           sum(stock.reserved) AS reserved
    FROM stock_stock AS stock JOIN stock_warehouse AS warehouse ON warehouse.id = stock.warehouse_id
    WHERE stock.owner_id = %(owner)s AND (%(warehouse)s = '' OR warehouse.code = %(warehouse)s)
    GROUP BY stock.sku_id, stock.warehouse_id, sells
), limits AS (
    SELECT threshold.sku_id, threshold.warehouse_id, threshold.bottles
    FROM stock_stockthreshold AS threshold
    LEFT JOIN stock_warehouse AS warehouse ON warehouse.id = threshold.warehouse_id
    WHERE threshold.owner_id = %(owner)s AND (%(warehouse)s = '' OR warehouse.code = %(warehouse)s)
), sums AS (
    SELECT sku_id, sum(free) AS free, sum(reserved) AS reserved
    FROM (SELECT sku_id, free, reserved FROM places UNION ALL SELECT sku_id, 0, 0 FROM limits) AS parts
    GROUP BY sku_id
), under AS (
    SELECT DISTINCT sku_id FROM (
        SELECT limits.sku_id FROM limits LEFT JOIN places ON places.sku_id = limits.sku_id
            AND (places.warehouse_id = limits.warehouse_id OR (limits.warehouse_id IS NULL AND places.sells))
        GROUP BY limits.sku_id, limits.warehouse_id, limits.bottles
        HAVING coalesce(sum(places.free), 0) < limits.bottles
    ) AS short
)
"""
"""CTEs: free and reserved of every SKU of the house, and which are under a threshold (a SKU never stocked too)."""

SEEN = f"""
FROM sums JOIN catalogue_sku AS sku ON sku.id = sums.sku_id
JOIN catalogue_productline AS line ON line.id = sku.product_line_id AND {scopes.line_condition("line.code")}
LEFT JOIN under ON under.sku_id = sums.sku_id
"""
FITS = """(%(text)s = '' OR strpos(lower(sku.code || ' ' || sku.name || ' ' || sku.name_en), %(text)s) > 0
  OR sku.search @@ %(words)s::tsquery)"""
"""A piece of code or name as it stands, or by the words, pinyin and barcodes every search of products knows."""
IS_SHORT, IS_LOW, IS_RESERVED = "sums.free <= 0", "(sums.free > 0 AND under.sku_id IS NOT NULL)", "sums.reserved > 0"
IS_ALERT = "under.sku_id IS NOT NULL"
ASKED = f"""{FITS} AND (%(only)s <> 'short' OR {IS_SHORT}) AND (%(only)s <> 'low' OR {IS_LOW})
  AND (%(only)s <> 'reserved' OR {IS_RESERVED}) AND (%(only)s <> 'alerts' OR {IS_ALERT})"""
