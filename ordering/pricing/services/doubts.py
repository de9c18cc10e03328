"""Prices that are probably slips: none is set before somebody said that it is meant."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.db import sql
from core.kernel.errors import DomainError
from core.kernel.quantity import Unit
from ordering.pricing.errors import LadderRises, PriceLeaps
from ordering.pricing.rules import dearer_than, is_leap

_LADDERS = """
SELECT asked.sku_id, asked.unit, asked.instant, step.min_quantity, step.valid_from, step.amount
FROM (SELECT DISTINCT * FROM unnest(%(skus)s::bigint[], %(units)s::text[], %(instants)s::timestamptz[]))
     AS asked(sku_id, unit, instant)
CROSS JOIN LATERAL (
    SELECT DISTINCT ON (entry.min_quantity) entry.min_quantity, entry.amount, entry.valid_from
    FROM pricing_priceentry AS entry
    WHERE entry.price_list_id = %(list)s AND entry.sku_id = asked.sku_id AND entry.unit = asked.unit
      AND entry.valid_from <= asked.instant
    ORDER BY entry.min_quantity, entry.valid_from DESC
) AS step
"""


@dataclass(frozen=True, slots=True)
class Put:
    """One price about to be set: ``amount`` minor units from ``instant`` on; None ends it."""

    sku_id: int
    sku_code: str
    unit: Unit
    min_quantity: int
    amount: int | None
    instant: datetime
    is_meant: bool

    @property
    def ladder(self) -> tuple[int, str]:
        """Which ladder of the list it is a step of."""
        return self.sku_id, self.unit.value


_Steps = dict[int, tuple[datetime, int | None]]
"""By quantity: since when it costs what."""
_Ladder = dict[int, int]
"""What is sold: the amount by quantity."""


def doubts_of(list_id: int, puts: Sequence[Put]) -> list[DomainError]:
    """Why prices nobody called meant are doubtful, by line: ``LadderRises``, ``PriceLeaps``.

    Each is held against what rules at its instant once all are set; one that changes nothing is never doubtful. One
    statement for any number of prices, none where all are meant.
    """
    asking = {line: put for line, put in enumerate(puts, start=1) if not put.is_meant and put.amount is not None}
    if not asking:
        return []
    own: dict[tuple[int, str], list[Put]] = {}
    for put in puts:
        own.setdefault(put.ladder, []).append(put)
    ladders = {
        (ladder, instant): _before_and_then(steps, own[ladder], instant)
        for (ladder, instant), steps in _ruling(list_id, asking.values()).items()
    }
    found = (_doubt(line, put, *ladders[put.ladder, put.instant]) for line, put in asking.items())
    return [doubt for doubt in found if doubt is not None]


def _before_and_then(steps: _Steps, own: Sequence[Put], instant: datetime) -> tuple[_Ladder, _Ladder]:
    """The amounts by quantity as they are just before ``instant``, and at it."""
    before = _laid_over(steps, (one for one in own if one.instant < instant))
    then = _laid_over(before, (one for one in own if one.instant == instant))
    return _amounts(before), _amounts(then)


def _amounts(steps: _Steps) -> _Ladder:
    return {quantity: amount for quantity, (_since, amount) in steps.items() if amount is not None}


def _ruling(list_id: int, asking: Iterable[Put]) -> dict[tuple[tuple[int, str], datetime], _Steps]:
    puts = list(asking)
    parameters: Mapping[str, object] = {
        "list": list_id,
        "skus": [put.sku_id for put in puts],
        "units": [put.unit.value for put in puts],
        "instants": [put.instant for put in puts],
    }
    found: dict[tuple[tuple[int, str], datetime], _Steps] = {(put.ladder, put.instant): {} for put in puts}
    for sku_id, unit, instant, step, since, amount in sql.rows(_LADDERS, parameters):
        found[(sku_id, unit), instant][step] = (since, amount)
    return found


def _laid_over(steps: _Steps, puts: Iterable[Put]) -> _Steps:
    """The steps once the prices are set: of each quantity the latest rules."""
    laid = dict(steps)
    for put in puts:
        since = laid.get(put.min_quantity)
        if since is None or since[0] <= put.instant:
            laid[put.min_quantity] = (put.instant, put.amount)
    return laid


def _doubt(line: int, put: Put, before: _Ladder, then: _Ladder) -> DomainError | None:
    was = before.get(put.min_quantity)
    if put.amount is None or put.amount == was:
        return None
    if was is not None and is_leap(was, put.amount):  # the graver of the two: it is the one to be read
        return PriceLeaps(
            line=line,
            field="amount",
            sku=put.sku_code,
            unit=put.unit.value,
            from_quantity=put.min_quantity,
            amount=put.amount,
            before=was,
        )
    other = dearer_than(then, put.min_quantity)
    if other is not None:
        return LadderRises(
            line=line,
            field="amount",
            sku=put.sku_code,
            unit=put.unit.value,
            from_quantity=put.min_quantity,
            amount=put.amount,
            other_quantity=other,
            other_amount=then[other],
        )
    return None
