"""Zones drawn, drawn anew and closed.

One that a grant has ever stood on is not changed under it, not even under one that has ended (its days of grace may
run): a new version follows, for grants that begin on its day or later.
"""

import re
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from core.db.acts import act
from core.db.scopes import dealers_within
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
from dms.territories.services.drafting import line_codes, refuse_out_of_scope, require_map
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
    name_en: str = ""


def save_zone(*, actor: Actor, command: SaveZone) -> Zone:
    """Draw a zone, or draw it anew.

    Where grants stand on it and its ground changes, each ends on the day and goes on with the new version: conflicts
    and what rests on them are judged as if they were given anew. The old ground and those grants must lie within the
    seat's limits as well. Raises ``ZoneCodeInvalid``, ``ZoneEmpty``, ``ZoneCodeTaken``, ``ZoneRedrawnLater``,
    ``UnknownRegion``, ``OutOfScope``, ``Missing``, ``VersionConflict``, and what ``grant`` raises.
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
        former = frozenset(zone_leaves([old.pk])[old.pk]) if old is not None else leaves
        held = _grants_from(code, day) if former != leaves else []
        _refuse_foreign(actor, former, held)
        if old is not None and (former == leaves or _is_free(old, day, today)):
            row = old
            row.name, row.name_en, row.version = name, prose(command.name_en)[:80], row.version + 1
            row.save(update_fields=["name", "name_en", "version"])
            _draw(row, leaves)
        else:
            row = _new_zone((code, name, prose(command.name_en)[:80]), leaves, old, day)
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
        used = len(_grants_from(row.code, clock.business_day()))
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


def _refuse_foreign(actor: Actor, former: frozenset[str], held: Sequence[Grant]) -> None:
    """Ground and grants beyond the seat's limits are not the seat's to move. Raises ``OutOfScope``."""
    if not actor.scope.is_limited:
        return
    if not all(actor.scope.covers_region(leaf) for leaf in former):
        raise OutOfScope(field="regions")
    ids = [row.pk for row in held]
    inside = Grant.objects.filter(dealers_within(actor, "dealer__", own="dealer_id"), pk__in=ids)
    if inside.count() < len(ids):
        raise OutOfScope(field="regions")
    for row in held:
        refuse_out_of_scope(actor, row, (), line_codes(row))


def _is_free(zone: Zone, day: date, today: date) -> bool:
    """Whether the zone may be redrawn where it stands: no grant of any time names it, and none could on other ground.

    Raises ``ZoneRedrawnLater`` where its own day comes after ``day``.
    """
    if zone.valid_from is not None and day < zone.valid_from:
        raise errors.ZoneRedrawnLater(field="effective_on", day=zone.valid_from.isoformat())
    return day in (today, zone.valid_from) and not Grant.objects.filter(zone=zone).exists()


def _new_zone(words: tuple[str, str, str], leaves: frozenset[str], old: Zone | None, day: date) -> Zone:
    """A new zone, or the next version of one: the old one keeps its ground for the days before ``day``."""
    if old is not None:
        old.closed_at = clock.now()
        old.save(update_fields=["closed_at"])
    row = Zone.objects.create(
        code=words[0],
        name=words[1],
        name_en=words[2],
        version=old.version + 1 if old is not None else 1,
        valid_from=day if old is not None else None,
        created_at=clock.now(),
    )
    _draw(row, leaves)
    return row


def _draw(row: Zone, leaves: frozenset[str]) -> None:
    ZoneRegion.objects.filter(zone=row).exclude(region_code__in=leaves).delete()
    kept = set(ZoneRegion.objects.filter(zone=row).values_list("region_code", flat=True))
    new = [ZoneRegion(zone=row, region_code=code) for code in sorted(leaves - kept)]
    ZoneRegion.objects.bulk_create(new)


def _grants_from(code: str, day: date) -> list[Grant]:
    """Grants that still hold the zone on ``day`` or later."""
    rows = Grant.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day), zone__code=code)
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
        moved.is_change = False  # withdrawn, it does not bring the old ground back
    else:
        moved.version = row.version + 1
    return moved
