"""Who runs the platform, and what of people they may change: appoint and dismiss operators, lock, unlock, sign out.

Every verb acts in the public schema and is recorded with the operator's reason. Nobody changes their own roles, and
nobody takes a second factor away alone.
"""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django.db import IntegrityError

from core.db.acts import PUBLIC, act, public
from core.db.schemas import WITH_PEOPLE, brand_schemas
from core.events.services import record
from core.kernel import clock, operators
from core.kernel.actor import Actor, Side
from core.kernel.errors import Missing
from core.kernel.operators import Ops
from core.kernel.text import normalised
from core.web.logs import request_id
from tenants.people.events import PERSON_LOCKED
from tenants.people.models import FactorReset, Operator, User
from tenants.people.operator_errors import (
    BadOperatorRoles,
    NameUnproved,
    NoSecondFactor,
    OwnRoles,
    ReasonMissing,
    ResetWaits,
    SamePerson,
)
from tenants.people.rules import AccountName, Means
from tenants.people.selectors import person_named
from tenants.people.services.second_factor import take_away
from tenants.people.sign_ins import end_all_sessions

APPOINTED = "people.operator_appointed.v1"
DISMISSED = "people.operator_dismissed.v1"
UNLOCKED = "people.person_unlocked.v1"
SIGNED_OUT = "people.person_signed_out.v1"
RESET_ASKED = "people.factor_reset_asked.v1"
RESET_DONE = "people.factor_reset_done.v1"
RESET_REFUSED = "people.factor_reset_refused.v1"

RESET_LASTS = timedelta(days=2)
"""How long a second operator may take to agree."""


def operator_actor(person_id: UUID) -> Actor | None:
    """The actor of somebody who runs the platform, as their roles are now; None for everybody else. One query."""
    with public():
        found = (
            Operator.objects.select_related("person")
            .filter(pk=person_id, ended_at__isnull=True, person__is_active=True)
            .first()
        )
    if found is None:
        return None
    return Actor(
        person_id=found.pk,
        person_name=found.person.name,
        seat_id=found.pk,
        side=Side.PLATFORM,
        dealer_id=0,
        dealer_name="",
        codes=operators.codes_of(found.roles),
        brand_schema=PUBLIC,
        request_id=request_id.get(),
    )


def appoint_operator(*, actor: Actor | None, person_id: UUID, roles: Sequence[str], reason: str) -> Operator:
    """Let a person run the platform in these roles, or give an operator others.

    ``actor`` None is the platform itself: it appoints the first. Raises ``BadOperatorRoles``, ``OwnRoles``,
    ``NameUnproved``, ``ReasonMissing`` or ``Missing``.
    """
    if actor is not None:
        actor.require(Ops.EDIT_OPERATORS)
        if actor.person_id == person_id:
            raise OwnRoles
    held = checked_roles(roles)
    why = _reason(reason)
    with public(), act():
        person = User.objects.filter(pk=person_id, is_active=True).first()
        if person is None:
            raise Missing
        if person.phone_proved_at is None and person.email_proved_at is None:
            raise NameUnproved(field="identifier")
        now = clock.now()
        found, is_new = Operator.objects.select_for_update().get_or_create(
            pk=person_id, defaults={"roles": held, "since": now}
        )
        before = [] if is_new or found.ended_at else found.roles
        if found.ended_at is not None:
            found.since = now
        found.roles, found.ended_at = held, None
        found.save(update_fields=["roles", "since", "ended_at"])
        _record(APPOINTED, person_id, actor, roles=held, before=before, reason=why)
    return found


def person_to_appoint(account: AccountName) -> User:
    """Who is meant by an account name: whoever has proved that it is theirs. Raises ``NameUnproved`` or ``Missing``."""
    found = person_named(account)
    if found is None or not found.is_active:
        raise Missing
    if (found.phone_proved_at if account.means is Means.PHONE else found.email_proved_at) is None:
        raise NameUnproved(field="identifier")
    return found


def dismiss_operator(*, actor: Actor, person_id: UUID, reason: str) -> None:
    """Take all roles away; their next request at the desk is refused. Raises ``OwnRoles`` or ``Missing``."""
    actor.require(Ops.EDIT_OPERATORS)
    if actor.person_id == person_id:
        raise OwnRoles
    why = _reason(reason)
    with public(), act():
        found = Operator.objects.select_for_update().filter(pk=person_id, ended_at__isnull=True).first()
        if found is None:
            raise Missing
        found.ended_at = clock.now()
        found.save(update_fields=["ended_at"])
        _record(DISMISSED, person_id, actor, roles=found.roles, reason=why)


def checked_roles(roles: Sequence[str]) -> list[str]:
    """The roles, each once. Raises ``BadOperatorRoles`` for none, a strange one, or two that must be kept apart."""
    held = sorted(set(roles))
    strange = [role for role in held if role not in operators.ROLE_CODES]
    if strange or not held or operators.conflicting(held):
        raise BadOperatorRoles(field="roles")
    return held


def lock_person(*, actor: Actor, person_id: UUID, reason: str) -> None:
    """Close somebody's account: they cannot sign in, every session is ended, and in every brand their tokens too.

    Tokens end with the event, a moment later. Raises ``SamePerson`` or ``Missing``.
    """
    if actor.person_id == person_id:
        raise SamePerson
    _set_active(actor, person_id, reason, is_active=False)
    end_all_sessions(person_id)


def unlock_person(*, actor: Actor, person_id: UUID, reason: str) -> None:
    """Open an account again; tokens stay ended. Raises ``Missing``, also for somebody whose data was erased."""
    _set_active(actor, person_id, reason, is_active=True)


def _set_active(actor: Actor, person_id: UUID, reason: str, *, is_active: bool) -> None:
    actor.require(Ops.EDIT_PEOPLE)
    why = _reason(reason)
    with public(), act():
        person = User.objects.select_for_update().filter(pk=person_id, erased_at__isnull=True).first()
        if person is None:
            raise Missing
        if person.is_active is not is_active:
            person.is_active = is_active
            person.save(update_fields=["is_active"])
            if is_active:
                _record(UNLOCKED, person_id, actor, reason=why)
            else:
                _record(PERSON_LOCKED, person_id, actor, reason=why, brand_schemas=list(brand_schemas(WITH_PEOPLE)))


def sign_out_everywhere(*, actor: Actor, person_id: UUID, reason: str) -> None:
    """End every session of somebody, on all hosts and at once. Raises ``ReasonMissing`` or ``Missing``."""
    actor.require(Ops.EDIT_PEOPLE)
    why = _reason(reason)
    with public(), act():
        if not User.objects.filter(pk=person_id).exists():
            raise Missing
        _record(SIGNED_OUT, person_id, actor, reason=why)
    end_all_sessions(person_id)


def ask_factor_reset(*, actor: Actor, person_id: UUID, reason: str) -> FactorReset:
    """Ask to take somebody's second factor away; another operator has to agree within two days.

    Raises ``SamePerson``, ``NoSecondFactor``, ``ResetWaits``, ``ReasonMissing`` or ``Missing``.
    """
    actor.require(Ops.EDIT_PEOPLE)
    if actor.person_id == person_id:
        raise SamePerson
    why, now = _reason(reason), clock.now()
    try:
        with public(), act():
            person = User.objects.filter(pk=person_id).first()
            if person is None:
                raise Missing
            if not person.has_second_factor:
                raise NoSecondFactor
            FactorReset.objects.filter(person=person, status=FactorReset.Status.ASKED, expires_at__lte=now).update(
                status=FactorReset.Status.REFUSED, decided_at=now
            )
            asked = FactorReset.objects.create(
                person=person, reason=why, asked_by=actor.person_id, asked_at=now, expires_at=now + RESET_LASTS
            )
            _record(RESET_ASKED, person_id, actor, reason=why)
    except IntegrityError:
        raise ResetWaits from None
    return asked


def decide_factor_reset(*, actor: Actor, reset_id: UUID, agrees: bool, reason: str) -> None:
    """Agree or refuse, as another operator than the one who asked; agreed, the factor and its codes are gone
    and every session is ended.

    Raises ``SamePerson`` for who asked and whose factor it is, ``Missing`` for what is decided or has run out.
    """
    actor.require(Ops.EDIT_PEOPLE)
    why, now = _reason(reason), clock.now()
    with public(), act():
        waiting = FactorReset.objects.select_for_update().select_related("person")
        found = waiting.filter(pk=reset_id, status=FactorReset.Status.ASKED, expires_at__gt=now).first()
        if found is None:
            raise Missing
        if actor.person_id in (found.asked_by, found.person_id):
            raise SamePerson
        found.status = FactorReset.Status.DONE if agrees else FactorReset.Status.REFUSED
        found.decided_by, found.decided_at = actor.person_id, now
        found.save(update_fields=["status", "decided_by", "decided_at"])
        if agrees:
            take_away(User.objects.select_for_update().get(pk=found.person_id))
        kind = RESET_DONE if agrees else RESET_REFUSED
        _record(kind, found.person_id, actor, reason=why)
    if agrees:  # whoever holds the lost telephone may be signed in on it
        end_all_sessions(found.person_id)


def _reason(text: str) -> str:
    why = normalised(text)[:200]
    if not why:
        raise ReasonMissing(field="reason")
    return why


def _record(kind: str, person_id: UUID, actor: Actor | None, **payload: object) -> None:
    record(kind=kind, aggregate_type="person", aggregate_id=str(person_id), version=0, actor=actor, payload={**payload})
