"""The short ordered chain of lists a buyer's prices come from, and the entries that rule in it.

Two CTEs shared by all questions, so that a page of prices is one statement. Read docs/algorithms/pricing.md first.
"""

from datetime import datetime

from core.kernel import regions
from dms.dealers.selectors import TradingDealer

CHAIN = """
chain AS MATERIALIZED (
    SELECT id, code,
           100 * CASE scope WHEN 'DEALER' THEN 0 WHEN 'GROUP' THEN 1 WHEN 'TIER' THEN 2 ELSE 3 END
           + array_position(%(lineage)s::text[], region_code::text) AS position
    FROM pricing_pricelist
    WHERE seller_id = %(seller)s AND is_active AND currency = %(currency)s
      AND region_code = ANY(%(lineage)s::text[])
      AND (scope = 'NATIONAL' OR (scope = 'DEALER' AND dealer_id = %(buyer)s)
           OR (scope = 'GROUP' AND price_group_id = ANY(%(price_groups)s::bigint[]))
           OR (scope = 'TIER' AND tier = %(tier)s))
)"""
"""Needs ``chain_parameters``."""

WINNING_LADDERS = """
ruling AS (
    SELECT goods.*, step.*,
           first_value(step.list_id) OVER (PARTITION BY goods.id
               ORDER BY step.position, step.valid_from DESC, step.list_id DESC) AS winner_id
    FROM goods LEFT JOIN LATERAL (
        SELECT chain.id AS list_id, chain.code AS list_code, chain.position,
               entry.id AS entry_id, entry.unit, entry.min_quantity, entry.amount, entry.valid_from
        FROM chain CROSS JOIN LATERAL (
            SELECT DISTINCT ON (unit, min_quantity) id, unit, min_quantity, amount, valid_from
            FROM pricing_priceentry
            WHERE price_list_id = chain.id AND sku_id = goods.id AND valid_from <= %(at)s
            ORDER BY unit, min_quantity, valid_from DESC
        ) AS entry
        WHERE entry.amount IS NOT NULL
    ) AS step ON true
), ladder AS (
    SELECT * FROM ruling WHERE list_id IS NOT DISTINCT FROM winner_id
)"""
"""Needs a CTE ``goods(id, …)`` and ``CHAIN``; a SKU without a price has one row without a list.

Each SKU × list is one probe of the entries' key and nothing is joined afterwards: the work stays linear even where
PostgreSQL has no statistics yet (a brand of yesterday) and takes every CTE for a single row.
"""


def chain_parameters(*, seller_id: int, buyer: TradingDealer, currency: str, at: datetime) -> dict[str, object]:
    """What ``CHAIN`` and ``WINNING_LADDERS`` ask with."""
    return {
        "seller": seller_id,
        "buyer": buyer.id,
        "price_groups": list(buyer.price_group_ids),
        "tier": buyer.tier,
        "lineage": list(lineage(buyer.region_code)),
        "currency": currency,
        "at": at,
    }


def lineage(region_code: str) -> tuple[str, ...]:
    """Every region that holds ``region_code``, the narrowest first; a code nobody knows lies in the country only."""
    try:
        return regions.lineage(region_code)
    except regions.UnknownRegion:
        return (region_code, regions.COUNTRY)
