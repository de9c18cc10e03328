"""Verbs of delegations: rights lent for an absence and returned. See docs/decisions/0007."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from core.db.acts import act
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.errors import Missing, NotPermitted, ReadOnlyPortal
from core.kernel.text import normalised
from core.messages.services import notify
from tenants.access import messages, rules
from tenants.access.errors import ActingSeat, NoColleague, OwnSeat
from tenants.access.events import RIGHTS_LENT, RIGHTS_RETURNED
from tenants.access.models import ApiToken, Delegation, Seat
from tenants.access.permissions import Permission
from tenants.access.rights import rights_on
from tenants.access.services.bounds import may_touch, one_change_at_a_time, require_editor
from tenants.access.services.telling import record_seat


@dataclass(frozen=True, slots=True)
class Lend:
    """Which rights of which seat whose colleague has from when until when, and why. No ``codes``: all that may be."""

    giver_id: UUID
    receiver_id: UUID
    codes: Sequence[str]
    from_at: datetime
    until_at: datetime
    reason: str


def lend_rights(*, actor: Actor, command: Lend) -> Delegation:
    """Lend rights of one's own seat, or with ``access.edit`` those of somebody absent, to a colleague of that house.

    Nobody lends somebody else's rights to themselves. Raises ``OwnSeat``, ``OutOfScope``, ``ActingSeat``,
    ``NotPermitted``, ``NoColleague``, ``BadAbsence``, ``NothingLent``, ``DutiesCollide`` or ``Missing``.
    """
    _require(actor, command.giver_id)
    now = clock.now()
    rules.checked_absence(command.from_at, command.until_at, now=now)
    with act():
        one_change_at_a_time()
        giver, receiver = _pair(actor, command)
        held, has = rights_on(giver.pk), rights_on(receiver.pk)
        if held is None or has is None:
            raise Missing
        wanted = frozenset(command.codes)
        wanted = wanted or rules.lendable(held.codes, receiver=has.codes, roles=receiver.roles)
        codes = rules.checked_lent_codes(wanted, held=held.codes, receiver=has.codes, roles=receiver.roles)
        acting = _acting_seat(giver, receiver)
        delegation = Delegation.objects.create(
            giver=giver,
            receiver=receiver,
            seat=acting,
            codes=codes,
            from_at=command.from_at,
            until_at=command.until_at,
            reason=normalised(command.reason)[:120],
            created_at=now,
        )
        record_seat(RIGHTS_LENT, acting, actor, **_words(delegation))
        until = f"{timezone.localtime(command.until_at):%Y-%m-%d %H:%M}"
        notify(
            template=messages.LENT,
            seat_ids=[receiver.pk],
            context={"name": giver.person_name, "until": until},
            link="/seat/",
        )
    return delegation


def end_delegation(*, actor: Actor, delegation_id: UUID) -> Delegation:
    """Take the rights back before their time: the giver, the receiver, or an administrator. Raises ``Missing``."""
    if actor.acting_for is not None:
        raise ActingSeat
    with act():
        found = Delegation.objects.select_for_update().filter(pk=delegation_id, ended_at__isnull=True).first()
        if found is None:
            raise Missing
        acting = Seat.objects.select_for_update().get(pk=found.seat_id)
        if not may_touch(actor, acting.dealer_id):
            raise Missing
        if actor.seat_id not in (found.giver_id, found.receiver_id):
            actor.require(Permission.EDIT)
        now = clock.now()
        found.ended_at = now
        found.save(update_fields=["ended_at"])
        acting.status, acting.closed_at, acting.version = Seat.Status.CLOSED, now, acting.version + 1
        acting.save(update_fields=["status", "closed_at", "version"])
        ApiToken.objects.filter(seat=acting, revoked_at__isnull=True).update(revoked_at=now)
        record_seat(RIGHTS_RETURNED, acting, actor, **_words(found))
    return found


def _require(actor: Actor, giver_id: UUID) -> None:
    if actor.acting_for is not None:
        raise ActingSeat
    if actor.is_read_only:
        raise ReadOnlyPortal
    if giver_id != actor.seat_id:
        require_editor(actor)


def _pair(actor: Actor, command: Lend) -> tuple[Seat, Seat]:
    """Both seats, open and locked in order of their ids."""
    wanted = Seat.objects.select_for_update().filter(
        pk__in=[command.giver_id, command.receiver_id], status=Seat.Status.ACTIVE, is_acting=False
    )
    found = {seat.pk: seat for seat in wanted.order_by("pk")}
    giver, receiver = found.get(command.giver_id), found.get(command.receiver_id)
    if giver is None or not may_touch(actor, giver.dealer_id):
        raise Missing
    if giver.pk != actor.seat_id:
        _refuse_overreach(actor, receiver)
    is_colleague = (
        receiver is not None
        and (receiver.side, receiver.dealer_id) == (giver.side, giver.dealer_id)
        and receiver.person_id != giver.person_id
    )
    if receiver is None or not is_colleague:
        raise NoColleague(field="receiver")
    return giver, receiver


def _refuse_overreach(actor: Actor, receiver: Seat | None) -> None:
    """An administrator's hand, asked anew: it may have lost the right, and never serves itself."""
    now = rights_on(actor.seat_id)
    if now is None or Permission.EDIT not in now.codes or now.scope.is_limited:
        raise NotPermitted(permission=Permission.EDIT)
    if receiver is not None and receiver.person_id == actor.person_id:
        raise OwnSeat


def _acting_seat(giver: Seat, receiver: Seat) -> Seat:
    return Seat.objects.create(
        person_id=receiver.person_id,
        person_name=receiver.person_name,
        organisation_id=giver.organisation_id,
        side=giver.side,
        dealer_id=giver.dealer_id,
        dealer_name=giver.dealer_name,
        roles=[],
        is_acting=True,
        created_at=clock.now(),
    )


def _words(delegation: Delegation) -> dict[str, object]:
    return {
        "giver_seat_id": str(delegation.giver_id),
        "receiver_seat_id": str(delegation.receiver_id),
        "codes": delegation.codes,
        "from": delegation.from_at.isoformat(),
        "until": delegation.until_at.isoformat(),
    }
