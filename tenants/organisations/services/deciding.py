"""What an operator finds when he looks at a paper, and what the calendar decides."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from core.db.acts import act, public
from core.db.locks import Rank, locked
from core.events.services import record
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.errors import Missing, refuse_all
from core.kernel.operators import Ops
from core.kernel.text import normalised
from tenants.organisations import errors, rules
from tenants.organisations.events import LICENCE, LICENCE_EXPIRED, LICENCE_REJECTED, LICENCE_VERIFIED, LICENCE_WITHDRAWN
from tenants.organisations.models import Licence, Organisation
from tenants.organisations.rules import Paper
from tenants.organisations.services.post import facts_of, schemas_told

Status = Licence.Status


@dataclass(frozen=True, slots=True)
class VerifyLicence:
    """What the scan says; None leaves a field as it was submitted. ``is_endless``: the paper has no last day."""

    licence_id: UUID
    valid_from: date | None = None
    valid_to: date | None = None
    scope: str | None = None
    is_endless: bool = False


def verify_licence(*, actor: Actor, command: VerifyLicence) -> Licence:
    """Find a paper right: every brand that deals with the organisation hears of it.

    An earlier one of the same kind and number is superseded. Raises ``Missing``, ``NotWaiting``, ``OwnSubmission``,
    and by field what is wrong with the paper (``AlreadyEnded``: it is over by now).
    """
    actor.require(Ops.VERIFY_LICENCES)
    with public(), act():
        licence = _locked(command.licence_id)
        _refuse_not_waiting(licence, actor)
        _correct(licence, command)
        same = Licence.objects.filter(
            organisation_id=licence.organisation_id, type=licence.type, number=licence.number, status=Status.VERIFIED
        )
        if licence.type == Licence.Type.TRADEMARK_AUTH:
            same = same.filter(submitted_in=licence.submitted_in)
        same.update(status=Status.SUPERSEDED)
        _decide(licence, Status.VERIFIED, actor, "")
        told = {**facts_of(licence), "brand_schemas": schemas_told(licence)}
        _record(LICENCE_VERIFIED, licence, actor, told)
    return licence


def reject_licence(*, actor: Actor, licence_id: UUID, reason: str) -> Licence:
    """Find a paper wrong: the house that sent it learns why, nobody else.

    Raises ``Missing``, ``NotWaiting``, ``OwnSubmission`` or ``DecisionReasonMissing``.
    """
    actor.require(Ops.VERIFY_LICENCES)
    why = _reason(reason)
    with public(), act():
        licence = _locked(licence_id)
        _refuse_not_waiting(licence, actor)
        _decide(licence, Status.REJECTED, actor, why)
        sender = [licence.submitted_in]
        _record(LICENCE_REJECTED, licence, actor, {**_named(licence), "reason": why, "brand_schemas": sender})
    return licence


def withdraw_licence(*, actor: Actor, licence_id: UUID, reason: str) -> Licence:
    """A verified paper counts no longer, revoked by its authority or verified by mistake: every brand hears it.

    Raises ``Missing``, ``NotVerified`` or ``DecisionReasonMissing``.
    """
    actor.require(Ops.VERIFY_LICENCES)
    why = _reason(reason)
    with public(), act():
        licence = _locked(licence_id)
        if licence.status != Status.VERIFIED:
            raise errors.NotVerified
        _decide(licence, Status.WITHDRAWN, actor, why)
        told = {**_named(licence), "reason": why, "brand_schemas": schemas_told(licence)}
        _record(LICENCE_WITHDRAWN, licence, actor, told)
    return licence


def expire_licences() -> int:
    """Note which verified papers are over today in Shanghai; how many. The brands' schemas see it by themselves."""
    with public(), act():
        over = Licence.objects.filter(status=Status.VERIFIED, valid_to__lt=clock.business_day())
        ended = locked(over, Rank.KEY)
        for licence in ended:
            licence.status, licence.version = Status.EXPIRED, licence.version + 1
            licence.save(update_fields=["status", "version"])
            told: dict[str, object] = {"type": licence.type, "valid_to": licence.valid_to}
            _record(LICENCE_EXPIRED, licence, None, told)
    return len(ended)


def _locked(licence_id: UUID) -> Licence:
    """The paper, with its organisation locked first: two papers of one number are decided one after the other."""
    organisation_id = Licence.objects.filter(pk=licence_id).values_list("organisation_id", flat=True).first()
    if organisation_id is None:
        raise Missing
    locked(Organisation.objects.filter(pk=organisation_id), Rank.KEY)
    return locked(Licence.objects.filter(pk=licence_id).select_related("organisation"), Rank.KEY)[0]


def _refuse_not_waiting(licence: Licence, actor: Actor) -> None:
    if licence.status != Status.SUBMITTED:
        raise errors.NotWaiting
    if licence.submitted_by == actor.person_id:
        raise errors.OwnSubmission


def _correct(licence: Licence, command: VerifyLicence) -> None:
    """Write what the scan says over what was typed, and refuse what no paper can say."""
    given = Paper(
        licence.type,
        licence.number,
        command.valid_from or licence.valid_from,
        None if command.is_endless else command.valid_to or licence.valid_to,
        licence.scope if command.scope is None else command.scope,
    )
    paper, faults = rules.checked_paper(given, uscc=licence.organisation.uscc)
    refuse_all([*faults, *(rules.ended_fault(paper, clock.business_day()) if not faults else ())])
    licence.number, licence.scope = paper.number, paper.scope
    licence.valid_from, licence.valid_to = paper.valid_from, paper.valid_to


def _decide(licence: Licence, status: Status, actor: Actor, reason: str) -> None:
    licence.status, licence.reason = status, reason
    licence.decided_by, licence.decided_at = actor.person_id, clock.now()
    licence.version += 1
    licence.save()


def _reason(text: str) -> str:
    reason = normalised(text)[:200]
    if not reason:
        raise errors.DecisionReasonMissing(field="reason")
    return reason


def _named(licence: Licence) -> dict[str, object]:
    names = ("organisation_id", "licence_id", "type", "number")
    return {name: word for name, word in facts_of(licence).items() if name in names}


def _record(kind: str, licence: Licence, actor: Actor | None, payload: dict[str, object]) -> None:
    record(
        kind=kind,
        aggregate_type=LICENCE,
        aggregate_id=str(licence.pk),
        version=licence.version,
        actor=actor,
        payload=payload,
    )
