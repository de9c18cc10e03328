"""What lies there, said anew: counts, adjustments, transfers. Every difference is a movement with its reason."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from core.catalogue.models import Sku
from core.db import sql
from core.db.acts import act
from core.db.locks import Rank, note_rank
from core.db.scopes import lines_within
from core.events.services import record
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.errors import DomainError, refuse_all
from core.kernel.ids import document_number
from core.kernel.quantity import MAX_BOTTLES
from core.kernel.text import normalised
from dms.stock import errors
from dms.stock.events import COUNT, STOCK_ADJUSTED, STOCK_COUNTED, STOCK_TRANSFERRED
from dms.stock.models import Movement, Warehouse
from dms.stock.permissions import Permission
from dms.stock.selectors import EarlierCount, earlier_count
from dms.stock.services.reservations import LostCount

Key = tuple[int, int, str]
"""Warehouse id, SKU id, batch: with the owner and AVAILABLE the key of a row of stock."""


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

_LOCK = """
SELECT stock.warehouse_id, stock.sku_id, stock.batch, stock.id, stock.on_hand, stock.reserved
FROM stock_stock AS stock
JOIN unnest(%(warehouses)s::bigint[], %(skus)s::bigint[], %(batches)s::text[]) AS wanted (warehouse_id, sku_id, batch)
  USING (warehouse_id, sku_id, batch)
WHERE stock.owner_id = %(owner)s AND stock.condition = 'AVAILABLE'
ORDER BY stock.id FOR UPDATE OF stock
"""

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


def _levels(owner_id: int, keys: Iterable[Key], makes: Iterable[Key]) -> dict[Key, Level]:
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


def _change(changes: Mapping[int, int], posting: Posting, actor: Actor) -> None:
    """Add ``changes`` (stock id → signed bottles, none zero) to the locked rows. One statement."""
    if not changes:
        return
    written = sql.execute(
        _CHANGE,
        {
            "stock": list(changes),
            "bottles": list(changes.values()),
            "document_type": posting.document_type,
            "number": posting.number,
            "reason": posting.reason,
            "kind_down": posting.kind_down,
            "kind_up": posting.kind_up,
            "person": actor.person_id,
            "at": clock.now(),
        },
    )
    if written != len(changes):
        raise LostCount(f"{posting.number}: {written} of {len(changes)} rows")


@dataclass(frozen=True, slots=True)
class Counted:
    """Bottles of a SKU and batch that were found (for an adjustment: the signed difference)."""

    sku_code: str
    bottles: int
    batch: str = ""


@dataclass(frozen=True, slots=True)
class CountStock:
    """A count of some SKUs in one warehouse of the actor's house; what is not named stays as it is.

    ``number`` names the count: sent again with the same figures it changes nothing.
    """

    warehouse_code: str
    lines: tuple[Counted, ...]
    number: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class StockDocument:
    """What a count, adjustment or transfer did: its number and how many rows changed."""

    number: str
    changed: int
    is_repeated: bool = False


def count_stock(*, actor: Actor, command: CountStock) -> StockDocument:
    """Let the counted figures be what lies there; each difference becomes a movement.

    Raises by line ``SkuMissing``, ``QuantityInvalid``, ``LineTwice``, ``BelowReserved``; ``WarehouseMissing``,
    ``BatchReused``.
    """
    actor.require(Permission.COUNT)
    with act():
        warehouse = _own_warehouse(actor, command.warehouse_code)
        number = normalised(command.number)[:64]
        said = _digest(warehouse, command.lines)
        if number:
            _lock_number(number)
            earlier = earlier_count(seller_id=actor.dealer_id, number=number)
            if earlier is not None:
                return _repeated(number, said, earlier)
        number = number or _new_number("ST")
        skus = _checked(actor, command.lines, least=0)
        keys = [(warehouse.pk, skus[line.sku_code], line.batch) for line in command.lines]
        makes = [key for key, line in zip(keys, command.lines, strict=True) if line.bottles > 0]
        levels = _levels(actor.dealer_id, keys, makes)
        rows = [(line, levels.get(key)) for key, line in zip(keys, command.lines, strict=True)]
        refuse_all(_below_reserved((line, level, line.bottles) for line, level in rows))
        changes = {
            level.stock_id: line.bottles - level.on_hand
            for line, level in rows
            if level is not None and line.bottles != level.on_hand
        }
        reason = normalised(command.reason)[:200]
        kind = Movement.Kind.COUNT.value
        _change(changes, Posting("COUNT", number, reason, kind, kind), actor)
        payload = {"warehouse": warehouse.code, "said": said, "changes": _differences(rows)}
        _tell(STOCK_COUNTED, number, actor, payload)
        return StockDocument(number, len(changes))


def _digest(warehouse: Warehouse, lines: Sequence[Counted]) -> str:
    """What a count said, in 64 characters, whatever the order of its lines."""
    figures = sorted((line.sku_code, line.batch, line.bottles) for line in lines)
    return hashlib.sha256(repr((warehouse.code, figures)).encode()).hexdigest()


def _repeated(number: str, said: str, earlier: EarlierCount) -> StockDocument:
    """The answer to a count that was booked before. Raises ``BatchReused`` when it said something else."""
    if earlier.said != said:
        raise errors.BatchReused(number=number)
    return StockDocument(number, earlier.changed, is_repeated=True)


def _differences(rows: Iterable[tuple[Counted, Level | None]]) -> list[dict[str, object]]:
    return [
        {"sku": line.sku_code, "batch": line.batch, "bottles": line.bottles - level.on_hand}
        for line, level in rows
        if level is not None and line.bottles != level.on_hand
    ]


def _below_reserved(rows: Iterable[tuple[Counted, Level | None, int]]) -> Iterable[DomainError]:
    for place, (line, level, after) in enumerate(rows, start=1):
        if after < (level.reserved if level else 0):
            yield errors.BelowReserved(line=place, sku=line.sku_code, reserved=level.reserved if level else 0)


@dataclass(frozen=True, slots=True)
class AdjustStock:
    """Signed differences (breakage, found, sample) in one warehouse of the actor's house, with their reason."""

    warehouse_code: str
    lines: tuple[Counted, ...]
    reason: str


def adjust_stock(*, actor: Actor, command: AdjustStock) -> StockDocument:
    """Add signed differences to what lies there.

    Raises ``ReasonMissing``, ``WarehouseMissing`` and by line ``SkuMissing``, ``QuantityInvalid``, ``LineTwice``,
    ``BelowReserved``.
    """
    actor.require(Permission.ADJUST)
    reason = normalised(command.reason)[:200]
    if not reason:
        raise errors.ReasonMissing(field="reason")
    with act():
        warehouse = _own_warehouse(actor, command.warehouse_code)
        skus = _checked(actor, command.lines, least=-MAX_BOTTLES)
        keys = [(warehouse.pk, skus[line.sku_code], line.batch) for line in command.lines]
        makes = [key for key, line in zip(keys, command.lines, strict=True) if line.bottles > 0]
        levels = _levels(actor.dealer_id, keys, makes)
        rows = [(line, levels.get(key)) for key, line in zip(keys, command.lines, strict=True)]
        refuse_all(
            _below_reserved((line, level, (level.on_hand if level else 0) + line.bottles) for line, level in rows)
        )
        changes = {level.stock_id: line.bottles for line, level in rows if level is not None and line.bottles}
        number = _new_number("AD")
        kind = Movement.Kind.ADJUSTMENT.value
        _change(changes, Posting("ADJUSTMENT", number, reason, kind, kind), actor)
        payload = {"warehouse": warehouse.code, "reason": reason, "lines": _told(command.lines)}
        _tell(STOCK_ADJUSTED, number, actor, payload)
        return StockDocument(number, len(changes))


@dataclass(frozen=True, slots=True)
class TransferStock:
    """Bottles carried from one warehouse of the actor's house to another."""

    from_code: str
    to_code: str
    lines: tuple[Counted, ...]
    reason: str = ""


def transfer_stock(*, actor: Actor, command: TransferStock) -> StockDocument:
    """Carry free bottles from one warehouse to another.

    Raises ``SameWarehouse``, ``WarehouseMissing`` and by line ``SkuMissing``, ``QuantityInvalid``, ``LineTwice``,
    ``InsufficientStock``.
    """
    actor.require(Permission.TRANSFER)
    with act():
        source, target = _own_warehouse(actor, command.from_code), _own_warehouse(actor, command.to_code)
        if source.pk == target.pk:
            raise errors.SameWarehouse(field="to_code")
        skus = _checked(actor, command.lines, least=1)
        from_keys = [(source.pk, skus[line.sku_code], line.batch) for line in command.lines]
        to_keys = [(target.pk, skus[line.sku_code], line.batch) for line in command.lines]
        levels = _levels(actor.dealer_id, [*from_keys, *to_keys], to_keys)
        refuse_all(_short(command.lines, [levels.get(key) for key in from_keys]))
        changes: dict[int, int] = {}
        for line, from_key, to_key in zip(command.lines, from_keys, to_keys, strict=True):
            changes[levels[from_key].stock_id] = -line.bottles
            changes[levels[to_key].stock_id] = line.bottles
        number, reason = _new_number("TR"), normalised(command.reason)[:200]
        kinds = Movement.Kind.TRANSFER_OUT.value, Movement.Kind.TRANSFER_IN.value
        _change(changes, Posting("TRANSFER", number, reason, *kinds), actor)
        payload = {"from": source.code, "to": target.code, "lines": _told(command.lines)}
        _tell(STOCK_TRANSFERRED, number, actor, payload)
        return StockDocument(number, len(command.lines))


def _short(lines: Sequence[Counted], levels: Sequence[Level | None]) -> Iterable[DomainError]:
    for place, (line, level) in enumerate(zip(lines, levels, strict=True), start=1):
        free = level.on_hand - level.reserved if level else 0
        if free < line.bottles:
            yield errors.InsufficientStock(line=place, sku=line.sku_code, wanted=line.bottles, free=free)


def _own_warehouse(actor: Actor, code: str) -> Warehouse:
    """An active warehouse of the actor's house, in the seat's regions.

    Raises ``WarehouseMissing`` for a stranger's, for one elsewhere and for none alike.
    """
    wanted = normalised(code)
    found = Warehouse.objects.filter(code=wanted, owner_id=actor.dealer_id, is_active=True).first()
    if found is None or not actor.scope.covers_region(found.region_code):
        raise errors.WarehouseMissing(warehouse=wanted[:40])
    return found


def _checked(actor: Actor, lines: Sequence[Counted], *, least: int) -> dict[str, int]:
    """SKU ids by code after every line was judged; what is outside the seat's product lines is missing."""
    if not lines:
        raise errors.NothingToDo
    known = Sku.objects.filter(lines_within(actor, "product_line__code"), code__in={line.sku_code for line in lines})
    skus = dict(known.values_list("code", "id"))
    refuse_all(_line_faults(lines, skus, least))
    return skus


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


def _lock_number(number: str) -> None:
    """The same count sent twice at once: the second waits and finds the first booked."""
    note_rank(Rank.KEY)
    sql.rows("SELECT pg_advisory_xact_lock(hashtext(current_schema()), hashtext(%(number)s))", {"number": number})


def _new_number(prefix: str) -> str:
    serial = sql.rows("SELECT nextval('stock_document_serial')", {})[0][0]
    return document_number(prefix, clock.business_day().strftime("%Y%m%d"), serial)


def _told(lines: Iterable[Counted]) -> list[dict[str, object]]:
    return [{"sku": line.sku_code, "batch": line.batch, "bottles": line.bottles} for line in lines]


def _tell(kind: str, number: str, actor: Actor, payload: Mapping[str, object]) -> None:
    record(
        kind=kind,
        aggregate_type=COUNT,
        aggregate_id=number,
        version=1,
        actor=actor,
        payload=dict(payload),
        seller_id=actor.dealer_id,
    )
