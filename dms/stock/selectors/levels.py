"""Questions about what lies where. Quantities are bottles."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from core.db import scopes, sql
from core.db.naming import called_in, reading
from core.db.scopes import lines_within
from core.events.models import Event
from core.kernel.actor import Actor
from core.kernel.text import normalised
from core.web.paging import Page
from dms.dealers.models import Dealer
from dms.dealers.selectors import dealers_visible_to
from dms.stock.errors import WarehouseMissing
from dms.stock.events import COUNT, STOCK_COUNTED
from dms.stock.models import Stock, Warehouse
from dms.stock.permissions import Permission
from dms.stock.rules import Taken
from dms.stock.selectors.sums import ASKED, FITS, IS_ALERT, IS_LOW, IS_RESERVED, IS_SHORT, SEEN, SUMS, StockFilter

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
    """One SKU with its rows of stock; ``on_hand`` and ``reserved`` over all of them, ``free`` what can be sold.

    ``threshold``: below how many free bottles it counts as low, where one is set for what the list shows; ``is_under``
    says that this or one of a single warehouse is passed. ``on_the_way``: sent from one own warehouse to another.
    """

    sku_id: int
    sku_code: str
    sku_name: str
    sku_name_en: str
    bottles_per_case: int
    threshold: int | None
    is_under: bool
    on_the_way: int
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

    @property
    def state(self) -> str:
        """``OUT`` with nothing free, ``LOW`` under a threshold, else ``ENOUGH``."""
        return "OUT" if self.free <= 0 else "LOW" if self.is_under else "ENOUGH"


_Facts = tuple[int, str, str, str, int, int | None, bool, int]
"""What a line says of its SKU itself: the first eight fields."""
_PAGE = f"""
WITH {SUMS}, asked AS (
    SELECT sku.id, sku.code, sku.name, sku.name_en, sku.bottles_per_case, under.sku_id IS NOT NULL AS is_under
    {SEEN} WHERE {ASKED}
    ORDER BY sku.code LIMIT %(limit)s OFFSET %(offset)s
)
SELECT asked.id, asked.code, asked.name, asked.name_en, asked.bottles_per_case,
       (SELECT bottles FROM limits WHERE limits.sku_id = asked.id
        AND (limits.warehouse_id IS NULL OR %(warehouse)s <> '')),
       asked.is_under,
       (SELECT coalesce(sum(moving.bottles), 0)::bigint FROM stock_transferline AS moving
        JOIN stock_transfer AS transfer ON transfer.id = moving.transfer_id
        JOIN stock_warehouse AS target ON target.id = transfer.target_id
        WHERE transfer.owner_id = %(owner)s AND transfer.status = 'SENT' AND moving.sku_id = asked.id
          AND (%(warehouse)s = '' OR target.code = %(warehouse)s)),
       place.*
FROM asked LEFT JOIN (
    SELECT stock.sku_id AS of_sku, stock.id, warehouse.code AS at, {called_in("warehouse")}, stock.batch,
           stock.condition, stock.on_hand, stock.reserved, warehouse.priority
    FROM stock_stock AS stock JOIN stock_warehouse AS warehouse ON warehouse.id = stock.warehouse_id
    WHERE stock.owner_id = %(owner)s AND (%(warehouse)s = '' OR warehouse.code = %(warehouse)s)
) AS place ON place.of_sku = asked.id
ORDER BY asked.code, place.priority, place.at, place.batch, place.id
"""


def stock_page(*, actor: Actor, filters: StockFilter, page: int = 1, size: int = 50) -> Page[StockLine]:
    """What the actor's own house has of the seat's product lines, by SKU. One query. Raises ``NotPermitted``."""
    actor.require(Permission.READ, writes=False)
    asked = {**filters.parameters(actor), **reading(), "limit": size + 1, "offset": (page - 1) * size}
    places: dict[_Facts, list[StockPlace]] = {}
    for row in sql.rows(_PAGE, asked):
        rows = places.setdefault((*row[:8],), [])
        if row[9] is not None:
            rows.append(StockPlace(*row[9:16]))
    lines = [StockLine(*sku, tuple(rows)) for sku, rows in places.items()]
    return Page(lines[:size], page, size, len(lines) > size)


_CODES = f"WITH {SUMS} SELECT sku.code {SEEN} WHERE {ASKED} ORDER BY sku.code LIMIT %(limit)s"


def stock_codes(*, actor: Actor, filters: StockFilter, limit: int) -> list[str]:
    """Codes of the SKUs the list shows, for an act on all that fit. One query. Raises ``NotPermitted``."""
    actor.require(Permission.READ, writes=False)
    return [code for (code,) in sql.rows(_CODES, {**filters.parameters(actor), "limit": limit})]


@dataclass(frozen=True, slots=True)
class StockCounts:
    """How many SKUs a list of stock shows in each state."""

    total: int
    short: int
    low: int
    reserved: int
    alerts: int


_COUNTS = f"""
WITH {SUMS}
SELECT count(*), count(*) FILTER (WHERE {IS_SHORT}), count(*) FILTER (WHERE {IS_LOW}),
       count(*) FILTER (WHERE {IS_RESERVED}), count(*) FILTER (WHERE {IS_ALERT})
{SEEN} WHERE {FITS}
"""


def stock_counts(*, actor: Actor, filters: StockFilter) -> StockCounts:
    """The figures on the list's chips, under its words and warehouse. One query. Raises ``NotPermitted``."""
    actor.require(Permission.READ, writes=False)
    return StockCounts(*sql.rows(_COUNTS, filters.parameters(actor))[0])


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
        "codes": [] if codes is None else list(dict.fromkeys(codes)),
        **scopes.parameters(actor),
    }
    rows = sql.rows(_ALL_LEVELS if codes is None else _LEVELS_OF, wanted)
    return {(code, batch): LevelAt(on_hand, reserved) for code, batch, on_hand, reserved in rows}


_LEVELS = f"""
WITH asked AS MATERIALIZED (
    SELECT sku.id, sku.code FROM catalogue_sku AS sku
    JOIN catalogue_productline AS line ON line.id = sku.product_line_id AND {scopes.line_condition("line.code")}
    WHERE {{asked}}
)
SELECT asked.code, held.batch, held.on_hand, held.reserved
FROM asked CROSS JOIN LATERAL (
    SELECT stock.batch, stock.on_hand, stock.reserved FROM stock_stock AS stock
    WHERE stock.owner_id = %(owner)s AND stock.sku_id = asked.id AND stock.warehouse_id = %(warehouse)s
      AND stock.condition = 'AVAILABLE' OFFSET 0
) AS held
"""
_ALL_LEVELS = _LEVELS.replace("{asked}", "true")
_LEVELS_OF = _LEVELS.replace("{asked}", "sku.code = ANY(%(codes)s::text[])")


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


_IN_LINE = f"""
JOIN catalogue_productline AS line ON line.id = sku.product_line_id AND {scopes.line_condition("line.code")}
"""
_BY_TERM = " UNION ALL ".join(
    f"SELECT sku.{name}, sku.code, sku.bottles_per_case FROM catalogue_sku AS sku {_IN_LINE}"
    f"WHERE sku.{name} = ANY(%(terms)s::text[]) AND sku.{name} <> ''"
    for name in ("code", "gtin14", "gtin13")
)
"""Each by its own index: joined to a list of terms, every goods of the brand would be read three times."""

_CHECK = """
SELECT stock.id, stock.on_hand, stock.reserved, coalesce(moved.bottles, 0)::bigint, coalesce(kept.bottles, 0)::bigint
FROM stock_stock AS stock
LEFT JOIN (SELECT stock_id, sum(bottles) AS bottles FROM stock_movement GROUP BY stock_id) AS moved
  ON moved.stock_id = stock.id
LEFT JOIN (SELECT stock_id, sum(bottles - shipped - released) AS bottles FROM stock_reservation GROUP BY stock_id)
  AS kept ON kept.stock_id = stock.id
WHERE stock.on_hand <> coalesce(moved.bottles, 0) OR stock.reserved <> coalesce(kept.bottles, 0)
"""


@dataclass(frozen=True, slots=True)
class ShelfSums:
    """A warehouse with how many SKUs lie there and how much, bottles."""

    warehouse: Warehouse
    skus: int
    on_hand: int
    reserved: int


def warehouse_sums(actor: Actor) -> list[ShelfSums]:
    """The warehouses of the actor's own house with what lies there. One query. Raises ``NotPermitted``."""
    lying = Q(stock__on_hand__gt=0)
    rows = warehouses_visible_to(actor).annotate(
        skus=Count("stock__sku", distinct=True, filter=lying),
        bottles=Coalesce(Sum("stock__on_hand"), 0),
        kept=Coalesce(Sum("stock__reserved"), 0),
    )
    return [ShelfSums(row, row.skus, row.bottles, row.kept) for row in rows]


def check_stock() -> list[str]:
    """Every way in which the stock of this schema contradicts itself, in words; empty when it is sound."""
    faults = []
    for stock_id, on_hand, reserved, moved, kept in sql.rows(_CHECK, {}):
        if on_hand != moved:
            faults.append(f"stock {stock_id}: {on_hand} on hand, movements say {moved}")
        if reserved != kept:
            faults.append(f"stock {stock_id}: {reserved} reserved, reservations say {kept}")
    return faults
