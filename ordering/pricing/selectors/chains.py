"""The short ordered chain of lists a buyer's prices come from, and the entries that rule in it.

CTEs shared by all questions, so that a page of prices is one statement. Read docs/algorithms/pricing.md first.
"""

from collections.abc import Sequence
from datetime import datetime

from core.kernel import regions
from dms.dealers.selectors import TradingDealer

MOST_PARENTS = 3
"""Lists a derived list may have above it."""
MOST_STEPS = 99_999
"""More than all lists of a chain can say of one SKU."""
UP = """
up AS NOT MATERIALIZED (
    SELECT id, parent_id, code, json_build_array(factor_ppm, round_to, round_mode) AS told,
           ARRAY[factor_ppm, CASE round_mode WHEN 'HALF_UP' THEN 500000 * round_to WHEN 'UP' THEN 1000000 * round_to - 1
                             ELSE 0 END, 1000000 * round_to, round_to]::numeric[] AS stage
    FROM pricing_pricelist
)"""
"""Every list with its derivation: ×, +, ÷ and × again."""
_AS_IT_IS = "'{1,0,1,1}'"
SOURCE = f"""
    SELECT 0 AS depth, list.id AS source_id, NULL AS origin, NULL AS s1, NULL AS s2, NULL AS s3
    UNION ALL
    SELECT above.* FROM up AS own JOIN up AS up1 ON up1.id = own.parent_id LEFT JOIN up AS up2 ON up2.id = up1.parent_id
    LEFT JOIN up AS up3 ON up3.id = up2.parent_id CROSS JOIN LATERAL (VALUES
        (1, up1.id, json_build_array(up1.code, own.told), own.stage, {_AS_IT_IS}, {_AS_IT_IS}),
        (2, up2.id, json_build_array(up2.code, up1.told, own.told), own.stage, up1.stage, {_AS_IT_IS}),
        (3, up3.id, json_build_array(up3.code, up2.told, up1.told, own.told), own.stage, up1.stage, up2.stage)
    ) AS above(depth, id, origin, s1, s2, s3)
    WHERE own.id = list.id AND list.parent_id IS NOT NULL AND above.id IS NOT NULL"""
"""A row a source of ``list``: itself (depth 0) and its parents, with the derivations between them. Needs ``UP``."""

_POSITION = """1000000 * array_position('{DEALER,GROUP,TIER,NATIONAL}', scope::text)
           + 10000 * array_position(%(lineage)s::text[], region_code::text)
           + CASE channel WHEN '' THEN 5000 ELSE 0 END
           + coalesce(array_position(%(price_groups)s::bigint[], price_group_id), 0)"""
CHAIN = f"""{UP}, lowest AS (SELECT choice = 'LOWEST' AS yes FROM pricing_pricingsettings),
chain AS (
    SELECT list.id, list.code, kind = 'FLOOR' AS is_floor, divides_cases, parent_id IS NOT NULL AS is_derived, source.*,
           {_POSITION} AS position
    FROM pricing_pricelist AS list, LATERAL ({SOURCE}
    ) AS source
    WHERE seller_id = %(seller)s AND is_active AND currency = %(currency)s
      AND kind = ANY(%(kinds)s::text[])
      AND region_code = ANY(%(lineage)s::text[]) AND channel IN ('', %(channel)s)
      AND (scope = 'NATIONAL' OR (scope = 'DEALER' AND dealer_id = %(buyer)s)
           OR (scope = 'GROUP' AND price_group_id = ANY(%(price_groups)s::bigint[]))
           OR (scope = 'TIER' AND tier = %(tier)s))
    ORDER BY position
)"""
"""Needs ``chain_parameters``."""


def derived(amount: str) -> str:
    """What a list of ``chain`` makes of its source's amount, in whole numbers."""
    for n in range(MOST_PARENTS, 0, -1):
        amount = f"div({amount} * s{n}[1] + s{n}[2], s{n}[3]) * s{n}[4]"
    return f"({amount})::bigint"


_RULING = """
        SELECT DISTINCT ON (unit, min_quantity) {columns} FROM pricing_priceentry
        WHERE price_list_id = {source}.source_id AND sku_id = goods.id AND valid_from <= %(at)s
        ORDER BY unit DESC, min_quantity DESC, valid_from DESC"""
_STEP = "id AS entry_id, unit, min_quantity, valid_from, amount"
STEPS = f"""
    SELECT * FROM (
        SELECT chain.id AS list_id, is_floor, depth, position, entry_id, unit, min_quantity,
               valid_from, CASE depth WHEN 0 THEN amount ELSE {derived("amount")} END AS amount
        FROM chain, LATERAL ({_RULING.format(source="chain", columns=_STEP)}
        ) AS entry
        WHERE amount IS NOT NULL AND (depth = 0 OR NOT EXISTS (
            SELECT FROM chain AS near, LATERAL ({_RULING.format(source="near", columns="amount")}
            ) AS own WHERE near.id = chain.id AND near.depth < chain.depth AND own.amount IS NOT NULL))
    ) AS said WHERE amount > 0"""
"""What every list of ``chain`` says of ``goods.id``: its nearest source that says anything, derived."""

WINNING_LADDERS = f"""
ruling AS (
    SELECT goods.*, step.*, first_value(list_id) OVER (PARTITION BY goods.id, is_floor
               ORDER BY position, valid_from DESC, list_id DESC) AS winner_id
    FROM goods CROSS JOIN (VALUES (false), (true)) AS kind(floors) LEFT JOIN LATERAL ({STEPS} AND is_floor = floors
        ORDER BY position FETCH FIRST (SELECT 1 + {MOST_STEPS} * count(*) FROM lowest WHERE yes) ROWS WITH TIES
    ) AS step ON true
    WHERE list_id IS NOT NULL OR NOT floors
), ladder AS (
    SELECT * FROM ruling
    WHERE list_id IS NOT DISTINCT FROM winner_id OR (NOT is_floor AND (SELECT yes FROM lowest))
)"""
"""Needs a CTE ``goods(id, …)`` and ``CHAIN``; a SKU without a price has one row without a list.

One list of each kind, the first of the chain; all SALE lists where the lowest counts (``rules.composed`` does the
rest). The chain comes in order, and a SKU asks it no further than to the first place that says anything; lists at one
place are ties and come together. Each SKU × list is one probe of the entries' key, read backwards so that nothing is
sorted, and nothing is joined afterwards: the work stays linear even where PostgreSQL has no statistics yet (a brand of
yesterday) and takes every CTE for a single row. Only a derived list asks whether a nearer source speaks first.
"""


def chain_parameters(
    *,
    seller_id: int,
    buyer: TradingDealer,
    currency: str,
    at: datetime,
    kinds: Sequence[str] = ("SALE",),
) -> dict[str, object]:
    """What ``CHAIN`` and ``WINNING_LADDERS`` ask with."""
    return {
        "seller": seller_id,
        "buyer": buyer.id,
        "price_groups": list(buyer.price_group_ids),
        "tier": buyer.tier,
        "channel": buyer.channel,
        "lineage": list(lineage(buyer.region_code)),
        "currency": currency,
        "kinds": list(kinds),
        "at": at,
    }


def lineage(region_code: str) -> tuple[str, ...]:
    """Every region that holds ``region_code``, the narrowest first; a code nobody knows lies in the country only."""
    try:
        return regions.lineage(region_code)
    except regions.UnknownRegion:
        return (region_code, regions.COUNTRY)
