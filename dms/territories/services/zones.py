"""Zones drawn, drawn anew and closed. One that grants stand on is never changed under them: a new version follows."""

import re
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from core.db.acts import act
from core.events.services import record
from core.kernel import clock, regions
from core.kernel.actor import Actor
from core.kernel.errors import DomainError, Missing, OutOfScope, VersionConflict, refuse_all
from core.kernel.text import normalised, prose
from dms.dealers.services import lock_tree
from dms.territories import errors
from dms.territories.events import GRANT_CHANGED, ZONE, ZONE_CLOSED, ZONE_SAVED
from dms.territories.models import Grant, Zone, ZoneRegion
from dms.territories.selectors.grounds import zone_leaves
from dms.territories.selectors.judging import Cut, Plan, judge
from dms.territories.services.drafting import require_map
from dms.territories.services.giving import keep
from dms.territories.services.telling import tell

_CODE = re.compile(r"[A-Z0-9][A-Z0-9-]{1,19}")
MOST_LEAVES = 3_500


@dataclass(frozen=True, slots=True)
class SaveZone:
    """A zone by its code; divisions that are no leaves stand for the leaves inside them.

    ``version`` None: a new zone; else the one the form was opened with. ``effective_on`` (None: today): from when on
    grants that stand on it hold the new ground.
    """

    code: str
    name: str
    region_codes: Sequence[str]
    version: int | None = None
    effective_on: date | None = None


def save_zone(*, actor: Actor, command: SaveZone) -> Zone:
    """Draw a zone, or draw it anew.

    Where grants stand on it and its ground changes, each ends on the day and goes on with the new version: conflicts
    and what rests on them are judged as if they were given anew. Raises ``ZoneCodeInvalid``, ``ZoneEmpty``,
    ``ZoneCodeTaken``, ``UnknownRegion``, ``OutOfScope``, ``Missing``, ``VersionConflict``, and what ``grant`` raises.
    """
    require_map(actor)
    code, name = normalised(command.code).upper(), prose(command.name)[:60]
    leaves = _leaves(command.region_codes)
    refuse_all(_faults(actor, code, name, leaves))
    with act():
        lock_tree()
        today = clock.business_day()
        day = max(command.effective_on or today, today)
        old = Zone.objects.filter(code=code, closed_at__isnull=True).first()
        _refuse_unread(old, command, code)
        held = _grants_from(old, day) if old is not None else []
        former = frozenset(zone_leaves([old.pk])[old.pk]) if old is not None else leaves
        if old is not None and (not held or former == leaves):
            row = old
            row.name, row.version = name, row.version + 1
            row.save(update_fields=["name", "version"])
            _draw(row, leaves)
            held = []
        else:
            row = _new_zone(code, name, leaves, old)
        _move(held, row, day, actor, today)
        payload = {"name": name, "regions": sorted(leaves), "effective_on": day, "grants": len(held)}
        record(
            kind=ZONE_SAVED,
            aggregate_type=ZONE,
            aggregate_id=code,
            version=row.version,
            actor=actor,
            payload=payload,
            seller_id=actor.dealer_id,
        )
        return row


def close_zone(*, actor: Actor, code: str) -> None:
    """Offer a zone no longer. Raises ``Missing``, ``OutOfScope`` and ``ZoneInUse`` while grants stand on it."""
    require_map(actor)
    with act():
        lock_tree()
        row = Zone.objects.filter(code=normalised(code).upper(), closed_at__isnull=True).first()
        if row is None:
            raise Missing
        if not all(actor.scope.covers_region(leaf) for leaf in zone_leaves([row.pk])[row.pk]):
            raise OutOfScope
        used = len(_grants_from(row, clock.business_day()))
        if used:
            raise errors.ZoneInUse(count=used)
        row.closed_at = clock.now()
        row.save(update_fields=["closed_at"])
        record(
            kind=ZONE_CLOSED,
            aggregate_type=ZONE,
            aggregate_id=row.code,
            version=row.version,
            actor=actor,
            payload={"name": row.name},
            seller_id=actor.dealer_id,
        )


def _leaves(codes: Sequence[str]) -> frozenset[str]:
    """Every division as the leaves in force it holds. Raises ``UnknownRegion``."""
    found = set[str]()
    for code in codes[:MOST_LEAVES]:
        found |= regions.leaves(code)
    return frozenset(found)


def _faults(actor: Actor, code: str, name: str, leaves: frozenset[str]) -> list[DomainError]:
    faults: list[DomainError] = []
    if not _CODE.fullmatch(code):
        faults.append(errors.ZoneCodeInvalid(field="code"))
    if not name:
        faults.append(errors.ZoneEmpty(field="name"))
    if not leaves:
        faults.append(errors.ZoneEmpty(field="regions"))
    if not all(actor.scope.covers_region(leaf) for leaf in leaves):
        faults.append(OutOfScope(field="regions"))
    return faults


def _refuse_unread(old: Zone | None, command: SaveZone, code: str) -> None:
    if command.version is None and old is not None:
        raise errors.ZoneCodeTaken(field="code", value=code)
    if command.version is not None and old is None:
        raise Missing
    if old is not None and command.version != old.version:
        raise VersionConflict


def _new_zone(code: str, name: str, leaves: frozenset[str], old: Zone | None) -> Zone:
    """A new zone, or the next version of one: the old one keeps its ground for the days it was in force."""
    if old is not None:
        old.closed_at = clock.now()
        old.save(update_fields=["closed_at"])
    row = Zone.objects.create(
        code=code, name=name, version=old.version + 1 if old is not None else 1, created_at=clock.now()
    )
    _draw(row, leaves)
    return row


def _draw(row: Zone, leaves: frozenset[str]) -> None:
    ZoneRegion.objects.filter(zone=row).exclude(region_code__in=leaves).delete()
    kept = set(ZoneRegion.objects.filter(zone=row).values_list("region_code", flat=True))
    new = [ZoneRegion(zone=row, region_code=code) for code in sorted(leaves - kept)]
    ZoneRegion.objects.bulk_create(new)


def _grants_from(zone: Zone, day: date) -> list[Grant]:
    """Grants that still hold the zone on ``day`` or later."""
    rows = Grant.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day), zone=zone)
    found = rows.select_related("dealer__parent", "product_line", "zone").order_by("pk")
    return sorted(found, key=lambda row: row.dealer.path.count("/"))  # the upper ones first: others rest on them


def _move(held: Sequence[Grant], zone: Zone, day: date, actor: Actor, today: date) -> None:
    """Let the grants go on with the new version of their zone. Raises what stands against any of them."""
    if not held:
        return
    cuts = tuple(Cut(copy(row), max(day, row.valid_from)) for row in held)
    new = tuple(_moved(row, zone, cut.day) for row, cut in zip(held, cuts, strict=True))
    judged = judge(Plan(new, cuts), actor, today=today)
    refuse_all(judged.faults())
    for row, verdict, old in zip(new, judged.verdicts, held, strict=True):
        if row.valid_from > old.valid_from:
            old.valid_to, old.version = row.valid_from, old.version + 1
            old.save(update_fields=["valid_to", "version"])
            row.follows = old
        keep(row, verdict)
    for row in new:
        if row.follows_id is not None:  # a renewal that followed the old slice follows the new one
            Grant.objects.filter(follows=row.follows_id, valid_from__gt=row.valid_from).update(follows=row)
    tell(GRANT_CHANGED, new, actor)


def _moved(row: Grant, zone: Zone, day: date) -> Grant:
    moved = copy(row)
    moved.zone, moved.carved_out_of = zone, None
    if day > row.valid_from:
        moved.pk, moved.valid_from, moved.version, moved.created_at = None, day, 1, clock.now()
    else:
        moved.version = row.version + 1
    return moved
