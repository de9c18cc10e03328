"""Counts on a sheet (盘点单): opened, entered by several people at once, finished, booked. docs/algorithms/stock.md."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.db import sql
from core.db.acts import act
from core.db.locks import Rank, locked, note_rank
from core.db.scopes import lines_within
from core.events.services import record
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.errors import DomainError, OutOfScope, refuse_all
from core.kernel.quantity import MAX_BOTTLES
from core.kernel.text import normalised
from dms.stock import errors
from dms.stock.events import COUNT, COUNT_ENTERED, COUNT_MOVED_ON, COUNT_OPENED, STOCK_COUNTED
from dms.stock.models import Movement, Stock, StockCount, StockCountLine
from dms.stock.permissions import Permission
from dms.stock.rules import COUNT_MOVES
from dms.stock.selectors.counts import counts_visible_to
from dms.stock.services.postings import Posting, StockDocument, change_levels, new_number, own_warehouse, skus_by_code

Status = StockCount.Status
MOST_LINES = 20_000


@dataclass(frozen=True, slots=True)
class OpenCount:
    """A sheet for one warehouse of the actor's house; without ``sku_codes`` everything that lies there."""

    warehouse_code: str
    sku_codes: tuple[str, ...] = ()
    note: str = ""


_OPEN_LINES = """
INSERT INTO stock_stockcountline (count_id, position, sku_id, batch, condition, expected, reason, entered_by_name)
SELECT %(count)s, row_number() OVER (ORDER BY sku.rank, sku.code, wanted.batch, wanted.condition),
       wanted.sku_id, wanted.batch, wanted.condition, wanted.on_hand, '', ''
FROM (
    SELECT stock.sku_id, stock.batch, stock.condition, stock.on_hand FROM stock_stock AS stock
    WHERE stock.owner_id = %(owner)s AND stock.warehouse_id = %(warehouse)s AND stock.on_hand > 0
      AND (%(skus)s::bigint[] IS NULL OR stock.sku_id = ANY(%(skus)s::bigint[]))
    UNION ALL
    SELECT named.sku_id, '', 'AVAILABLE', 0 FROM unnest(%(skus)s::bigint[]) AS named (sku_id)
    WHERE NOT EXISTS (SELECT FROM stock_stock AS stock WHERE stock.owner_id = %(owner)s
                      AND stock.warehouse_id = %(warehouse)s AND stock.sku_id = named.sku_id AND stock.on_hand > 0)
) AS wanted JOIN catalogue_sku AS sku ON sku.id = wanted.sku_id
JOIN catalogue_productline AS line ON line.id = sku.product_line_id
WHERE %(lines)s::text[] IS NULL OR line.code = ANY(%(lines)s::text[])
LIMIT %(most)s
"""


def open_count(*, actor: Actor, command: OpenCount) -> StockCount:
    """Open a sheet with what the books say now, of the seat's product lines.

    Raises ``WarehouseMissing`` and by line ``SkuMissing``.
    """
    actor.require(Permission.COUNT)
    with act():
        warehouse = own_warehouse(actor, command.warehouse_code)
        codes = list(dict.fromkeys(command.sku_codes))
        skus = skus_by_code(actor, codes) if codes else {}
        refuse_all(
            errors.SkuMissing(line=place, sku=code[:48])
            for place, code in enumerate(codes, start=1)
            if code not in skus
        )
        count = StockCount.objects.create(
            number=new_number("SC"),
            owner_id=actor.dealer_id,
            warehouse=warehouse,
            note=normalised(command.note)[:200],
            opened_at=clock.now(),
            opened_by_id=actor.person_id,
            opened_by_name=actor.person_name[:80],
        )
        place = {
            "count": count.pk,
            "owner": actor.dealer_id,
            "warehouse": warehouse.pk,
            "skus": sorted(skus.values()) or None,
            "lines": list(actor.scope.product_lines) or None,
            "most": MOST_LINES,
        }
        written = sql.execute(_OPEN_LINES, place)
        _tell(COUNT_OPENED, count, actor, {"warehouse": warehouse.code, "lines": written})
        return count


@dataclass(frozen=True, slots=True)
class Entry:
    """What was counted of one stock key, bottles. ``seen``: the figure the page showed; another one now refuses.

    ``bottles`` None takes the figure back.
    """

    sku_code: str
    bottles: int | None
    batch: str = ""
    condition: str = Stock.Condition.AVAILABLE
    reason: str = ""
    seen: int | None = None
    is_checked: bool = False


@dataclass(frozen=True, slots=True)
class EnterCounts:
    """Figures for a sheet. ``adds``: they come on top of what stands there (scanning shelf by shelf)."""

    number: str
    entries: tuple[Entry, ...]
    adds: bool = False


_STANDING = """
SELECT line.sku_id, line.batch, line.condition, line.counted, line.entered_by_name
FROM stock_stockcountline AS line
JOIN unnest(%(skus)s::bigint[], %(batches)s::text[], %(conditions)s::text[]) AS wanted (sku_id, batch, condition)
  USING (sku_id, batch, condition)
WHERE line.count_id = %(count)s ORDER BY line.id FOR UPDATE OF line
"""
_ENTER = """
INSERT INTO stock_stockcountline AS line
    (count_id, position, sku_id, batch, condition, expected, books, counted, reason, entered_at, entered_by_name)
SELECT %(count)s, wanted.place + (SELECT coalesce(max(position), 0) FROM stock_stockcountline
                                  WHERE count_id = %(count)s),
       wanted.sku_id, wanted.batch, wanted.condition, coalesce(stock.on_hand, 0),
       CASE WHEN wanted.bottles IS NOT NULL THEN coalesce(stock.on_hand, 0) END, wanted.bottles, wanted.reason,
       %(at)s, %(by)s
FROM unnest(%(skus)s::bigint[], %(batches)s::text[], %(conditions)s::text[], %(bottles)s::bigint[],
            %(reasons)s::text[]) WITH ORDINALITY AS wanted (sku_id, batch, condition, bottles, reason, place)
LEFT JOIN stock_stock AS stock ON stock.owner_id = %(owner)s AND stock.warehouse_id = %(warehouse)s
    AND stock.sku_id = wanted.sku_id AND stock.batch = wanted.batch AND stock.condition = wanted.condition
ORDER BY wanted.sku_id, wanted.batch, wanted.condition
ON CONFLICT ON CONSTRAINT count_line_once DO UPDATE
SET counted = CASE WHEN %(adds)s THEN coalesce(line.counted, 0) + excluded.counted ELSE excluded.counted END,
    books = excluded.books, entered_at = excluded.entered_at, entered_by_name = excluded.entered_by_name,
    reason = CASE WHEN excluded.reason = '' AND %(adds)s THEN line.reason ELSE excluded.reason END
"""


def enter_counts(*, actor: Actor, command: EnterCounts) -> int:
    """Write figures on a sheet; how many lines. What the books say at this moment is noted beside each.

    Two people may enter at once: other lines do not meet, and a figure somebody has changed since it was shown is
    refused (``CountedMeanwhile``). Raises ``CountMissing``, ``CountNotOpen``, ``NothingToDo`` and by line
    ``SkuMissing``, ``QuantityInvalid``, ``LineTwice``.
    """
    actor.require(Permission.COUNT)
    if not command.entries:
        raise errors.NothingToDo
    with act():
        count = _shared(actor, command.number)
        skus = skus_by_code(actor, {entry.sku_code for entry in command.entries})
        refuse_all(_entry_faults(command.entries, skus))
        keys = {
            "count": count.pk,
            "skus": [skus[entry.sku_code] for entry in command.entries],
            "batches": [entry.batch for entry in command.entries],
            "conditions": [str(entry.condition) for entry in command.entries],
        }
        standing = {(row[0], row[1], row[2]): (row[3], row[4]) for row in sql.rows(_STANDING, keys)}
        refuse_all(_meanwhile(command, skus, standing))
        facts = {
            "bottles": [entry.bottles for entry in command.entries],
            "reasons": [normalised(entry.reason)[:200] for entry in command.entries],
            "owner": count.owner_id,
            "warehouse": count.warehouse_id,
            "adds": command.adds,
            "at": clock.now(),
            "by": actor.person_name[:80],
        }
        written = sql.execute(_ENTER, {**keys, **facts})
        lines = [{"sku": one.sku_code, "batch": one.batch, "bottles": one.bottles} for one in command.entries]
        _tell(COUNT_ENTERED, count, actor, {"lines": lines, "adds": command.adds})
        return written


def _shared(actor: Actor, number: str) -> StockCount:
    """The open sheet, kept open until the act ends: entries do not wait for each other, finishing waits for them."""
    note_rank(Rank.ORDER)
    held = {"number": normalised(number), "owner": actor.dealer_id}
    sql.rows("SELECT id FROM stock_stockcount WHERE number = %(number)s AND owner_id = %(owner)s FOR SHARE", held)
    count = _found(actor, number)
    if count.status != Status.OPEN:
        raise errors.CountNotOpen(number=count.number)
    return count


def _found(actor: Actor, number: str) -> StockCount:
    for count in counts_visible_to(actor).filter(number=normalised(number)):
        if actor.scope.covers_region(count.warehouse.region_code):
            return count
    raise errors.CountMissing(number=normalised(number)[:30])


def _entry_faults(entries: Sequence[Entry], skus: Mapping[str, int]) -> list[DomainError]:
    seen: set[tuple[str, str, str]] = set()
    faults: list[DomainError] = []
    for place, entry in enumerate(entries, start=1):
        if entry.sku_code not in skus:
            faults.append(errors.SkuMissing(line=place, sku=entry.sku_code[:48]))
        if entry.bottles is not None and not 0 <= entry.bottles <= MAX_BOTTLES:
            faults.append(errors.QuantityInvalid(line=place, value=str(entry.bottles), most=MAX_BOTTLES))
        if entry.condition not in Stock.Condition.values or len(entry.batch) > 30:
            faults.append(errors.SkuMissing(line=place, sku=entry.sku_code[:48]))
        key = (entry.sku_code, entry.batch, str(entry.condition))
        if key in seen:
            faults.append(errors.LineTwice(line=place, sku=entry.sku_code))
        seen.add(key)
    return faults


def _meanwhile(
    command: EnterCounts, skus: Mapping[str, int], standing: Mapping[tuple[int, str, str], tuple[int | None, str]]
) -> list[DomainError]:
    faults: list[DomainError] = []
    for place, entry in enumerate(command.entries, start=1):
        counted, by = standing.get((skus[entry.sku_code], entry.batch, str(entry.condition)), (None, ""))
        if entry.is_checked and counted != entry.seen and counted != entry.bottles:
            faults.append(errors.CountedMeanwhile(line=place, sku=entry.sku_code, by=by, counted=counted or 0))
        if command.adds and (counted or 0) + (entry.bottles or 0) > MAX_BOTTLES:
            faults.append(errors.QuantityInvalid(line=place, value=str(entry.bottles), most=MAX_BOTTLES))
    return faults


_COUNT_REST_AS_NONE = """
UPDATE stock_stockcountline AS line SET counted = 0, entered_at = %(at)s, entered_by_name = %(by)s,
    books = coalesce((SELECT stock.on_hand FROM stock_stock AS stock
        WHERE stock.owner_id = %(owner)s AND stock.warehouse_id = %(warehouse)s AND stock.sku_id = line.sku_id
          AND stock.batch = line.batch AND stock.condition = line.condition), 0)
WHERE line.count_id = %(count)s AND line.counted IS NULL
"""


def finish_count(*, actor: Actor, number: str, rest_is_none: bool = False) -> StockCount:
    """The sheet is full: nothing more is entered. Lines not counted stay out, or count as 0 with ``rest_is_none``.

    Raises ``CountMissing``, ``CountNotOpen``, ``NothingCounted``, and ``OutOfScope`` where others' lines stand on it.
    """
    actor.require(Permission.COUNT)
    with act():
        count = _moving(actor, number, Status.COUNTED)
        if rest_is_none:
            place = {"count": count.pk, "owner": count.owner_id, "warehouse": count.warehouse_id}
            sql.execute(_COUNT_REST_AS_NONE, {**place, "at": clock.now(), "by": actor.person_name[:80]})
        if not count.lines.filter(counted__isnull=False).exists():
            raise errors.NothingCounted
        count.counted_at, count.counted_by_id = clock.now(), actor.person_id
        count.counted_by_name = actor.person_name[:80]
        return _moved_on(count, Status.COUNTED, actor)


def reopen_count(*, actor: Actor, number: str) -> StockCount:
    """Back to counting: a figure was wrong. Raises ``CountMissing``, ``CountNotOpen``, ``OutOfScope``."""
    actor.require(Permission.COUNT)
    with act():
        return _moved_on(_moving(actor, number, Status.OPEN), Status.OPEN, actor)


def cancel_count(*, actor: Actor, number: str) -> StockCount:
    """Nothing of the sheet is booked. Raises ``CountMissing``, ``CountNotOpen``, ``OutOfScope``."""
    actor.require(Permission.COUNT)
    with act():
        count = _moving(actor, number, Status.CANCELLED)
        count.ended_at, count.ended_by_id, count.ended_by_name = clock.now(), actor.person_id, actor.person_name[:80]
        return _moved_on(count, Status.CANCELLED, actor)


def _moving(actor: Actor, number: str, to: str) -> StockCount:
    """The sheet locked for its next state. Raises ``CountNotOpen`` where the state does not lead there.

    And ``OutOfScope``: what becomes of a sheet becomes of all its lines.
    """
    found = _found(actor, number)
    (count,) = locked(StockCount.objects.filter(pk=found.pk).select_related("warehouse"), Rank.ORDER)
    if to not in COUNT_MOVES[count.status]:
        raise errors.CountNotOpen(number=count.number)
    _refuse_strange_lines(count, actor)
    return count


def _moved_on(count: StockCount, to: str, actor: Actor) -> StockCount:
    count.status, count.version = to, count.version + 1
    count.save()
    _tell(COUNT_MOVED_ON, count, actor, {"status": to})
    return count


_MAKE_ROWS = """
INSERT INTO stock_stock (warehouse_id, owner_id, sku_id, batch, condition, on_hand, reserved)
SELECT %(warehouse)s, %(owner)s, sku_id, batch, condition, 0, 0 FROM stock_stockcountline
WHERE count_id = %(count)s AND counted > books ORDER BY sku_id, batch, condition
ON CONFLICT ON CONSTRAINT stock_key DO NOTHING
"""
_LOCK = """
SELECT line.position, sku.code, line.batch, line.counted - line.books, stock.id, stock.on_hand, stock.reserved
FROM stock_stockcountline AS line JOIN catalogue_sku AS sku ON sku.id = line.sku_id
JOIN stock_stock AS stock ON stock.owner_id = %(owner)s AND stock.warehouse_id = %(warehouse)s
    AND stock.sku_id = line.sku_id AND stock.batch = line.batch AND stock.condition = line.condition
WHERE line.count_id = %(count)s AND line.counted <> line.books
ORDER BY stock.id FOR UPDATE OF stock
"""
_WRITE_DIFFERENCES = """
UPDATE stock_stockcountline SET difference = counted - books WHERE count_id = %(count)s AND counted IS NOT NULL
"""


def book_count(*, actor: Actor, number: str) -> StockDocument:
    """Book every difference of a finished sheet as a movement, all in one act; a sheet booked before changes nothing.

    A difference is what was counted less what the books said at that moment, so that what moved before the entry or
    after it stays moved. Raises ``CountMissing``, ``CountNotOpen``, ``OutOfScope``, and by line ``BelowReserved``
    where orders are promised more than would be left.
    """
    actor.require(Permission.COUNT)
    with act():
        found = _found(actor, number)
        (count,) = locked(StockCount.objects.filter(pk=found.pk).select_related("warehouse"), Rank.ORDER)
        if count.status == Status.BOOKED:
            changed = count.lines.exclude(difference=0).exclude(difference=None).count()
            return StockDocument(count.number, changed, is_repeated=True)
        if Status.BOOKED not in COUNT_MOVES[count.status]:
            raise errors.CountNotOpen(number=count.number)
        _refuse_strange_lines(count, actor)
        rows = _locked_rows(count)
        refuse_all(
            errors.BelowReserved(line=place, sku=sku, reserved=reserved)
            for place, sku, _batch, difference, _id, on_hand, reserved in rows
            if on_hand + difference < reserved
        )
        kind = Movement.Kind.COUNT.value
        posting = Posting("COUNT", count.number, count.note, kind, kind)
        change_levels({row[4]: row[3] for row in rows}, posting, actor)
        sql.execute(_WRITE_DIFFERENCES, {"count": count.pk})
        _end(count, actor, [{"sku": sku, "batch": batch, "bottles": moved} for _, sku, batch, moved, *_ in rows])
        return StockDocument(count.number, len(rows))


def _locked_rows(count: StockCount) -> list[tuple[int, str, str, int, int, int, int]]:
    """Position, code, batch, difference, stock id, on hand, reserved of every line that differs, by stock id."""
    place = {"count": count.pk, "owner": count.owner_id, "warehouse": count.warehouse_id}
    note_rank(Rank.STOCK)
    sql.execute(_MAKE_ROWS, place)
    return [(row[0], row[1], row[2], row[3], row[4], row[5], row[6]) for row in sql.rows(_LOCK, place)]


def _refuse_strange_lines(count: StockCount, actor: Actor) -> None:
    """A seat of some product lines finishes, drops and books no sheet of others."""
    within = lines_within(actor, "sku__product_line__code")
    if within and StockCountLine.objects.filter(count=count).exclude(within).exists():
        raise OutOfScope


def _end(count: StockCount, actor: Actor, changes: Sequence[Mapping[str, object]]) -> None:
    count.status, count.version = Status.BOOKED, count.version + 1
    count.ended_at, count.ended_by_id, count.ended_by_name = clock.now(), actor.person_id, actor.person_name[:80]
    count.save()
    said = hashlib.sha256(repr((count.number, changes)).encode()).hexdigest()
    payload = {"warehouse": count.warehouse.code, "said": said, "changes": list(changes)}
    _tell(STOCK_COUNTED, count, actor, {**payload, "counted_by_id": str(count.counted_by_id)})


def _tell(kind: str, count: StockCount, actor: Actor, payload: Mapping[str, object]) -> None:
    record(
        kind=kind,
        aggregate_type=COUNT,
        aggregate_id=count.number,
        version=count.version,
        actor=actor,
        payload=dict(payload),
        seller_id=count.owner_id,
    )
