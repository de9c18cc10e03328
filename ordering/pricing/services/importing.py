"""Prices from a file: many lists at once, in the statements of one. What rules already is not written again."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from core.db import scopes, sql
from core.db.acts import act
from core.db.locks import Rank, note_rank
from core.events import services as events
from core.events.models import Event
from core.jobs.importing import SAME, Judged
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.errors import DomainError, OutOfScope
from core.kernel.quantity import Unit
from ordering.pricing.errors import (
    BatchReused,
    ChangedMeanwhile,
    ChangedTwice,
    ListUnknown,
    PriceInThePast,
    SkuUnknown,
    UnitMissing,
)
from ordering.pricing.events import PRICES_CHANGED, PRICES_IMPORTED, prices_changed
from ordering.pricing.permissions import Permission
from ordering.pricing.rules import faults_of_change, sold_in
from ordering.pricing.selectors.floors import floors_at
from ordering.pricing.services.approval import refuse_direct, refuse_floors
from ordering.pricing.services.entries import SKUS, PriceChange, below_floor, instant_of, refuse_wide_list, told

IMPORT = "price_import"


@dataclass(frozen=True, slots=True)
class PriceRow:
    """One row of a file: a price of a list of the actor's own house. ``unit`` None: the one the SKU is sold in."""

    list_code: str
    sku_code: str
    amount: int | None
    unit: Unit | None = None
    min_quantity: int = 1
    valid_from: datetime | None = None


@dataclass(frozen=True, slots=True)
class ImportPrices:
    """Rows of a file under the number of their batch: sent again with the same figures it changes nothing.

    ``shown``: the price that somebody saw rule before, by 1-based place; where another rules by now, the row waits.
    """

    number: str
    rows: tuple[PriceRow, ...]
    shown: Mapping[int, int | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A row that can be judged: its place, list and SKU by id, from when on."""

    place: int
    list_id: int
    sku_id: int
    change: PriceChange
    instant: datetime
    is_past: bool = False


_Floors = Mapping[tuple[int, int, datetime], Mapping[Unit, int]]
_LOCK_LISTS = """
SELECT list.code, list.id, list.version, list.currency, list.region_code, dealer.path, dealer.region_code
FROM pricing_pricelist AS list LEFT JOIN dealers_dealer AS dealer ON dealer.id = list.dealer_id
WHERE list.seller_id = %(seller)s AND list.code = ANY(%(codes)s::text[]) ORDER BY list.id FOR UPDATE OF list
"""
_ASKED = """
FROM unnest(%(places)s::int[], %(lists)s::bigint[], %(skus)s::bigint[], %(units)s::text[], %(steps)s::int[],
            %(amounts)s::bigint[], %(instants)s::timestamptz[])
     AS a(place, list_id, sku_id, unit, min_quantity, amount, valid_from)
"""
_JUDGE = f"""
WITH asked AS (
    SELECT *, lag(amount) OVER earlier AS before_amount, lag(valid_from) OVER earlier AS before_from {_ASKED}
    WINDOW earlier AS (PARTITION BY list_id, sku_id, unit, min_quantity ORDER BY valid_from)
), judged AS (
    SELECT asked.place, asked.amount, CASE
        WHEN asked.before_from >= ruling.valid_from OR ruling.valid_from IS NULL THEN asked.before_amount
        ELSE ruling.amount END AS ruling_amount
    FROM asked LEFT JOIN LATERAL (
        SELECT amount, valid_from FROM pricing_priceentry AS entry
        WHERE entry.price_list_id = asked.list_id AND entry.sku_id = asked.sku_id AND entry.unit = asked.unit
          AND entry.min_quantity = asked.min_quantity AND entry.valid_from <= asked.valid_from
        ORDER BY entry.valid_from DESC LIMIT 1
    ) AS ruling ON true
)
SELECT place, ruling_amount, amount IS DISTINCT FROM ruling_amount FROM judged
"""
_WRITE = f"""
WITH written AS (
    INSERT INTO pricing_priceentry
        (price_list_id, sku_id, unit, min_quantity, valid_from, amount, person_id, created_at)
    SELECT list_id, sku_id, unit, min_quantity, valid_from, amount, %(person)s, %(now)s {_ASKED}
    ORDER BY list_id, sku_id, unit, min_quantity, valid_from
    ON CONFLICT ON CONSTRAINT price_entry_key DO UPDATE
    SET amount = excluded.amount, person_id = excluded.person_id, created_at = excluded.created_at,
        round_id = NULL, funded_until = NULL
    RETURNING price_list_id
)
UPDATE pricing_pricelist AS list SET version = version + 1
WHERE list.id IN (SELECT price_list_id FROM written) RETURNING list.id, list.code, list.currency, list.version
"""


def import_prices(*, actor: Actor, command: ImportPrices, is_dry_run: bool = False) -> Judged:
    """Let each row's price rule from its instant on; bad rows are answered, good ones done.

    A few statements for any number of rows and lists; a version and an event a list that changes. A dry run writes
    nothing. Faults by line: ``ListUnknown``, ``OutOfScope``, ``SkuUnknown``, ``UnitMissing``, ``UnitNotSold``,
    ``NotAPrice``, ``StepTooLow``, ``PriceInThePast`` (unless the price rules already), ``ChangedMeanwhile``,
    ``BelowFloor``.
    Raises ``BatchReused``, ``NeedsRound``.
    """
    actor.require(Permission.EDIT)
    with act():
        said = hashlib.sha256(repr(command.rows).encode()).hexdigest()
        if not is_dry_run and _is_repeated(actor, command.number, said):
            return Judged(dict.fromkeys(range(1, len(command.rows) + 1), SAME), {})
        now = clock.now()
        refuse_direct(actor)
        lists, faults = _locked_lists(actor, command.rows)
        refuse_floors(actor, lists.values())
        asked = _asked(actor, command.rows, lists, faults, now)
        floors = floors_at({(one.list_id, one.sku_id, one.instant) for one in asked})
        before = {place: (amount, differs) for place, amount, differs in _judged(asked)}
        fates: dict[int, str] = {}
        changes: dict[int, dict[str, tuple[int | None, int | None]]] = {}
        writes: list[_Asked] = []
        for one in asked:
            ruling, differs = before[one.place]
            fault = _refusal(one, ruling, command.shown, floors) if differs else None
            if fault is not None:
                faults.append(fault)
                continue
            fates[one.place] = SAME if not differs else "new" if ruling is None else "changed"
            changes[one.place] = {"amount": (ruling, one.change.amount)} if differs else {}
            if differs:
                writes.append(one)
        if not is_dry_run:
            _written(actor, command.number, said, writes, now)
        return Judged(fates, changes, faults)


def _refusal(one: _Asked, ruling: int | None, shown: Mapping[int, int | None], floors: _Floors) -> DomainError | None:
    """Why a price that differs from the one that rules does not come in."""
    sku, unit, amount = one.change.sku_code, one.change.unit, one.change.amount
    if one.is_past:
        return PriceInThePast(line=one.place, field="valid_from")
    if shown.get(one.place, ruling) != ruling:
        return ChangedMeanwhile(line=one.place, field="amount", sku=sku)
    floor = floors.get((one.list_id, one.sku_id, one.instant), {}).get(unit)
    if floor is not None and amount is not None and amount < floor:
        return below_floor(one.place, sku, unit, amount, floor)
    return None


def _is_repeated(actor: Actor, number: str, said: str) -> bool:
    """Whether the batch was taken in before; the same sent twice at once: the second waits. Raises ``BatchReused``."""
    note_rank(Rank.KEY)
    sql.rows("SELECT pg_advisory_xact_lock(hashtext(current_schema()), hashtext(%(number)s))", {"number": number})
    of_batch = Event.objects.filter(aggregate_type=IMPORT, aggregate_id=number, kind=PRICES_IMPORTED)
    earlier = of_batch.filter(seller_id=actor.dealer_id).values_list("payload", flat=True).first()
    if earlier is not None and earlier["said"] != said:
        raise BatchReused(number=number)
    return earlier is not None


def _locked_lists(actor: Actor, rows: Sequence[PriceRow]) -> tuple[dict[str, int], list[DomainError]]:
    """Ids of the lists the seat may change, by code, locked; and a fault for every row of another one."""
    note_rank(Rank.ORDER)
    codes = sorted({row.list_code for row in rows})
    found: dict[str, int] = {}
    refused: dict[str, type[DomainError]] = {}
    asked = {"seller": actor.dealer_id, "codes": codes}
    for code, list_id, _version, _currency, region_code, path, home in sql.rows(_LOCK_LISTS, asked):
        try:
            if path is None:
                refuse_wide_list(actor, region_code, unseen=ListUnknown(list=code))
            elif not actor.scope.covers_dealer(path=path, region_code=home):
                raise ListUnknown(list=code)
        except OutOfScope:
            refused[code] = OutOfScope
        except ListUnknown:
            continue
        else:
            found[code] = list_id
    faults = [
        refused.get(row.list_code, ListUnknown)(line=place, field="list_code", list=row.list_code[:30])
        for place, row in enumerate(rows, start=1)
        if row.list_code not in found
    ]
    return found, faults


def _asked(
    actor: Actor,
    rows: Sequence[PriceRow],
    lists: Mapping[str, int],
    faults: list[DomainError],
    now: datetime,
) -> list[_Asked]:
    """The rows that can be judged; what is wrong with the others goes to ``faults``."""
    codes = sorted({row.sku_code for row in rows})
    skus = {code: (sku_id, sold) for code, sku_id, sold in _skus(actor, codes)}
    asked: list[_Asked] = []
    seen: set[tuple[int, int, Unit, int, datetime]] = set()
    for place, row in enumerate(rows, start=1):
        list_id = lists.get(row.list_code)
        if list_id is None:
            continue
        sku = skus.get(row.sku_code)
        if sku is None:
            faults.append(SkuUnknown(line=place, field="sku_code", sku=row.sku_code[:48]))
            continue
        unit = row.unit or _only_unit(sku[1])
        if unit is None:
            faults.append(UnitMissing(line=place, field="unit", sku=row.sku_code))
            continue
        change = PriceChange(row.sku_code, unit, row.amount, row.min_quantity, row.valid_from)
        wrong = faults_of_change(
            line=place,
            sku=row.sku_code,
            unit=unit,
            sells_in=sku[1],
            min_quantity=row.min_quantity,
            amount=row.amount,
        )
        faults += wrong
        instant = instant_of(change, now)
        is_past = instant < now
        one = _Asked(place, list_id, sku[0], change, now if is_past else instant, is_past)
        key = (list_id, sku[0], unit, row.min_quantity, one.instant)
        if key in seen:
            faults.append(ChangedTwice(line=place, sku=row.sku_code))
        elif not wrong:
            asked.append(one)
            seen.add(key)
    return asked


def _only_unit(sells_in: str) -> Unit | None:
    units = [unit for unit in Unit if sold_in(sells_in, unit)]
    return units[0] if len(units) == 1 else None


def _skus(actor: Actor, codes: list[str]) -> list[sql.Row]:
    return sql.rows(SKUS, {"codes": codes, **scopes.parameters(actor)})


def _judged(asked: Sequence[_Asked]) -> list[sql.Row]:
    return sql.rows(_JUDGE, _columns(asked)) if asked else []


def _columns(asked: Sequence[_Asked]) -> dict[str, object]:
    return {
        "places": [one.place for one in asked],
        "lists": [one.list_id for one in asked],
        "skus": [one.sku_id for one in asked],
        "units": [one.change.unit.value for one in asked],
        "steps": [one.change.min_quantity for one in asked],
        "amounts": [one.change.amount for one in asked],
        "instants": [one.instant.isoformat() for one in asked],
    }


def _written(actor: Actor, number: str, said: str, writes: Sequence[_Asked], now: datetime) -> None:
    """Write the entries; tell of each list that changed, and of the batch."""
    of_list: dict[int, list[_Asked]] = {}
    for one in writes:
        of_list.setdefault(one.list_id, []).append(one)
    facts = {**_columns(writes), "person": actor.person_id, "now": now}
    raised = sorted(sql.rows(_WRITE, facts)) if writes else []
    for list_id, code, currency, version in raised:
        changes = [told(one.change, one.instant) for one in of_list[list_id]]
        payload = prices_changed(
            code=code, currency=currency, version=version, seller_id=actor.dealer_id, changes=changes
        )
        _tell(PRICES_CHANGED, "price_list", code, version, payload, actor)
    batch = {"said": said, "lists": len(raised), "written": len(writes)}
    _tell(PRICES_IMPORTED, IMPORT, number, 1, batch, actor)


def _tell(kind: str, about: str, key: str, version: int, payload: Mapping[str, object], actor: Actor) -> None:
    events.record(
        kind=kind,
        aggregate_type=about,
        aggregate_id=key,
        version=version,
        actor=actor,
        payload=dict(payload),
        seller_id=actor.dealer_id,
    )
