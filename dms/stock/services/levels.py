"""What lies there, said anew: counts and adjustments. Every difference is a movement with its reason."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from core.db import sql
from core.db.acts import act
from core.db.locks import Rank, note_rank
from core.events.services import record
from core.kernel.actor import Actor
from core.kernel.errors import DomainError, refuse_all
from core.kernel.quantity import MAX_BOTTLES
from core.kernel.text import normalised
from dms.stock import errors
from dms.stock.events import COUNT, STOCK_ADJUSTED, STOCK_COUNTED
from dms.stock.models import Movement, Warehouse
from dms.stock.permissions import Permission
from dms.stock.selectors import EarlierCount, earlier_count
from dms.stock.services.postings import (
    MADE,
    Counted,
    Key,
    Level,
    Posting,
    StockDocument,
    change_levels,
    checked_skus,
    fill,
    keys_of,
    levels_of,
    new_number,
    own_warehouse,
    told_lines,
)


@dataclass(frozen=True, slots=True)
class CountStock:
    """A count of some SKUs in one warehouse of the actor's house; what is not named stays as it is.

    ``number`` names the count: sent again with the same figures it changes nothing.
    """

    warehouse_code: str
    lines: tuple[Counted, ...]
    number: str = ""
    reason: str = ""


def count_stock(*, actor: Actor, command: CountStock) -> StockDocument:
    """Let the counted figures be what lies there; each difference becomes a movement.

    A line that says what the books said when it was counted books that difference: what moved since stays moved.

    Raises by line ``SkuMissing``, ``QuantityInvalid``, ``LineTwice``, ``BelowReserved``; ``WarehouseMissing``,
    ``BatchReused``.
    """
    actor.require(Permission.COUNT)
    with act():
        warehouse = own_warehouse(actor, command.warehouse_code)
        number = normalised(command.number)[:64]
        said = _digest(warehouse, command.lines)
        if number:
            _lock_number(number)
            earlier = earlier_count(seller_id=actor.dealer_id, number=number)
            if earlier is not None:
                return _repeated(number, said, earlier)
        number = number or new_number("ST")
        skus = checked_skus(actor, command.lines, least=0)
        keys = keys_of(warehouse.pk, command.lines, skus)
        kind = Movement.Kind.COUNT.value
        posting = Posting("COUNT", number, normalised(command.reason)[:200], kind, kind)
        rows = _found_levels(actor, keys, command.lines, posting)
        refuse_all(_below_reserved((line, level, line.after(level.on_hand if level else 0)) for line, level in rows))
        held = [(line, level) for line, level in rows if level is not None]
        differences = [(line, level, line.after(level.on_hand) - level.on_hand) for line, level in held]
        changes = {level.stock_id: moved for _line, level, moved in differences if moved and level.stock_id != MADE}
        change_levels(changes, posting, actor)
        told = [
            {"sku": line.sku_code, "batch": line.batch, "bottles": moved} for line, _, moved in differences if moved
        ]
        _tell(STOCK_COUNTED, number, actor, {"warehouse": warehouse.code, "said": said, "changes": told})
        return StockDocument(number, len(told))


def _found_levels(
    actor: Actor, keys: Sequence[Key], lines: Sequence[Counted], posting: Posting
) -> list[tuple[Counted, Level | None]]:
    """Each line with what lay there before; rows that were missing are made and filled (``MADE``), None: not even that.

    Two statements.
    """
    wanted = {key: line.bottles for key, line in zip(keys, lines, strict=True) if line.bottles > 0}
    made = dict.fromkeys(fill(actor.dealer_id, wanted, posting, actor), Level(MADE, 0, 0))
    levels = made | levels_of(actor.dealer_id, [key for key in keys if key not in made])
    return [(line, levels.get(key)) for key, line in zip(keys, lines, strict=True)]


def _digest(warehouse: Warehouse, lines: Sequence[Counted]) -> str:
    """What a count said, in 64 characters, whatever the order of its lines."""
    figures = sorted((line.sku_code, line.batch, line.bottles) for line in lines)
    return hashlib.sha256(repr((warehouse.code, figures)).encode()).hexdigest()


def _repeated(number: str, said: str, earlier: EarlierCount) -> StockDocument:
    """The answer to a count that was booked before. Raises ``BatchReused`` when it said something else."""
    if earlier.said != said:
        raise errors.BatchReused(number=number)
    return StockDocument(number, earlier.changed, is_repeated=True)


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
        warehouse = own_warehouse(actor, command.warehouse_code)
        skus = checked_skus(actor, command.lines, least=-MAX_BOTTLES)
        keys = keys_of(warehouse.pk, command.lines, skus)
        number = new_number("AD")
        kind = Movement.Kind.ADJUSTMENT.value
        posting = Posting("ADJUSTMENT", number, reason, kind, kind)
        rows = _found_levels(actor, keys, command.lines, posting)
        refuse_all(
            _below_reserved((line, level, (level.on_hand if level else 0) + line.bottles) for line, level in rows)
        )
        changes = {level.stock_id: line.bottles for line, level in rows if level is not None and line.bottles}
        changes.pop(MADE, None)
        change_levels(changes, posting, actor)
        payload = {"warehouse": warehouse.code, "reason": reason, "lines": told_lines(command.lines)}
        _tell(STOCK_ADJUSTED, number, actor, payload)
        return StockDocument(number, len(command.lines))


def _lock_number(number: str) -> None:
    """The same count sent twice at once: the second waits and finds the first booked."""
    note_rank(Rank.KEY)
    sql.rows("SELECT pg_advisory_xact_lock(hashtext(current_schema()), hashtext(%(number)s))", {"number": number})


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
