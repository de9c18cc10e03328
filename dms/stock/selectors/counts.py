"""Questions about counts on a sheet. Quantities are bottles."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Q, QuerySet

from core.db import scopes, sql
from core.kernel.actor import Actor
from core.kernel.text import normalised
from core.web.paging import Page
from dms.stock.errors import CountMissing
from dms.stock.models import StockCount
from dms.stock.permissions import Permission

SHOWN = ("open", "differs")


def counts_visible_to(actor: Actor) -> QuerySet[StockCount]:
    """The sheets of the actor's own house, the newest first. Raises ``NotPermitted``."""
    actor.require(Permission.READ, writes=False)
    return StockCount.objects.filter(owner_id=actor.dealer_id).select_related("warehouse").order_by("-id")


@dataclass(frozen=True, slots=True)
class CountFilter:
    """What the list of counts is narrowed to; empty is not at all."""

    status: str = ""
    warehouse_code: str = ""

    @classmethod
    def of(cls, params: Mapping[str, str]) -> "CountFilter":
        """Read ``?status= &warehouse=``; the unknown is left aside."""
        status = params.get("status", "")
        return cls(status if status in StockCount.Status.values else "", normalised(params.get("warehouse", ""))[:20])


def count_rows(actor: Actor, asked: CountFilter) -> QuerySet[StockCount]:
    """Sheets with ``line_count``, ``counted_count`` and ``difference_count``, the newest first."""
    rows = counts_visible_to(actor)
    if asked.status:
        rows = rows.filter(status=asked.status)
    if asked.warehouse_code:
        rows = rows.filter(warehouse__code=asked.warehouse_code)
    return rows.annotate(
        line_count=Count("lines"),
        counted_count=Count("lines", filter=Q(lines__counted__isnull=False)),
        difference_count=Count("lines", filter=~Q(lines__counted=F("lines__books"))),
    )


def count_states(actor: Actor) -> dict[str, int]:
    """How many sheets are in each state. One query."""
    rows = counts_visible_to(actor).order_by().values_list("status").annotate(n=Count("id"))
    return dict(rows)


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One stock key of a sheet; ``on_hand`` and ``reserved`` as they are now."""

    line_id: int
    position: int
    sku_code: str
    sku_name: str
    sku_name_en: str
    bottles_per_case: int
    gtin: str
    batch: str
    condition: str
    expected: int
    books: int | None
    counted: int | None
    booked: int | None
    reason: str
    entered_by_name: str
    entered_at: datetime | None
    on_hand: int
    reserved: int

    @property
    def difference(self) -> int | None:
        """Counted less what the books said at that moment."""
        return None if self.counted is None or self.books is None else self.counted - self.books

    @property
    def moved(self) -> int:
        """What moved between opening and counting (or now, where nothing is counted)."""
        return (self.on_hand if self.books is None else self.books) - self.expected

    @property
    def is_promised(self) -> bool:
        """Booking would leave less than orders are promised."""
        return self.booked is None and self.on_hand + (self.difference or 0) < self.reserved


@dataclass(frozen=True, slots=True)
class SheetFigures:
    """Where a sheet stands: lines, those counted, those that differ, and what is over and missing, bottles."""

    lines: int
    counted: int
    differing: int
    over: int
    missing: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet with a page of its lines; ``page.total`` are those that fit."""

    count: StockCount
    figures: SheetFigures
    page: Page[SheetLine]


_LINES = f"""
FROM stock_stockcountline AS line JOIN catalogue_sku AS sku ON sku.id = line.sku_id
JOIN catalogue_productline AS family ON family.id = sku.product_line_id AND {scopes.line_condition("family.code")}
WHERE line.count_id = %(count)s
"""
_FITS = """
AND (%(text)s = ''
     OR strpos(lower(sku.code || ' ' || sku.name || ' ' || sku.name_en || ' ' || line.batch), %(text)s) > 0
     OR sku.gtin13 = %(text)s OR sku.gtin14 = %(text)s)
AND (%(ids)s::bigint[] IS NULL OR line.id = ANY(%(ids)s::bigint[]))
AND (%(only)s <> 'open' OR line.counted IS NULL) AND (%(only)s <> 'differs' OR line.counted <> line.books)
"""
_FIGURES = f"""
SELECT count(*), count(line.counted), count(*) FILTER (WHERE line.counted <> line.books),
       coalesce(sum(line.counted - line.books) FILTER (WHERE line.counted > line.books), 0)::bigint,
       coalesce(sum(line.books - line.counted) FILTER (WHERE line.counted < line.books), 0)::bigint,
       count(*) FILTER (WHERE true {_FITS})
{_LINES}
"""
_SHEET = f"""
SELECT line.id, line.position, sku.code, sku.name, sku.name_en, sku.bottles_per_case, coalesce(sku.gtin13, ''),
       line.batch, line.condition, line.expected, line.books, line.counted, line.difference, line.reason,
       line.entered_by_name, line.entered_at,
       coalesce((SELECT stock.on_hand FROM stock_stock AS stock WHERE {{key}}), 0),
       coalesce((SELECT stock.reserved FROM stock_stock AS stock WHERE {{key}}), 0)
{_LINES} {_FITS}
ORDER BY line.position, line.id LIMIT %(limit)s OFFSET %(offset)s
""".replace(
    "{key}",
    "stock.owner_id = %(owner)s AND stock.sku_id = line.sku_id AND stock.warehouse_id = %(warehouse)s"
    " AND stock.batch = line.batch AND stock.condition = line.condition",
)


def sheet(
    actor: Actor,
    number: str,
    *,
    text: str = "",
    only: str = "",
    ids: Collection[int] | None = None,
    page: int = 1,
    size: int = 50,
) -> Sheet:
    """A count with a page of its lines, of the seat's product lines. Three queries.

    ``only``: ``open`` (not counted yet) or ``differs``; ``ids``: these lines alone.
    Raises ``NotPermitted``, ``CountMissing``.
    """
    count = counts_visible_to(actor).filter(number=normalised(number)).first()
    if count is None:
        raise CountMissing(number=normalised(number)[:30])
    asked = {
        "count": count.pk,
        "owner": count.owner_id,
        "warehouse": count.warehouse_id,
        "text": normalised(text).casefold(),
        "only": only,
        "ids": None if ids is None else list(ids),
        "limit": size,
        "offset": (page - 1) * size,
        **scopes.parameters(actor),
    }
    *figures, fitting = sql.rows(_FIGURES, asked)[0]
    lines = [SheetLine(*row) for row in sql.rows(_SHEET, asked)]
    return Sheet(count, SheetFigures(*figures), Page(lines, page, size, page * size < fitting, fitting))
