"""Questions about stock. Quantities are bottles."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from core.db import scopes, sql
from core.db.scopes import lines_within
from core.events.models import Event
from core.kernel.actor import Actor
from core.kernel.text import normalised
from core.web.paging import Page
from dms.dealers.models import Dealer
from dms.dealers.selectors import dealers_visible_to
from dms.stock.errors import WarehouseMissing
from dms.stock.events import COUNT, STOCK_COUNTED
from dms.stock.models import Movement, Stock, Warehouse
from dms.stock.permissions import Permission
from dms.stock.rules import Taken

_FREE = """
SELECT stock.sku_id, sum(stock.on_hand - stock.reserved)::bigint
FROM stock_stock AS stock JOIN stock_warehouse AS warehouse ON warehouse.id = stock.warehouse_id
WHERE stock.owner_id = %(seller)s AND stock.sku_id = ANY(%(skus)s::bigint[]) AND stock.condition = 'AVAILABLE'
  AND warehouse.is_active AND warehouse.kind NOT IN ('TRANSIT', 'CUSTODY', 'DEFECT')
GROUP BY stock.sku_id
"""


def free_by_sku(*, seller_id: int, sku_ids: Collection[int]) -> dict[int, int]:
    """Bottles the seller could reserve now, by SKU id; 0 for a SKU never stocked. One query, no lock, no promise."""
    found: dict[int, int] = dict(sql.rows(_FREE, {"seller": seller_id, "skus": list(sku_ids)}))
    return {sku_id: found.get(sku_id, 0) for sku_id in sku_ids}


_OPEN = """
SELECT kept.line_no, kept.stock_id, stock.warehouse_id, kept.bottles - kept.shipped - kept.released
FROM stock_reservation AS kept JOIN stock_stock AS stock ON stock.id = kept.stock_id
WHERE kept.document_type = %(document_type)s AND kept.document_number = %(document_number)s
  AND kept.bottles > kept.shipped + kept.released
ORDER BY kept.line_no, kept.stock_id
"""


def open_reservations(*, document_type: str, document_number: str) -> tuple[Taken, ...]:
    """What a document still has reserved, by line and row of stock. One query."""
    document = {"document_type": document_type, "document_number": document_number}
    return tuple(Taken(*row) for row in sql.rows(_OPEN, document))


@dataclass(frozen=True, slots=True)
class EarlierCount:
    """A count that was booked: the digest of what it said, and how many rows it changed."""

    said: str
    changed: int


def earlier_count(*, seller_id: int, number: str) -> EarlierCount | None:
    """The count booked under ``number`` by that house, if any."""
    event = Event.objects.filter(
        aggregate_type=COUNT, aggregate_id=number, kind=STOCK_COUNTED, seller_id=seller_id
    ).first()
    return EarlierCount(event.payload["said"], len(event.payload["changes"])) if event else None


def warehouses_visible_to(actor: Actor) -> QuerySet[Warehouse]:
    """The warehouses of the actor's own house, those drawn from first in front. Raises ``NotPermitted``.

    Every seat reads all of them: what can be promised concerns whoever sells.
    """
    actor.require(Permission.READ, writes=False)
    return Warehouse.objects.filter(owner_id=actor.dealer_id).order_by("-is_active", "priority", "code")


@dataclass(frozen=True, slots=True)
class StockFilter:
    """What a list of stock is narrowed to; empty fields do not. ``only``: ``short`` (nothing free), ``reserved``."""

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
            only if only in ("short", "reserved") else "",
        )


@dataclass(frozen=True, slots=True)
class StockPlace:
    """One row of stock: where, which batch and condition, bottles."""

    stock_id: int
    warehouse_code: str
    warehouse_name: str
    batch: str
    condition: str
    on_hand: int
    reserved: int

    @property
    def free(self) -> int:
        """Bottles nobody has reserved."""
        return self.on_hand - self.reserved


@dataclass(frozen=True, slots=True)
class StockLine:
    """One SKU with its rows of stock; ``on_hand`` and ``reserved`` over all of them, ``free`` what can be sold."""

    sku_id: int
    sku_code: str
    sku_name: str
    bottles_per_case: int
    places: tuple[StockPlace, ...]

    @property
    def on_hand(self) -> int:
        """Bottles that lie there in any condition."""
        return sum(place.on_hand for place in self.places)

    @property
    def reserved(self) -> int:
        """Bottles kept for orders."""
        return sum(place.reserved for place in self.places)

    @property
    def free(self) -> int:
        """Sellable bottles nobody has reserved."""
        return sum(place.free for place in self.places if place.condition == "AVAILABLE")


_PAGE = f"""
WITH sums AS (
    SELECT stock.sku_id,
           sum(stock.on_hand - stock.reserved) FILTER (WHERE stock.condition = 'AVAILABLE') AS free,
           sum(stock.reserved) AS reserved
    FROM stock_stock AS stock JOIN stock_warehouse AS warehouse ON warehouse.id = stock.warehouse_id
    WHERE stock.owner_id = %(owner)s AND (%(warehouse)s = '' OR warehouse.code = %(warehouse)s)
    GROUP BY stock.sku_id
), asked AS (
    SELECT sku.id, sku.code, sku.name, sku.bottles_per_case
    FROM sums JOIN catalogue_sku AS sku ON sku.id = sums.sku_id
    JOIN catalogue_productline AS line ON line.id = sku.product_line_id AND {scopes.line_condition("line.code")}
    WHERE (%(text)s = '' OR strpos(lower(sku.code || ' ' || sku.name), %(text)s) > 0)
      AND (%(only)s <> 'short' OR coalesce(sums.free, 0) <= 0) AND (%(only)s <> 'reserved' OR sums.reserved > 0)
    ORDER BY sku.code LIMIT %(limit)s OFFSET %(offset)s
)
SELECT asked.id, asked.code, asked.name, asked.bottles_per_case, stock.id, warehouse.code, warehouse.name, stock.batch,
       stock.condition, stock.on_hand, stock.reserved
FROM asked JOIN stock_stock AS stock ON stock.sku_id = asked.id AND stock.owner_id = %(owner)s
JOIN stock_warehouse AS warehouse ON warehouse.id = stock.warehouse_id
WHERE %(warehouse)s = '' OR warehouse.code = %(warehouse)s
ORDER BY asked.code, warehouse.priority, warehouse.code, stock.batch, stock.id
"""


def stock_page(*, actor: Actor, filters: StockFilter, page: int = 1, size: int = 50) -> Page[StockLine]:
    """What the actor's own house has of the seat's product lines, by SKU. One query. Raises ``NotPermitted``."""
    actor.require(Permission.READ, writes=False)
    found = sql.rows(
        _PAGE,
        {
            "owner": actor.dealer_id,
            "warehouse": normalised(filters.warehouse_code),
            "text": normalised(filters.text).casefold(),
            "only": filters.only,
            "limit": size + 1,
            "offset": (page - 1) * size,
            **scopes.parameters(actor),
        },
    )
    places: dict[tuple[int, str, str, int], list[StockPlace]] = {}
    for row in found:
        places.setdefault((row[0], row[1], row[2], row[3]), []).append(StockPlace(*row[4:]))
    lines = [StockLine(*sku, tuple(rows)) for sku, rows in places.items()]
    return Page(lines[:size], page, size, len(lines) > size)


@dataclass(frozen=True, slots=True)
class HeldLine:
    """What one house has of a SKU over all its warehouses, bottles; ``free`` is sellable and not reserved."""

    sku_code: str
    sku_name: str
    sku_name_en: str
    bottles_per_case: int
    on_hand: int
    reserved: int
    free: int


def stock_of_dealer(actor: Actor, dealer_code: str, *, limit: int = 500) -> list[HeldLine]:
    """What a dealer's own house has, in shelf order, without what is all gone. One query.

    The brand's staff read it of every dealer they see; a dealer reads its own alone and finds nothing of others.
    Raises ``NotPermitted``.
    """
    actor.require(Permission.READ, writes=False)
    seen = dealers_visible_to(actor) if actor.is_brand_staff else Dealer.objects.filter(pk=actor.dealer_id)
    houses = seen.filter(code=normalised(dealer_code))
    sellable = Q(condition=Stock.Condition.AVAILABLE)
    rows = (
        Stock.objects.filter(lines_within(actor, "sku__product_line__code"), owner__in=houses.values("pk"))
        .order_by("sku__rank", "sku_id")
        .values_list("sku__code", "sku__name", "sku__name_en", "sku__bottles_per_case", "sku__rank", "sku_id")
        .annotate(
            bottles=Sum("on_hand"),
            kept=Sum("reserved"),
            left=Coalesce(Sum(F("on_hand") - F("reserved"), filter=sellable), 0),
        )
        .exclude(bottles=0)[:limit]
    )
    return [HeldLine(*row[:4], *row[6:]) for row in rows]


@dataclass(frozen=True, slots=True)
class MovementLine:
    """One movement as a list shows it; bottles signed."""

    at: datetime
    kind: str
    bottles: int
    warehouse_code: str
    batch: str
    document_type: str
    document_number: str
    reason: str
    person_id: UUID | None


def movements(actor: Actor, sku_code: str, *, warehouse_code: str = "", limit: int = 200) -> list[MovementLine]:
    """The newest movements of a SKU in the actor's own house. One query. Raises ``NotPermitted``."""
    actor.require(Permission.READ, writes=False)
    rows = Movement.objects.filter(
        lines_within(actor, "stock__sku__product_line__code"),
        stock__owner_id=actor.dealer_id,
        stock__sku__code=normalised(sku_code),
    )
    if warehouse_code:
        rows = rows.filter(stock__warehouse__code=normalised(warehouse_code))
    return [
        MovementLine(*row)
        for row in rows.order_by("-at", "-id").values_list(
            "at",
            "kind",
            "bottles",
            "stock__warehouse__code",
            "stock__batch",
            "document_type",
            "document_number",
            "reason",
            "person_id",
        )[:limit]
    ]


@dataclass(frozen=True, slots=True)
class LevelAt:
    """What lies in one warehouse of a SKU and batch, bottles."""

    on_hand: int
    reserved: int


def levels_at(
    actor: Actor, warehouse_code: str, *, codes: Sequence[str] | None = None
) -> dict[tuple[str, str], LevelAt]:
    """AVAILABLE stock of one warehouse of the actor's own house, by SKU code and batch; of ``codes`` where they are
    named. Two queries.

    Raises ``NotPermitted``, ``WarehouseMissing``.
    """
    warehouse = warehouses_visible_to(actor).filter(code=normalised(warehouse_code), is_active=True).first()
    if warehouse is None:
        raise WarehouseMissing(warehouse=warehouse_code[:40])
    wanted = {
        "warehouse": warehouse.pk,
        "owner": actor.dealer_id,
        "codes": None if codes is None else list(dict.fromkeys(codes)),
        **scopes.parameters(actor),
    }
    rows = sql.rows(_LEVELS, wanted)
    return {(code, batch): LevelAt(on_hand, reserved) for code, batch, on_hand, reserved in rows}


_LEVELS = f"""
SELECT sku.code, stock.batch, stock.on_hand, stock.reserved
FROM stock_stock AS stock JOIN catalogue_sku AS sku ON sku.id = stock.sku_id
JOIN catalogue_productline AS line ON line.id = sku.product_line_id AND {scopes.line_condition("line.code")}
WHERE stock.warehouse_id = %(warehouse)s AND stock.owner_id = %(owner)s AND stock.condition = 'AVAILABLE'
  AND (%(codes)s::text[] IS NULL OR sku.code = ANY(%(codes)s::text[]))
"""


def skus_by_term(actor: Actor, terms: Collection[str]) -> dict[str, tuple[str, int]]:
    """Code and bottles a case of the SKUs that ``terms`` name by code, case barcode or an unambiguous bottle barcode.

    Only those of the seat's product lines. One query.
    """
    wanted = {term for term in terms if term}
    rows = sql.rows(_BY_TERM, {"terms": list(wanted), **scopes.parameters(actor)})
    found: dict[str, set[tuple[str, int]]] = {}
    for term, code, per_case in rows:
        found.setdefault(term, set()).add((code, per_case))
    return {term: next(iter(skus)) for term, skus in found.items() if len(skus) == 1}


_BY_TERM = f"""
WITH asked AS (SELECT unnest(%(terms)s::text[]) AS term), goods AS NOT MATERIALIZED (
    SELECT sku.* FROM catalogue_sku AS sku
    JOIN catalogue_productline AS line ON line.id = sku.product_line_id AND {scopes.line_condition("line.code")}
)
SELECT term, code, bottles_per_case FROM asked JOIN goods ON goods.code = term
UNION ALL SELECT term, code, bottles_per_case FROM asked JOIN goods ON goods.gtin14 = term
UNION ALL SELECT term, code, bottles_per_case FROM asked JOIN goods ON goods.gtin13 = term
"""

_CHECK = """
SELECT stock.id, stock.on_hand, stock.reserved, coalesce(moved.bottles, 0)::bigint, coalesce(kept.bottles, 0)::bigint
FROM stock_stock AS stock
LEFT JOIN (SELECT stock_id, sum(bottles) AS bottles FROM stock_movement GROUP BY stock_id) AS moved
  ON moved.stock_id = stock.id
LEFT JOIN (SELECT stock_id, sum(bottles - shipped - released) AS bottles FROM stock_reservation GROUP BY stock_id)
  AS kept ON kept.stock_id = stock.id
WHERE stock.on_hand <> coalesce(moved.bottles, 0) OR stock.reserved <> coalesce(kept.bottles, 0)
"""


def check_stock() -> list[str]:
    """Every way in which the stock of this schema contradicts itself, in words; empty when it is sound."""
    faults = []
    for stock_id, on_hand, reserved, moved, kept in sql.rows(_CHECK, {}):
        if on_hand != moved:
            faults.append(f"stock {stock_id}: {on_hand} on hand, movements say {moved}")
        if reserved != kept:
            faults.append(f"stock {stock_id}: {reserved} reserved, reservations say {kept}")
    return faults
