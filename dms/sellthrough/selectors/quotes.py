"""Quotes one below the other: as a page lists them and a file takes them out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from core.catalogue.models import Sku
from core.catalogue.selectors import matching
from core.db.scopes import lines_within
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.errors import Missing
from core.kernel.regions import within
from core.kernel.text import normalised
from dms.sellthrough.models import MarketQuote
from dms.sellthrough.permissions import Permission


@dataclass(frozen=True, slots=True)
class QuoteFilter:
    """What a list of quotes is narrowed to; empty is not at all. Both days are included.

    ``region_code``: the division and everything inside it. ``with_corrected``: also rows a later one has corrected.
    """

    text: str = ""
    sku_code: str = ""
    region_code: str = ""
    source: str = ""
    since: date | None = None
    until: date | None = None
    with_corrected: bool = False

    @classmethod
    def of(cls, params: Mapping[str, str]) -> "QuoteFilter":
        """Read ``?q= &sku= &region= &source= &since= &until= &all=``; what is no day is left aside."""
        return cls(
            text=normalised(params.get("q", ""))[:80],
            sku_code=params.get("sku", "")[:48],
            region_code=params.get("region", "")[:6],
            source=normalised(params.get("source", ""))[:40],
            since=_day(params.get("since", "")),
            until=_day(params.get("until", "")),
            with_corrected=params.get("all") == "1",
        )


def _day(text: str) -> date | None:
    try:
        return clock.read_day(text)
    except ValueError:
        return None


def quotes_visible_to(actor: Actor) -> QuerySet[MarketQuote]:
    """Every row about the seat's lines, heard in a division that meets its regions; for the brand's staff alone.

    What a province or the country fetches speaks for the cities in it, too. Raises ``NotPermitted``, ``Missing``.
    """
    actor.require(Permission.READ, writes=False)
    if not actor.is_brand_staff:
        raise Missing
    rows = MarketQuote.objects.filter(lines_within(actor, "sku__product_line__code"))
    if actor.scope.limits_regions:
        rows = rows.filter(region_code__in=sorted(actor.scope.met_region_codes))
    return rows


def is_corrected() -> Exists:
    """Whether a later row of the same key has taken a row's place."""
    later = MarketQuote.objects.filter(
        sku=OuterRef("sku"),
        region_code=OuterRef("region_code"),
        quoted_on=OuterRef("quoted_on"),
        source=OuterRef("source"),
        pk__gt=OuterRef("pk"),
    )
    return Exists(later)


def standing_quotes(actor: Actor) -> QuerySet[MarketQuote]:
    """Those that stand: neither corrected nor taken back."""
    return quotes_visible_to(actor).filter(~is_corrected(), amount__isnull=False)


def quote_rows(actor: Actor, asked: QuoteFilter) -> QuerySet[MarketQuote]:
    """The quotes that fit, with their SKU and ``was_corrected``; the newest day first, then the last entered."""
    rows = quotes_visible_to(actor) if asked.with_corrected else standing_quotes(actor)
    if asked.text:
        rows = rows.filter(sku__in=matching(Sku.objects.all(), asked.text).order_by())
    if asked.sku_code:
        rows = rows.filter(sku__code=asked.sku_code)
    if asked.region_code:
        rows = rows.filter(region_code__in=sorted(within(asked.region_code)))
    if asked.source:
        rows = rows.filter(source=asked.source)
    days = Q()
    if asked.since:
        days &= Q(quoted_on__gte=asked.since)
    if asked.until:
        days &= Q(quoted_on__lte=asked.until)
    rows = rows.filter(days).annotate(was_corrected=is_corrected())
    return rows.select_related("sku").order_by("-quoted_on", "-pk")


def quote_in_sight(actor: Actor, quote_id: int) -> MarketQuote:
    """One row with its SKU and ``was_corrected``. Raises ``Missing``."""
    rows = quotes_visible_to(actor).annotate(was_corrected=is_corrected()).select_related("sku")
    row = rows.filter(pk=quote_id).first()
    if row is None:
        raise Missing
    return row
