"""Quotes looked at together: which may stand, what stood before, and the writing; a few statements for any number."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from core.db import scopes, sql
from core.events.services import record
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.errors import DomainError, Field, OutOfScope
from dms.dealers.selectors import brand_currency
from dms.sellthrough.errors import QuoteTwice, SkuUnknown
from dms.sellthrough.events import MARKET_QUOTES_RECORDED, QUOTES
from dms.sellthrough.models import MarketQuote
from dms.sellthrough.rules import Heard, faults_of, source_of

_SKUS = f"""
SELECT sku.code, sku.id FROM catalogue_sku AS sku
JOIN catalogue_productline AS line ON line.id = sku.product_line_id AND {scopes.line_condition("line.code")}
WHERE sku.code = ANY(%(codes)s::text[])
"""
_STANDING = """
SELECT asked.place, quote.amount, quote.unit, quote.currency
FROM unnest(%(places)s::int[], %(skus)s::bigint[], %(regions)s::text[], %(days)s::date[], %(sources)s::text[])
     AS asked(place, sku_id, region_code, quoted_on, source)
CROSS JOIN LATERAL (
    SELECT amount, unit, currency FROM sellthrough_marketquote AS row
    WHERE row.sku_id = asked.sku_id AND row.region_code = asked.region_code AND row.quoted_on = asked.quoted_on
      AND row.source = asked.source
    ORDER BY row.id DESC LIMIT 1
) AS quote
"""


@dataclass(frozen=True, slots=True)
class Said:
    """What stands for a key: nothing (no amount, no unit), or so many minor units a unit."""

    amount: int | None = None
    unit: str = ""
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Good:
    """A quote that may stand: its 1-based place among those asked, its SKU by id, and what stands so far."""

    place: int
    sku_id: int
    heard: Heard
    before: Said

    @property
    def is_new(self) -> bool:
        """Whether it says anything else than what stands; taking back what does not stand says nothing."""
        now = Said(self.heard.amount, self.heard.unit.value, self.heard.currency)
        return (self.before.amount, now.amount) != (None, None) and self.before != now


def judged(actor: Actor, rows: Sequence[Heard]) -> tuple[list[Good], list[DomainError]]:
    """The quotes that may stand, and what is wrong with the others by line. Three statements.

    Faults: those of ``rules.faults_of``, ``SkuUnknown``, ``OutOfScope``, ``QuoteTwice``.
    """
    today, currency = clock.business_day(), brand_currency()
    asked = [replace(row, source=source_of(row.source), currency=row.currency or currency) for row in rows]
    codes = sorted({row.sku_code for row in asked})
    found = sql.rows(_SKUS, {"codes": codes, **scopes.parameters(actor)})
    skus: dict[str, int] = {str(row[0]): int(row[1]) for row in found}
    faults: list[DomainError] = []
    good: list[tuple[int, Heard]] = []
    seen: dict[tuple[str, str, date, str], int] = {}
    for place, row in enumerate(asked, start=1):
        wrong = faults_of(row, today=today, line=place)
        if row.sku_code not in skus:
            wrong.append(SkuUnknown(line=place, field="sku_code", sku=row.sku_code[:48]))
        if not wrong and not actor.scope.covers_region(row.region_code):
            wrong.append(OutOfScope(line=place, field="region_code"))
        if not wrong and seen.setdefault(row.key, place) != place:
            wrong.append(QuoteTwice(line=place, field="sku_code", sku=row.sku_code, other=seen[row.key]))
        faults += wrong
        if not wrong:
            good.append((place, row))
    before = _standing(good, skus)
    return [Good(place, skus[row.sku_code], row, before.get(place, Said())) for place, row in good], faults


def _standing(good: Sequence[tuple[int, Heard]], skus: Mapping[str, int]) -> dict[int, Said]:
    if not good:
        return {}
    parameters = {
        "places": [place for place, _row in good],
        "skus": [skus[row.sku_code] for _place, row in good],
        "regions": [row.region_code for _place, row in good],
        "days": [row.quoted_on.isoformat() for _place, row in good],
        "sources": [row.source for _place, row in good],
    }
    return {place: Said(*said) for place, *said in sql.rows(_STANDING, parameters)}


def written(actor: Actor, rows: Sequence[Good], *, now: datetime, number: str, said: str = "") -> None:
    """Write the rows and tell of them under ``number``; inside the caller's act. Two statements.

    ``said`` is a digest of what was asked, for a batch that may come twice.
    """
    MarketQuote.objects.bulk_create(
        [
            MarketQuote(
                sku_id=row.sku_id,
                region_code=row.heard.region_code,
                quoted_on=row.heard.quoted_on,
                source=row.heard.source,
                unit=row.heard.unit.value,
                amount=row.heard.amount,
                currency=row.heard.currency,
                person_id=actor.person_id,
                entered_by_name=actor.person_name[:80],
                entered_at=now,
            )
            for row in rows
        ]
    )
    record(
        kind=MARKET_QUOTES_RECORDED,
        aggregate_type=QUOTES,
        aggregate_id=number,
        version=1,
        actor=actor,
        payload={"said": said, "quotes": [_told(row.heard) for row in rows]},
        seller_id=actor.dealer_id,
    )


def _told(heard: Heard) -> dict[str, Field]:
    return {
        "sku": heard.sku_code,
        "region": heard.region_code,
        "on": heard.quoted_on.isoformat(),
        "source": heard.source,
        "unit": heard.unit.value,
        "amount": heard.amount,
        "currency": heard.currency,
    }
