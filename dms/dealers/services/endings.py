"""Papers that are about to end, and those that have: each threshold is told once."""

from dataclasses import dataclass
from datetime import date

from core.db import sql
from core.db.acts import act
from core.events.services import record
from core.kernel.endings import ENDED, THRESHOLDS
from dms.dealers.events import CREDENTIAL_ENDING, CREDENTIALS_ENDING, DEALER, TREE
from dms.dealers.services.firms import zone_day

BATCH = 500
LONG_AGO_DAYS = 60
"""A paper that ended before was no news when it was written down."""

_MOVE_ON = """
WITH due AS (
    SELECT credential.id, (SELECT min(days) FROM unnest(%(thresholds)s::int[]) AS days
                           WHERE credential.valid_to - %(day)s::date <= days) AS within
    FROM dealers_credential AS credential JOIN dealers_dealer AS dealer ON dealer.id = credential.dealer_id
    WHERE credential.is_accepted AND dealer.status <> 'CLOSED'
      AND credential.valid_to BETWEEN %(day)s::date - %(long_ago)s::int AND %(day)s::date + %(first)s::int
      AND coalesce(credential.warned_days, 1000) > CASE
              WHEN credential.valid_to < %(day)s::date THEN %(ended)s::int
              ELSE (SELECT min(days) FROM unnest(%(thresholds)s::int[]) AS days
                    WHERE credential.valid_to - %(day)s::date <= days) END
      AND NOT EXISTS (
          SELECT FROM dealers_credential AS later
          WHERE later.dealer_id = credential.dealer_id AND later.is_accepted AND later.id <> credential.id
            AND (later.type = credential.type
                 OR (later.type IN ('JY', 'PREPACK') AND credential.type IN ('JY', 'PREPACK')))
            AND (later.valid_to IS NULL OR later.valid_to > credential.valid_to)
            AND later.valid_from <= credential.valid_to + 1)
    ORDER BY credential.id LIMIT %(batch)s
)
UPDATE dealers_credential AS credential
SET warned_days = CASE WHEN credential.valid_to < %(day)s::date THEN %(ended)s::int ELSE due.within END
FROM due, dealers_dealer AS dealer
WHERE credential.id = due.id AND dealer.id = credential.dealer_id
  AND coalesce(credential.warned_days, 1000) >
      CASE WHEN credential.valid_to < %(day)s::date THEN %(ended)s::int ELSE due.within END
RETURNING dealer.id, dealer.code, dealer.version, dealer.supplier_id, credential.type, credential.number,
          credential.valid_to, credential.warned_days
"""


@dataclass(frozen=True, slots=True)
class _Due:
    dealer_id: int
    code: str
    version: int
    supplier_id: int | None
    type: str
    number: str
    valid_to: date
    days: int


def warn_of_endings() -> int:
    """Tell of every accepted paper that ends within 60, 30 or 7 days or has ended, by this brand's calendar.

    How many were told. Once each: the statement that moves ``warned_days`` on answers the rows it moved. A paper that
    a later one continues is passed over, JY and PREPACK standing in for each other.
    """
    day, told = zone_day(), 0
    while moved := _batch(day):
        told += moved
        if moved < BATCH:
            break
    return told


def _batch(day: date) -> int:
    facts = {
        "day": day,
        "first": max(THRESHOLDS),
        "thresholds": sorted(THRESHOLDS),
        "ended": ENDED,
        "long_ago": LONG_AGO_DAYS,
        "batch": BATCH,
    }
    with act():
        found = [_Due(*row) for row in sql.rows(_MOVE_ON, facts)]
        for one in found:
            _tell(one)
        if found:
            ended = sum(one.days == ENDED for one in found)
            record(
                kind=CREDENTIALS_ENDING,
                aggregate_type=TREE,
                aggregate_id="1",
                version=0,
                actor=None,
                payload={"ending": len(found) - ended, "ended": ended},
            )
    return len(found)


def _tell(one: _Due) -> None:
    record(
        kind=CREDENTIAL_ENDING,
        aggregate_type=DEALER,
        aggregate_id=one.code,
        version=one.version,
        actor=None,
        payload={
            "dealer_id": one.dealer_id,
            "type": one.type,
            "number": one.number,
            "valid_to": one.valid_to,
            "days": one.days,
        },
        seller_id=one.supplier_id or one.dealer_id,
        buyer_id=one.dealer_id,
    )
