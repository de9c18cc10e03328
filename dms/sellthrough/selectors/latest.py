"""What goods fetch now: the newest quote by SKU and division, from the nearest region that has one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from core.db import scopes, sql
from core.kernel import regions
from core.kernel.actor import Actor
from core.kernel.errors import Missing
from dms.sellthrough.permissions import Permission
from dms.sellthrough.rules import FRESH_DAYS, a_bottle

_LATEST = f"""
WITH asked AS (
    SELECT * FROM unnest(%(asked)s::text[], %(holders)s::text[], %(depths)s::int[]) AS a(region, holder, depth)
    WHERE %(met)s::text[] IS NULL OR holder = ANY(%(met)s::text[])
)
SELECT DISTINCT ON (sku.id, asked.region) sku.id, sku.code, sku.bottles_per_case, asked.region, quote.*
FROM catalogue_sku AS sku
JOIN catalogue_productline AS line ON line.id = sku.product_line_id AND {scopes.line_condition("line.code")}
CROSS JOIN asked CROSS JOIN LATERAL (
    SELECT id AS quote_id, region_code, quoted_on, source, unit, amount, currency
    FROM sellthrough_marketquote AS row
    WHERE row.sku_id = sku.id AND row.region_code = asked.holder
      AND row.quoted_on BETWEEN %(since)s AND %(day)s AND row.amount IS NOT NULL
      AND NOT EXISTS (
          SELECT FROM sellthrough_marketquote AS later
          WHERE later.sku_id = row.sku_id AND later.region_code = row.region_code AND later.quoted_on = row.quoted_on
            AND later.source = row.source AND later.id > row.id)
    ORDER BY row.quoted_on DESC, row.id DESC LIMIT 1
) AS quote
WHERE sku.id = ANY(%(ids)s::bigint[]) OR sku.code = ANY(%(codes)s::text[])
ORDER BY sku.id, asked.region, asked.depth
"""


@dataclass(frozen=True, slots=True)
class LatestQuote:
    """The newest quote for a SKU in ``asked_region``, heard in ``region_code``: that division or one that holds it."""

    sku_id: int
    sku_code: str
    bottles_per_case: int
    asked_region: str
    quote_id: int
    region_code: str
    quoted_on: date
    source: str
    unit: str
    amount: int
    currency: str

    @property
    def bottle_amount(self) -> int:
        """What it comes to a bottle, half-up, minor units."""
        return a_bottle(self.amount, self.unit, self.bottles_per_case)

    @property
    def case_amount(self) -> int:
        """What it comes to a case, minor units; a quote for a bottle times the pack."""
        return self.amount if self.unit == "CASE" else self.amount * self.bottles_per_case


def latest_quotes(
    actor: Actor,
    *,
    region_codes: Iterable[str],
    day: date,
    sku_ids: Iterable[int] = (),
    sku_codes: Iterable[str] = (),
    fresh_days: int = FRESH_DAYS,
) -> dict[tuple[str, str], LatestQuote]:
    """By SKU code and division asked for; what nobody has quoted of late is not in it. One statement.

    A division without a quote of its own takes that of the nearest one holding it; of one day's the last entered.
    Raises ``NotPermitted``, ``Missing`` for a dealer's seat.
    """
    actor.require(Permission.READ, writes=False)
    if not actor.is_brand_staff:
        raise Missing
    places = [(code, *held) for code in sorted(set(region_codes)) for held in _holders(code)]
    parameters: dict[str, object] = {
        "asked": [place[0] for place in places],
        "holders": [place[1] for place in places],
        "depths": [place[2] for place in places],
        "met": sorted(actor.scope.met_region_codes) if actor.scope.limits_regions else None,
        "ids": list(sku_ids),
        "codes": list(sku_codes),
        "day": day,
        "since": day - timedelta(days=fresh_days),
        **scopes.parameters(actor),
    }
    found = (LatestQuote(*row) for row in sql.rows(_LATEST, parameters))
    return {(one.sku_code, one.asked_region): one for one in found}


def _holders(code: str) -> list[tuple[str, int]]:
    try:
        lineage = regions.lineage(code)
    except regions.UnknownRegion:
        lineage = (code, regions.COUNTRY)
    return [(holder, depth) for depth, holder in enumerate(lineage)]


_FRESH = f"""
SELECT DISTINCT ON (row.sku_id, row.region_code) sku.id, sku.code, sku.bottles_per_case, row.region_code,
       row.id, row.region_code, row.quoted_on, row.source, row.unit, row.amount, row.currency
FROM sellthrough_marketquote AS row
JOIN catalogue_sku AS sku ON sku.id = row.sku_id AND sku.status = 'ON'
JOIN catalogue_productline AS line ON line.id = sku.product_line_id AND {scopes.line_condition("line.code")}
WHERE row.quoted_on BETWEEN %(since)s AND %(day)s AND row.amount IS NOT NULL
  AND (%(met)s::text[] IS NULL OR row.region_code = ANY(%(met)s::text[]))
  AND (%(within)s::text[] IS NULL OR row.region_code = ANY(%(within)s::text[]))
  AND NOT EXISTS (
      SELECT FROM sellthrough_marketquote AS later
      WHERE later.sku_id = row.sku_id AND later.region_code = row.region_code AND later.quoted_on = row.quoted_on
        AND later.source = row.source AND later.id > row.id)
ORDER BY row.sku_id, row.region_code, row.quoted_on DESC, row.id DESC
"""


def fresh_quotes(
    actor: Actor, *, day: date, region_code: str = "", fresh_days: int = FRESH_DAYS
) -> tuple[LatestQuote, ...]:
    """The newest quote of every SKU on the shelf in every division where it was heard of late. One statement.

    ``region_code``: only in this division and those inside it. Raises ``NotPermitted``, ``Missing`` for a dealer.
    """
    actor.require(Permission.READ, writes=False)
    if not actor.is_brand_staff:
        raise Missing
    parameters: dict[str, object] = {
        "since": day - timedelta(days=fresh_days),
        "day": day,
        "met": sorted(actor.scope.met_region_codes) if actor.scope.limits_regions else None,
        "within": sorted(regions.within(region_code)) if region_code else None,
        **scopes.parameters(actor),
    }
    return tuple(LatestQuote(*row) for row in sql.rows(_FRESH, parameters))
