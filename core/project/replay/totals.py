"""Held against the file: totals by store and month."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from core.db import sql
from core.project.replay.files import FileLine
from core.project.replay.prices import month_of

Totals = Counter[tuple[str, date]]
"""Cents by store and month."""

_OURS = """
SELECT dealer.code, date_trunc('month', placed.submitted_at AT TIME ZONE 'UTC')::date, sum(placed.total)::bigint
FROM orders_order AS placed JOIN dealers_dealer AS dealer ON dealer.id = placed.buyer_id
WHERE placed.source = 'REPLAY' AND placed.fulfilment_status = 'RECEIVED'
  AND placed.submitted_at >= %(since)s AND placed.submitted_at < %(until)s
GROUP BY 1, 2
"""


@dataclass(frozen=True, slots=True)
class Difference:
    """A store and month in which the file and our orders differ, cents; ``reported`` is what was held back of it."""

    store: str
    month: date
    in_file: int
    reported: int
    ours: int

    @property
    def is_explained(self) -> bool:
        """Whether the reported rows are the whole difference."""
        return self.in_file - self.reported == self.ours


def ours(since: date, until: date) -> Totals:
    """Our received orders of ``[since, until)``, counted by the database."""
    return Counter({(store, month): cents for store, month, cents in sql.rows(_OURS, {"since": since, "until": until})})


def of_file(lines: Iterable[FileLine]) -> Totals:
    """The file's lines; an amount that is no whole number of cents counts nothing (its row is reported)."""
    totals: Totals = Counter()
    for line in lines:
        totals[line.store, month_of(line.day)] += line.cents or 0
    return totals


def differences(lines: Iterable[FileLine], held_back: frozenset[int], counted: Totals) -> list[Difference]:
    """Every store and month that is not equal, explained or not."""
    rows = list(lines)
    everything, reported = of_file(rows), of_file(line for line in rows if line.row in held_back)
    return [
        Difference(*key, everything[key], reported[key], counted[key])
        for key in sorted(everything.keys() | counted.keys())
        if everything[key] != counted[key]
    ]
