"""Thresholds (库存预警线): set and taken away, and looked after beside the trade. docs/algorithms/stock.md."""

from collections.abc import Iterable
from dataclasses import dataclass

from core.db import sql
from core.db.acts import act
from core.db.locks import Rank, note_rank
from core.events.services import record
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.errors import DomainError, refuse_all
from core.kernel.quantity import MAX_BOTTLES
from dms.stock import errors
from dms.stock.events import STOCK_HOUSE, STOCK_LOW, THRESHOLDS_SET
from dms.stock.permissions import Permission
from dms.stock.selectors.thresholds import FREE_OF_THRESHOLDS
from dms.stock.services.postings import own_warehouse, skus_by_code

TOLD = 100
"""Lines an event carries; the page shows all."""


@dataclass(frozen=True, slots=True)
class ThresholdLine:
    """Below how many free bottles of a SKU the house wants to hear; 0: not at all."""

    sku_code: str
    bottles: int


@dataclass(frozen=True, slots=True)
class SetThresholds:
    """Thresholds of the actor's own house, in one warehouse or (no code) over all that sell."""

    lines: tuple[ThresholdLine, ...]
    warehouse_code: str = ""


_SET = """
INSERT INTO stock_stockthreshold (owner_id, warehouse_id, sku_id, bottles, is_low, changed_at)
SELECT %(owner)s, %(warehouse)s, wanted.sku_id, wanted.bottles, false, %(at)s
FROM unnest(%(skus)s::bigint[], %(bottles)s::bigint[]) AS wanted (sku_id, bottles)
WHERE wanted.bottles > 0 ORDER BY wanted.sku_id
ON CONFLICT ON CONSTRAINT threshold_once
DO UPDATE SET bottles = excluded.bottles, changed_at = excluded.changed_at
"""
_REMOVE = """
DELETE FROM stock_stockthreshold
WHERE owner_id = %(owner)s AND warehouse_id IS NOT DISTINCT FROM %(warehouse)s::bigint
  AND sku_id = ANY(%(skus)s::bigint[])
"""


def set_thresholds(*, actor: Actor, command: SetThresholds) -> int:
    """Set thresholds, or take them away with 0; how many lines. Whatever their number, the same statements.

    Raises ``WarehouseMissing``, ``NothingToDo`` and by line ``SkuMissing``, ``QuantityInvalid``, ``ThresholdTwice``.
    """
    actor.require(Permission.THRESHOLDS)
    if not command.lines:
        raise errors.NothingToDo
    with act():
        warehouse = own_warehouse(actor, command.warehouse_code) if command.warehouse_code else None
        skus = skus_by_code(actor, {line.sku_code for line in command.lines})
        refuse_all(_faults(command.lines, skus))
        note_rank(Rank.STOCK)
        place = {"owner": actor.dealer_id, "warehouse": warehouse.pk if warehouse else None}
        gone = [skus[line.sku_code] for line in command.lines if not line.bottles]
        kept = sorted((skus[line.sku_code], line.bottles) for line in command.lines if line.bottles)
        if gone:
            sql.execute(_REMOVE, {**place, "skus": sorted(gone)})
        if kept:
            columns = {"skus": [sku for sku, _ in kept], "bottles": [bottles for _, bottles in kept]}
            sql.execute(_SET, {**place, **columns, "at": clock.now()})
        lines = [{"sku": line.sku_code, "bottles": line.bottles} for line in command.lines]
        record(
            kind=THRESHOLDS_SET,
            aggregate_type=STOCK_HOUSE,
            aggregate_id=str(actor.dealer_id),
            version=0,
            actor=actor,
            payload={"warehouse": warehouse.code if warehouse else "", "lines": lines},
            seller_id=actor.dealer_id,
        )
    return len(command.lines)


def _faults(lines: Iterable[ThresholdLine], skus: dict[str, int]) -> Iterable[DomainError]:
    seen: set[str] = set()
    for place, line in enumerate(lines, start=1):
        if line.sku_code not in skus:
            yield errors.SkuMissing(line=place, sku=line.sku_code[:48])
        if not 0 <= line.bottles <= MAX_BOTTLES:
            yield errors.QuantityInvalid(line=place, value=str(line.bottles), most=MAX_BOTTLES)
        if line.sku_code in seen:
            yield errors.ThresholdTwice(line=place, sku=line.sku_code)
        seen.add(line.sku_code)


_TURN = f"""
WITH free AS ({FREE_OF_THRESHOLDS} GROUP BY threshold.id), turned AS (
    UPDATE stock_stockthreshold AS threshold SET is_low = NOT threshold.is_low, changed_at = %(at)s
    FROM free WHERE free.id = threshold.id AND threshold.is_low <> (free.free < threshold.bottles)
    RETURNING threshold.owner_id, threshold.sku_id, threshold.warehouse_id, threshold.bottles, free.free,
              threshold.is_low
)
SELECT turned.owner_id, sku.code, sku.name, coalesce(warehouse.code, ''), turned.bottles, turned.free
FROM turned JOIN catalogue_sku AS sku ON sku.id = turned.sku_id
LEFT JOIN stock_warehouse AS warehouse ON warehouse.id = turned.warehouse_id
WHERE turned.is_low ORDER BY turned.owner_id, turned.free, sku.code
"""


def check_thresholds() -> int:
    """Tell every house of this brand once what has just fallen under a threshold; how many rows.

    One statement turns ``is_low`` and answers what it turned, so that two workers tell nobody twice. What has risen
    again is turned back and told the next time it falls. Beside the trade: no order waits for it.
    """
    with act():
        fallen: dict[int, list[dict[str, object]]] = {}
        for owner, *facts in sql.rows(_TURN, {"at": clock.now()}):
            line = dict(zip(("sku", "name", "warehouse", "bottles", "free"), facts, strict=True))
            fallen.setdefault(owner, []).append(line)
        for owner, lines in fallen.items():
            record(
                kind=STOCK_LOW,
                aggregate_type=STOCK_HOUSE,
                aggregate_id=str(owner),
                version=0,
                actor=None,
                payload={"dealer_id": owner, "count": len(lines), "lines": lines[:TOLD]},
                seller_id=owner,
            )
    return sum(map(len, fallen.values()))
