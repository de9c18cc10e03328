"""Changing prices: a thousand at once in the statements of one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from core.db import scopes, sql
from core.db.acts import act
from core.db.locks import Rank, note_rank
from core.events import services as events
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.errors import DomainError, Field, Missing, OutOfScope, VersionConflict, refuse_all
from core.kernel.quantity import Unit
from ordering.pricing.errors import (
    BelowFloor,
    ChangedTwice,
    NeedsRound,
    PriceInThePast,
    SkuUnknown,
    TooManyChanges,
)
from ordering.pricing.events import PRICES_CHANGED, prices_changed
from ordering.pricing.permissions import Permission
from ordering.pricing.rules import faults_of_change
from ordering.pricing.selectors.floors import floors_at
from ordering.pricing.services.doubts import Put, doubts_of

MOST_CHANGES = 5_000


@dataclass(frozen=True, slots=True)
class PriceChange:
    """From ``valid_from`` (None: now) one ``unit`` costs ``amount`` minor units, tax inside, from ``min_quantity`` on.

    ``amount`` None ends the price. ``is_meant``: somebody looked at it, should it be doubtful.
    """

    sku_code: str
    unit: Unit
    amount: int | None
    min_quantity: int = 1
    valid_from: datetime | None = None
    is_meant: bool = False


@dataclass(frozen=True, slots=True)
class SetPrices:
    """Changes to one list of the actor's own dealer. ``version``: the list as the actor saw it, None for any."""

    list_code: str
    changes: tuple[PriceChange, ...]
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Planned:
    """What an approved price round says of its entries: which round, until when old orders are to be funded.

    ``above_floor`` False: somebody agreed to prices under the red line.
    """

    round_id: int
    funded_until: datetime | None = None
    above_floor: bool = True


@dataclass(frozen=True, slots=True)
class _By:
    """Who writes entries, when, and by which round."""

    person_id: UUID
    now: datetime
    planned: Planned | None


@dataclass(frozen=True, slots=True)
class PricesSet:
    """How many entries were written and the list's version after it."""

    written: int
    version: int


_LOCK_LIST = """
SELECT list.id, list.version, list.currency, list.region_code, dealer.path, dealer.region_code,
       list.kind = 'SALE' AND EXISTS (SELECT FROM pricing_pricelist AS floor
           WHERE floor.seller_id = list.seller_id AND floor.kind = 'FLOOR' AND floor.is_active),
       coalesce((SELECT changes_need_approval FROM pricing_pricingsettings), false), list.kind = 'FLOOR'
FROM pricing_pricelist AS list LEFT JOIN dealers_dealer AS dealer ON dealer.id = list.dealer_id
WHERE list.seller_id = %(seller)s AND list.code = %(code)s FOR UPDATE OF list
"""
SKUS = f"""
SELECT sku.code, sku.id, sku.sells_in FROM catalogue_sku AS sku
JOIN catalogue_productline AS line ON line.id = sku.product_line_id AND {scopes.line_condition("line.code")}
WHERE sku.code = ANY(%(codes)s::text[])
"""
_WRITE = """
WITH asked AS (
    SELECT *, lag(amount) OVER earlier AS before_amount, lag(valid_from) OVER earlier AS before_from
    FROM unnest(%(lines)s::int[], %(skus)s::bigint[], %(units)s::text[], %(steps)s::int[], %(amounts)s::bigint[],
                %(instants)s::timestamptz[]) AS a(line, sku_id, unit, min_quantity, amount, valid_from)
    WINDOW earlier AS (PARTITION BY sku_id, unit, min_quantity ORDER BY valid_from)
), changed AS (
    SELECT asked.* FROM asked LEFT JOIN LATERAL (
        SELECT amount, valid_from FROM pricing_priceentry AS entry
        WHERE entry.price_list_id = %(list)s AND entry.sku_id = asked.sku_id AND entry.unit = asked.unit
          AND entry.min_quantity = asked.min_quantity AND entry.valid_from <= asked.valid_from
        ORDER BY entry.valid_from DESC LIMIT 1
    ) AS ruling ON true
    WHERE asked.amount IS DISTINCT FROM CASE
        WHEN asked.before_from >= ruling.valid_from OR ruling.valid_from IS NULL THEN asked.before_amount
        ELSE ruling.amount END
        OR (asked.valid_from > %(now)s AND ruling.valid_from IS DISTINCT FROM asked.valid_from)
), written AS (
    INSERT INTO pricing_priceentry
        (price_list_id, sku_id, unit, min_quantity, valid_from, amount, person_id, created_at, round_id, funded_until)
    SELECT %(list)s, sku_id, unit, min_quantity, valid_from, amount, %(person)s, %(now)s, %(round)s::bigint,
           %(funded_until)s::timestamptz
    FROM changed ORDER BY line
    ON CONFLICT ON CONSTRAINT price_entry_key DO UPDATE
    SET amount = excluded.amount, person_id = excluded.person_id, created_at = excluded.created_at,
        round_id = excluded.round_id, funded_until = excluded.funded_until
    RETURNING 1
), raised AS (
    UPDATE pricing_pricelist SET version = version + 1
    WHERE id = %(list)s AND EXISTS (SELECT FROM written)
)
SELECT line FROM changed ORDER BY line
"""


def set_prices(*, actor: Actor, command: SetPrices) -> PricesSet:
    """Write those of the changes that change anything; one version, one event, or none at all.

    A price planned for later is written also where it says what will rule by then: that may be taken back.
    Raises Missing for another seller's list, OutOfScope for one that also rules outside the seat's limits,
    VersionConflict, NeedsRound where prices, or red lines, change by approved rounds only, or every fault by line:
    SkuUnknown,
    UnitNotSold, NotAPrice, StepTooLow, PriceInThePast, ChangedTwice; where there is none of them, BelowFloor, and then
    every doubt about what is not said to be meant: LadderRises, PriceLeaps.
    """
    actor.require(Permission.EDIT)
    with act():
        return write_entries(actor=actor, command=command)


def write_entries(*, actor: Actor, command: SetPrices, planned: Planned | None = None) -> PricesSet:
    """What ``set_prices`` writes, inside the caller's act, who asks for the right; also what a round publishes.

    Raises as ``set_prices`` does.
    """
    if len(command.changes) > MOST_CHANGES:
        raise TooManyChanges(most=MOST_CHANGES)
    now = clock.now()
    found = _locked_list(actor, command)
    is_one_hand = planned is None and actor.is_brand_staff
    if is_one_hand and (found.needs_approval or (found.is_floor and not actor.can(Permission.APPROVE))):
        raise NeedsRound
    list_id, version = found.id, found.version
    asked = {"codes": _codes(command), **scopes.parameters(actor)}
    skus = {code: (sku_id, sells_in) for code, sku_id, sells_in in sql.rows(SKUS, asked)}
    instants = [instant_of(change, now) for change in command.changes]
    refuse_all(_faults(command.changes, instants, skus, now))
    if found.has_floors and (planned is None or planned.above_floor):
        refuse_all(_below_floors(list_id, command.changes, instants, skus))
    refuse_all(doubts_of(list_id, _puts(command.changes, instants, skus)))
    by = _By(actor.person_id, now, planned)
    lines = _write(list_id, command.changes, instants, skus, by)
    if not lines:
        return PricesSet(0, version)
    version += 1
    changes = [told(command.changes[line - 1], instants[line - 1]) for line in lines]
    events.record(
        kind=PRICES_CHANGED,
        aggregate_type="price_list",
        aggregate_id=command.list_code,
        version=version,
        actor=actor,
        payload=prices_changed(
            code=command.list_code,
            currency=found.currency,
            version=version,
            seller_id=actor.dealer_id,
            changes=changes,
            round_id=planned.round_id if planned else None,
        ),
        seller_id=actor.dealer_id,
    )
    return PricesSet(len(lines), version)


@dataclass(frozen=True, slots=True)
class _Locked:
    """The list of a command. ``has_floors``: prices of it may lie under a red line."""

    id: int
    version: int
    currency: str
    has_floors: bool
    needs_approval: bool
    is_floor: bool


def _locked_list(actor: Actor, command: SetPrices) -> _Locked:
    note_rank(Rank.ORDER)
    row = sql.row(_LOCK_LIST, {"seller": actor.dealer_id, "code": command.list_code})
    if row is None:
        raise Missing(list=command.list_code)
    list_id, version, currency, region_code, path, home, has_floors, needs_approval, is_floor = row
    if path is not None:
        if not actor.scope.covers_dealer(path=path, region_code=home):
            raise Missing(list=command.list_code)
    else:
        refuse_wide_list(actor, region_code, unseen=Missing(list=command.list_code))
    if command.version is not None and command.version != version:
        raise VersionConflict(version=version)
    return _Locked(list_id, version, currency, has_floors, needs_approval, is_floor)


def refuse_wide_list(actor: Actor, region_code: str, *, unseen: DomainError) -> None:
    """A list for many dealers is changed by whoever answers for all of its region.

    Raises ``unseen`` where nothing of the region is the seat's, else ``OutOfScope``.
    """
    if not actor.scope.meets_region(region_code):
        raise unseen
    if actor.scope.subtree or not actor.scope.covers_region(region_code):
        raise OutOfScope


def _codes(command: SetPrices) -> list[str]:
    return sorted({change.sku_code for change in command.changes})


def instant_of(change: PriceChange, now: datetime) -> datetime:
    """A price of today begins now: what was ordered this morning keeps this morning's price."""
    if change.valid_from is None:
        return now
    is_today = clock.business_day(change.valid_from) == clock.business_day(now)
    return max(change.valid_from, now) if is_today else change.valid_from


def _faults(
    changes: Sequence[PriceChange], instants: Sequence[datetime], skus: dict[str, tuple[int, str]], now: datetime
) -> list[DomainError]:
    faults: list[DomainError] = []
    seen: set[tuple[str, Unit, int, datetime]] = set()
    for line, (change, instant) in enumerate(zip(changes, instants, strict=True), start=1):
        found = skus.get(change.sku_code)
        if found is None:
            faults.append(SkuUnknown(line=line, field="sku_code", sku=change.sku_code[:48]))
            continue
        faults += faults_of_change(
            line=line,
            sku=change.sku_code,
            unit=change.unit,
            sells_in=found[1],
            min_quantity=change.min_quantity,
            amount=change.amount,
        )
        if instant < now:
            faults.append(PriceInThePast(line=line, field="valid_from"))
        key = (change.sku_code, change.unit, change.min_quantity, instant)
        if key in seen:
            faults.append(ChangedTwice(line=line, sku=change.sku_code))
        seen.add(key)
    return faults


def _below_floors(
    list_id: int, changes: Sequence[PriceChange], instants: Sequence[datetime], skus: dict[str, tuple[int, str]]
) -> list[DomainError]:
    """``BelowFloor`` by line, held against the floor as it is when the price begins to rule."""
    keys = [(list_id, skus[change.sku_code][0], at) for change, at in zip(changes, instants, strict=True)]
    floors = floors_at(set(keys))
    found: list[DomainError] = []
    for line, (change, key) in enumerate(zip(changes, keys, strict=True), start=1):
        floor = floors.get(key, {}).get(change.unit)
        if floor is not None and change.amount is not None and change.amount < floor:
            found.append(below_floor(line, change.sku_code, change.unit, change.amount, floor))
    return found


def below_floor(line: int, sku: str, unit: Unit, amount: int, floor: int) -> BelowFloor:
    """The refusal of one price; amounts in minor units."""
    return BelowFloor(line=line, field="amount", sku=sku, unit=unit.value, amount=amount, floor=floor)


def _puts(changes: Sequence[PriceChange], instants: Sequence[datetime], skus: dict[str, tuple[int, str]]) -> list[Put]:
    return [
        Put(
            sku_id=skus[one.sku_code][0],
            sku_code=one.sku_code,
            unit=one.unit,
            min_quantity=one.min_quantity,
            amount=one.amount,
            instant=instant,
            is_meant=one.is_meant,
        )
        for one, instant in zip(changes, instants, strict=True)
    ]


def _write(
    list_id: int,
    changes: Sequence[PriceChange],
    instants: Sequence[datetime],
    skus: dict[str, tuple[int, str]],
    by: _By,
) -> list[int]:
    if not changes:
        return []
    parameters: dict[str, object] = {
        "list": list_id,
        "lines": list(range(1, len(changes) + 1)),
        "skus": [skus[change.sku_code][0] for change in changes],
        "units": [change.unit.value for change in changes],
        "steps": [change.min_quantity for change in changes],
        "amounts": [change.amount for change in changes],
        "instants": list(instants),
        "person": by.person_id,
        "now": by.now,
        "round": by.planned.round_id if by.planned else None,
        "funded_until": by.planned.funded_until if by.planned else None,
    }
    return [line for (line,) in sql.rows(_WRITE, parameters)]


def told(change: PriceChange, instant: datetime) -> dict[str, Field]:
    """The change as an event tells it; amounts in minor units."""
    return {
        "sku": change.sku_code,
        "unit": change.unit.value,
        "min_quantity": change.min_quantity,
        "amount": change.amount,
        "valid_from": instant.isoformat(),
    }
