"""A grant's life after it was given: changed from a day on, ended, renewed. The past is never rewritten."""

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date

from django.db.models import F

from core.catalogue.models import Sku
from core.db.acts import act
from core.db.scopes import dealers_within
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.errors import DomainError, Missing, VersionConflict, refuse_all
from core.kernel.text import normalised, prose
from dms.dealers.services import lock_tree
from dms.territories import errors
from dms.territories.events import GRANT_CHANGED, GRANT_ENDED, GRANT_RENEWED, GRANT_WITHDRAWN
from dms.territories.models import Grant
from dms.territories.selectors.grounds import zone_leaves
from dms.territories.selectors.judging import Cut, Plan, judge
from dms.territories.services.drafting import (
    GrantTerritory,
    Register,
    faults_of_days,
    line_codes,
    refuse_out_of_scope,
    require_map,
    version_on,
    zone_versions,
)
from dms.territories.services.giving import keep
from dms.territories.services.telling import tell

LONGEST_REASON = 200
_FACTS = ("product_line_id", "sku_ids", "channels", "region_code", "zone_id", "kind", "priority", "contract_number")


@dataclass(frozen=True, slots=True)
class ChangeGrant:
    """What a grant holds from ``effective_on`` (None: today) on; None leaves a fact as it is, ``""`` empties it.

    Dealer and ground's end stay (``end_grant``, ``renew_grant``). ``version``: the one the form was opened with.
    """

    grant_id: int
    effective_on: date | None = None
    line_code: str | None = None
    sku_codes: Sequence[str] | None = None
    channels: Sequence[str] | None = None
    region_code: str | None = None
    zone_code: str | None = None
    kind: str | None = None
    priority: int | None = None
    contract_number: str | None = None
    version: int | None = None


def change_grant(*, actor: Actor, command: ChangeGrant) -> Grant:
    """Let a grant hold something else from a day on; the row that holds it then.

    A grant that has begun by then ends on that day and a new one follows; one that has not is rewritten. Raises what
    ``grant`` raises, and ``Missing``, ``VersionConflict``, ``GrantEnded``, ``FollowedAlready``, ``HeldBelow``.
    """
    require_map(actor)
    with act():
        lock_tree()
        now, today = clock.now(), clock.business_day()
        old = _row(actor, command.grant_id, command.version)
        day = max(command.effective_on or today, old.valid_from)
        _refuse_over(old, day)
        register = Register(actor, [asked := _asked(old, command, day)])
        draft = register.draft(asked, today=today, now=now)
        refuse_all(draft.faults)
        if draft.row is None:
            raise RuntimeError("a draft without faults is a row")
        new, before = draft.row, copy(old)
        if all(getattr(new, name) == getattr(old, name) for name in _FACTS):
            return old
        is_rewritten = day == old.valid_from
        if is_rewritten:
            new.pk, new.follows_id, new.created_at, new.version = (
                old.pk,
                old.follows_id,
                old.created_at,
                old.version + 1,
            )
            new.is_change = old.is_change
        judged = judge(Plan((new,), (Cut(before, day),)), actor, today=today)
        refuse_all(judged.faults())
        if not is_rewritten:
            _cut(old, day)
            new.follows, new.is_change = old, True
        keep(new, judged.verdicts[0])
        tell(GRANT_CHANGED, [new], actor)
        return new


def end_grant(*, actor: Actor, grant_id: int, ends_on: date, reason: str = "", version: int | None = None) -> Grant:
    """Let a grant end: ``ends_on`` is the first day it no longer holds.

    Raises ``Missing``, ``VersionConflict``, ``OutOfScope``, ``RangeInvalid``, ``GrantEnded``, ``HeldBelow``.
    """
    require_map(actor)
    with act():
        lock_tree()
        row = _row(actor, grant_id, version)
        if faults := list(faults_of_days(row.valid_from, ends_on)):
            faults[0].field = "ends_on"
            raise faults[0]
        _refuse_over(row, ends_on)
        judged = judge(Plan(cuts=(Cut(copy(row), ends_on),)), actor, today=clock.business_day())
        refuse_all(judged.faults())
        _cut(row, ends_on, actor=actor, reason=prose(reason)[:LONGEST_REASON])
        tell(GRANT_ENDED, [row], actor, reason=row.ended_reason)
        return row


def withdraw_grant(*, actor: Actor, grant_id: int, reason: str = "", version: int | None = None) -> None:
    """Take back a grant before it begins; a change taken back lets the slice before it go on.

    Raises ``Missing``, ``VersionConflict``, ``OutOfScope``, ``GrantBegun``, ``FollowedAlready``, ``HeldBelow``, and
    what stands against the slice before it by now.
    """
    require_map(actor)
    with act():
        lock_tree()
        today = clock.business_day()
        row = _row(actor, grant_id, version)
        if row.valid_from <= today:
            raise errors.GrantBegun(day=row.valid_from.isoformat())
        _refuse_followed(row)
        cuts = (Cut(copy(row), row.valid_from),)
        goes_on = _going_on(row)
        judged = judge(Plan((goes_on,) if goes_on is not None else (), cuts), actor, today=today)
        refuse_all(judged.faults())
        told = copy(row)
        Grant.objects.filter(carved_out_of=row).update(carved_out_of=row.carved_out_of_id)
        row.delete()
        if goes_on is not None and told.follows_id is not None:
            Grant.objects.filter(pk=told.follows_id).update(valid_to=told.valid_to, version=F("version") + 1)
        tell(GRANT_WITHDRAWN, [told], actor, reason=prose(reason)[:LONGEST_REASON])


def _going_on(row: Grant) -> Grant | None:
    """What the slice before a change would hold in its place, as a row to be judged; None where there is none."""
    if not row.is_change or row.follows_id is None:
        return None
    before = Grant.objects.select_related("dealer__parent", "product_line", "zone").get(pk=row.follows_id)
    before.pk, before.valid_from, before.valid_to = None, row.valid_from, row.valid_to
    return before


@dataclass(frozen=True, slots=True)
class RenewGrant:
    """The same ground for another time, from where the old one ends (from today when that lies behind)."""

    grant_id: int
    valid_to: date | None
    contract_number: str = ""
    version: int | None = None


def renew_grant(*, actor: Actor, command: RenewGrant) -> Grant:
    """Give what a grant holds for the time after it; the new row.

    Raises what ``grant`` raises, and ``Missing``, ``VersionConflict``, ``NothingToRenew``, ``FollowedAlready``.
    """
    require_map(actor)
    with act():
        lock_tree()
        today = clock.business_day()
        old = _row(actor, command.grant_id, command.version)
        if old.valid_to is None:
            raise errors.NothingToRenew
        _refuse_followed(old)
        new = copy(old)
        new.pk, new.valid_from, new.valid_to = None, max(old.valid_to, today), command.valid_to
        refuse_all([*faults_of_days(new.valid_from, new.valid_to), *_onto_its_version(new)])
        new.contract_number = normalised(command.contract_number)[:40] or old.contract_number
        new.follows, new.carved_out_of, new.version, new.created_at = old, None, 1, clock.now()
        new.is_change = False
        new.ended_at, new.ended_by_name, new.ended_reason = None, "", ""
        judged = judge(Plan(new=(new,)), actor, today=today)
        refuse_all(judged.faults())
        keep(new, judged.verdicts[0])
        tell(GRANT_RENEWED, [new], actor)
        return new


def _onto_its_version(row: Grant) -> list[DomainError]:
    """Let the row stand on the version of its zone that holds from its first day on; what stands against it."""
    if row.zone is None:
        return []
    zone, redrawn_on = version_on(zone_versions([row.zone.code]).get(row.zone.code, ()), row.valid_from)
    if zone is None:
        return [errors.ZoneUnknown(field="zone_code", value=row.zone.code)]
    row.zone = zone
    if redrawn_on is not None and (row.valid_to is None or row.valid_to > redrawn_on):
        return [errors.ZoneRedrawn(field="zone_code", day=redrawn_on.isoformat())]
    return []


def _row(actor: Actor, grant_id: int, version: int | None) -> Grant:
    """The grant, inside the seat's limits in every way."""
    inside = Grant.objects.select_related("dealer__parent", "product_line", "zone").filter(
        dealers_within(actor, "dealer__", own="dealer_id"), pk=grant_id
    )
    row = inside.first()
    if row is None:
        raise Missing
    leaves = zone_leaves([row.zone_id])[row.zone_id] if row.zone_id is not None else (row.region_code,)
    refuse_out_of_scope(actor, row, leaves, line_codes(row))
    if version is not None and version != row.version:
        raise VersionConflict
    return row


def _refuse_over(row: Grant, day: date) -> None:
    if row.valid_to is not None and row.valid_to <= day:
        raise errors.GrantEnded(day=row.valid_to.isoformat())
    _refuse_followed(row)


def _refuse_followed(row: Grant) -> None:
    if Grant.objects.filter(follows=row).exists():
        raise errors.FollowedAlready


def _cut(row: Grant, day: date, *, actor: Actor | None = None, reason: str = "") -> None:
    row.valid_to, row.version = day, row.version + 1
    if actor is not None:
        row.ended_at, row.ended_by_name, row.ended_reason = clock.now(), actor.person_name[:60], reason
    row.save(update_fields=["valid_to", "version", "ended_at", "ended_by_name", "ended_reason"])


def _asked(old: Grant, command: ChangeGrant, day: date) -> GrantTerritory:
    """The grant as it shall be, as if it were asked for anew."""
    skus = command.sku_codes
    if skus is None:
        skus = list(Sku.objects.filter(pk__in=old.sku_ids).values_list("code", flat=True)) if old.sku_ids else []
    line = old.product_line.code if old.product_line is not None else ""
    zone = old.zone.code if old.zone is not None else ""
    is_moved = bool(command.region_code or command.zone_code)
    return GrantTerritory(
        dealer_code=old.dealer.code,
        region_code=(command.region_code or "") if is_moved else old.region_code,
        zone_code=(command.zone_code or "") if is_moved else zone,
        line_code=line if command.line_code is None else command.line_code,
        sku_codes=skus,
        channels=old.channels if command.channels is None else command.channels,
        kind=old.kind if command.kind is None else command.kind,
        priority=old.priority if command.priority is None else command.priority,
        contract_number=old.contract_number if command.contract_number is None else command.contract_number,
        valid_from=day,
        valid_to=old.valid_to,
    )
