"""What every change of levels shares: rows made, locked and written; warehouses, products and numbers checked."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from core.db import scopes, sql
from core.db.locks import Rank, note_rank
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.errors import DomainError, refuse_all
from core.kernel.ids import document_number
from core.kernel.quantity import MAX_BOTTLES
from core.kernel.text import normalised
from dms.stock import errors
from dms.stock.models import Warehouse
from dms.stock.services.reservations import LostCount

Key = tuple[int, int, str]
"""Warehouse id, SKU id, batch: with the owner and AVAILABLE the key of a row of stock."""


MADE = 0
"""In place of an id: the row was missing, and is made with its figure already."""


@dataclass(frozen=True, slots=True)
class Level:
    """A locked row of stock as it stands, bottles."""

    stock_id: int
    on_hand: int
    reserved: int


@dataclass(frozen=True, slots=True)
class Posting:
    """Under which document and for which reason levels change."""

    document_type: str
    number: str
    reason: str
    kind_down: str
    kind_up: str


_MAKE_ROWS = """
INSERT INTO stock_stock (warehouse_id, owner_id, sku_id, batch, condition, on_hand, reserved)
SELECT DISTINCT wanted.warehouse_id, %(owner)s, wanted.sku_id, wanted.batch, 'AVAILABLE', 0, 0
FROM unnest(%(warehouses)s::bigint[], %(skus)s::bigint[], %(batches)s::text[])
    AS wanted (warehouse_id, sku_id, batch)
ORDER BY wanted.warehouse_id, wanted.sku_id, wanted.batch
ON CONFLICT ON CONSTRAINT stock_key DO NOTHING
"""

_FILL = """
WITH made AS (
    INSERT INTO stock_stock (warehouse_id, owner_id, sku_id, batch, condition, on_hand, reserved)
    SELECT wanted.warehouse_id, %(owner)s, wanted.sku_id, wanted.batch, 'AVAILABLE', wanted.bottles, 0
    FROM unnest(%(warehouses)s::bigint[], %(skus)s::bigint[], %(batches)s::text[], %(bottles)s::bigint[])
        AS wanted (warehouse_id, sku_id, batch, bottles)
    WHERE (
        SELECT one.id FROM stock_stock AS one
        WHERE one.owner_id = %(owner)s AND one.sku_id = wanted.sku_id AND one.warehouse_id = wanted.warehouse_id
          AND one.batch = wanted.batch AND one.condition = 'AVAILABLE'
    ) IS NULL
    ORDER BY wanted.warehouse_id, wanted.sku_id, wanted.batch
    ON CONFLICT ON CONSTRAINT stock_key DO NOTHING
    RETURNING id, warehouse_id, sku_id, batch, on_hand
), moved AS (
    INSERT INTO stock_movement (stock_id, kind, bottles, document_type, document_number, reason, person_id, at)
    SELECT id, %(kind_up)s, on_hand, %(document_type)s, %(number)s, %(reason)s, %(person)s, %(at)s
    FROM made ORDER BY id
)
SELECT warehouse_id, sku_id, batch FROM made
"""
"""A row made empty and filled after would be written twice, and all its foreign keys looked at twice."""

_LOCK = """
SELECT stock.warehouse_id, stock.sku_id, stock.batch, stock.id, stock.on_hand, stock.reserved
FROM stock_stock AS stock
WHERE stock.id = ANY(ARRAY(
    SELECT (
        SELECT one.id FROM stock_stock AS one
        WHERE one.owner_id = %(owner)s AND one.sku_id = wanted.sku_id AND one.warehouse_id = wanted.warehouse_id
          AND one.batch = wanted.batch AND one.condition = 'AVAILABLE'
    )
    FROM unnest(%(warehouses)s::bigint[], %(skus)s::bigint[], %(batches)s::text[])
        AS wanted (warehouse_id, sku_id, batch)
))
ORDER BY stock.id FOR UPDATE OF stock
"""
"""Each key by its own index: a join over rows the same act has made would be planned as if there were none."""

_CHANGE = """
WITH changes AS (
    SELECT * FROM unnest(%(stock)s::bigint[], %(bottles)s::bigint[]) AS changes (stock_id, bottles)
), changed AS (
    UPDATE stock_stock AS stock SET on_hand = stock.on_hand + changes.bottles
    FROM changes WHERE stock.id = changes.stock_id AND stock.on_hand + changes.bottles >= stock.reserved
    RETURNING stock.id, changes.bottles
)
INSERT INTO stock_movement (stock_id, kind, bottles, document_type, document_number, reason, person_id, at)
SELECT id, CASE WHEN bottles < 0 THEN %(kind_down)s ELSE %(kind_up)s END, bottles, %(document_type)s, %(number)s,
       %(reason)s, %(person)s, %(at)s
FROM changed ORDER BY id
"""


def fill(owner_id: int, wanted: Mapping[Key, int], posting: Posting, actor: Actor) -> set[Key]:
    """Make the rows of ``wanted`` (key → bottles, above zero) that are missing, each with its figure and movement.

    Which these are; rows that were there stay as they are. Before rows are locked by id: who makes the same ones waits
    for us in the order of keys, holding no row. One statement, none for nothing wanted.
    """
    note_rank(Rank.STOCK)
    if not wanted:
        return set()
    keys = sorted(wanted)
    figures = {"owner": owner_id, "bottles": [wanted[key] for key in keys], **_columns(keys)}
    return {(row[0], row[1], row[2]) for row in sql.rows(_FILL, {**figures, **_told(posting, actor)})}


def levels_of(owner_id: int, keys: Iterable[Key], makes: Iterable[Key] = ()) -> dict[Key, Level]:
    """Lock the rows of ``keys`` by id, after making those of ``makes`` that are missing. Two statements at most."""
    note_rank(Rank.STOCK)
    missing = sorted(set(makes))
    if missing:
        sql.execute(_MAKE_ROWS, {"owner": owner_id, **_columns(missing)})
    found = sql.rows(_LOCK, {"owner": owner_id, **_columns(sorted(set(keys)))})
    return {(row[0], row[1], row[2]): Level(*row[3:]) for row in found}


def _columns(keys: Sequence[Key]) -> dict[str, list[int] | list[str]]:
    return {
        "warehouses": [key[0] for key in keys],
        "skus": [key[1] for key in keys],
        "batches": [key[2] for key in keys],
    }


def change_levels(changes: Mapping[int, int], posting: Posting, actor: Actor) -> None:
    """Add ``changes`` (stock id → signed bottles, none zero) to the locked rows. One statement."""
    if not changes:
        return
    written = sql.execute(
        _CHANGE,
        {
            "stock": list(changes),
            "bottles": list(changes.values()),
            "kind_down": posting.kind_down,
            **_told(posting, actor),
        },
    )
    if written != len(changes):
        raise LostCount(f"{posting.number}: {written} of {len(changes)} rows")


def _told(posting: Posting, actor: Actor) -> dict[str, object]:
    """What every movement of a posting says."""
    return {
        "document_type": posting.document_type,
        "number": posting.number,
        "reason": posting.reason,
        "kind_up": posting.kind_up,
        "person": actor.person_id,
        "at": clock.now(),
    }


@dataclass(frozen=True, slots=True)
class Counted:
    """Bottles of a SKU and batch that were found (for an adjustment: the signed difference).

    ``books``: what the books said when it was counted; what has moved since then stays moved. None: they say it now.
    """

    sku_code: str
    bottles: int
    batch: str = ""
    books: int | None = None

    def after(self, on_hand: int) -> int:
        """Bottles that lie there once the count is booked on ``on_hand``."""
        return self.bottles if self.books is None else on_hand + self.bottles - self.books


@dataclass(frozen=True, slots=True)
class StockDocument:
    """What a count, adjustment or transfer did: its number and how many rows changed."""

    number: str
    changed: int
    is_repeated: bool = False


def short_lines(lines: Sequence[Counted], levels: Sequence[Level | None]) -> Iterable[DomainError]:
    for place, (line, level) in enumerate(zip(lines, levels, strict=True), start=1):
        free = level.on_hand - level.reserved if level else 0
        if free < line.bottles:
            yield errors.InsufficientStock(line=place, sku=line.sku_code, wanted=line.bottles, free=free)


_COLUMNS = [field.attname for field in Warehouse._meta.concrete_fields]
_HELD_OPEN = f"""
SELECT {", ".join(_COLUMNS)} FROM stock_warehouse
WHERE code = %(code)s AND owner_id = %(owner)s AND is_active FOR SHARE
"""


def own_warehouse(actor: Actor, code: str) -> Warehouse:
    """An active warehouse of the actor's house, in the seat's regions.

    It stays open until the act ends: many may hold it so, whoever closes it waits for all of them. Raises
    ``WarehouseMissing`` for a stranger's, for one elsewhere and for none alike.
    """
    wanted = normalised(code)
    row = sql.row(_HELD_OPEN, {"code": wanted, "owner": actor.dealer_id})
    found = Warehouse.from_db("default", _COLUMNS, row) if row else None
    if found is None or not actor.scope.covers_region(found.region_code):
        raise errors.WarehouseMissing(warehouse=wanted[:40])
    return found


def checked_skus(actor: Actor, lines: Sequence[Counted], *, least: int) -> dict[str, int]:
    """SKU ids by code after every line was judged; what is outside the seat's product lines is missing."""
    if not lines:
        raise errors.NothingToDo
    skus = skus_by_code(actor, {line.sku_code for line in lines})
    refuse_all(_line_faults(lines, skus, least))
    return skus


_BY_CODE = f"""
SELECT sku.code, sku.id FROM catalogue_sku AS sku
JOIN catalogue_productline AS line ON line.id = sku.product_line_id AND {scopes.line_condition("line.code")}
WHERE sku.code = ANY(%(codes)s::text[])
"""


def skus_by_code(actor: Actor, codes: Collection[str]) -> dict[str, int]:
    """Ids of the SKUs that ``codes`` name, of the seat's product lines. One query."""
    return dict(sql.rows(_BY_CODE, {"codes": sorted(set(codes)), **scopes.parameters(actor)}))


def _line_faults(lines: Sequence[Counted], skus: Mapping[str, int], least: int) -> Iterable[DomainError]:
    seen: set[tuple[str, str]] = set()
    for place, line in enumerate(lines, start=1):
        if line.sku_code not in skus:
            yield errors.SkuMissing(line=place, sku=line.sku_code[:48])
        if not least <= line.bottles <= MAX_BOTTLES or (least < 0 and line.bottles == 0):
            yield errors.QuantityInvalid(line=place, value=str(line.bottles), most=MAX_BOTTLES)
        if (line.sku_code, line.batch) in seen:
            yield errors.LineTwice(line=place, sku=line.sku_code)
        seen.add((line.sku_code, line.batch))


def new_number(prefix: str) -> str:
    serial = sql.rows("SELECT nextval('stock_document_serial')", {})[0][0]
    return document_number(prefix, clock.business_day().strftime("%Y%m%d"), serial)


def keys_of(warehouse_id: int, lines: Iterable[Counted], skus: Mapping[str, int]) -> list[Key]:
    """The key of each line."""
    return [(warehouse_id, skus[line.sku_code], line.batch) for line in lines]


def told_lines(lines: Iterable[Counted]) -> list[dict[str, object]]:
    return [{"sku": line.sku_code, "batch": line.batch, "bottles": line.bottles} for line in lines]
