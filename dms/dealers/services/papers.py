"""A dealer's papers: sent in with a scan, taken back, accepted or refused by the brand."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from core.db.acts import act
from core.db.locks import Rank, locked
from core.events.services import record
from core.files.permissions import Permission as FilePermission
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.errors import Missing, NotPermitted
from core.kernel.ids import uuid7
from core.kernel.text import normalised
from core.web.throttling import Throttle
from dms.dealers import errors, rules
from dms.dealers.events import (
    CREDENTIAL_DECIDED,
    CREDENTIAL_RECORDED,
    DEALER,
    LICENCE_RECALLED,
    LICENCE_SUBMITTED,
)
from dms.dealers.models import Credential, Dealer
from dms.dealers.permissions import Permission
from dms.dealers.rules import Licence, LicenceType
from dms.dealers.selectors import credential, dealer, licence_of
from dms.dealers.services.creation import lock_tree
from dms.dealers.services.firms import organisation_for, tie, zone_day

Check = Credential.CheckStatus
SENDINGS = Throttle("licences.send", limit=30, window_s=3600)
"""Papers of one house in an hour: somebody has to look at each of them."""


@dataclass(frozen=True, slots=True)
class RecordCredential:
    """A licence as the brand accepts it by its own eyes; the same type and number again changes its days."""

    dealer_code: str
    licence: Licence
    is_accepted: bool = True


def record_credential(*, actor: Actor, command: RecordCredential) -> Credential:
    """Write down a licence; an accepted business licence also gives the dealer its USCC.

    Raises ``Missing``, ``CredentialInvalid``, ``InvalidIdentifier`` or ``UsccTaken``.
    """
    _require_brand(actor)
    licence = rules.checked_licence(command.licence)
    house, day = dealer(actor, command.dealer_code), zone_day()
    is_tied = licence.type == LicenceType.BUSINESS and command.is_accepted
    organisation_id = organisation_for(house, licence) if is_tied else None
    with act():
        lock_tree()
        house = _locked(house)
        row = _same(house, licence, day, is_accepted=command.is_accepted) or Credential(dealer=house)
        _write(row, licence)
        row.is_accepted, row.decided_at, row.decided_by_name = command.is_accepted, clock.now(), actor.person_name
        row.save()
        if is_tied:
            tie(house, uscc=licence.number, organisation_id=organisation_id, actor=actor)
        _tell(CREDENTIAL_RECORDED, house, actor, _days_of(row))
        return row


@dataclass(frozen=True, slots=True)
class SubmitPaper:
    """A licence with its scans, which lie among the public schema's files."""

    dealer_code: str
    licence: Licence
    file_ids: tuple[UUID, ...]


def submit_paper(*, actor: Actor, command: SubmitPaper) -> Credential:
    """Send a licence to be verified by the platform and accepted here: the brand for a dealer, a dealer's
    administrator for its own house. A brand authorisation goes to the brand alone.

    What is in force stays in force meanwhile. Raises ``Missing``, ``CredentialInvalid``, ``InvalidIdentifier``,
    ``LicenceOver``, ``ScanMissing``, ``OnFileAlready``, ``UsccDiffers``, ``BusinessLicenceFirst``, ``TooManyPapers``.
    """
    require_sender(actor)
    licence = rules.checked_licence(command.licence)
    house, day = own_or_visible(actor, command.dealer_code), zone_day()
    _refuse_before_sending(licence, command, day)
    if not actor.is_brand_staff and SENDINGS.try_once(f"{actor.brand_schema}:{house.pk}"):
        raise errors.TooManyPapers
    is_sent = licence.type != LicenceType.TRADEMARK_AUTH
    organisation_id = organisation_for(house, licence) if is_sent else None
    with act():
        house = _locked(house)
        if _is_on_file(house, licence):
            raise errors.OnFileAlready(field="number", value=licence.number)
        row = _same(house, licence, day, is_accepted=False) or Credential(dealer=house)
        if row.licence_id and row.check_status == Check.SUBMITTED:
            _tell(LICENCE_RECALLED, house, actor, {"dealer_id": house.pk, "licence_id": str(row.licence_id)})
        _write(row, licence)
        row.is_accepted, row.decided_at, row.decided_by_name, row.reason = False, None, "", ""
        row.licence_id, row.licence_version = (uuid7() if is_sent else None), 0
        row.check_status = Check.SUBMITTED if is_sent else Check.NONE
        row.file_ids = list(command.file_ids)
        row.submitted_at, row.submitted_by_name = clock.now(), actor.person_name
        row.save()
        if is_sent:
            told = {**_days_of(row), "organisation_id": str(organisation_id), "licence_id": str(row.licence_id)}
            _tell(LICENCE_SUBMITTED, house, actor, {**told, "file_ids": [str(one) for one in command.file_ids]})
        return row


def recall_paper(*, actor: Actor, credential_id: int) -> Credential:
    """Take a paper back that nobody has decided about. Raises ``Missing``, ``NothingToRecall``."""
    require_sender(actor)
    house = credential(actor, credential_id).dealer
    with act():
        house = _locked(house)
        row = _still_there(credential_id)
        if row.is_accepted or row.decided_at is not None or row.check_status not in (Check.SUBMITTED, Check.NONE):
            raise errors.NothingToRecall
        if row.check_status == Check.SUBMITTED:
            _tell(LICENCE_RECALLED, house, actor, {"dealer_id": house.pk, "licence_id": str(row.licence_id)})
        row.check_status = Check.WITHDRAWN
        row.save(update_fields=["check_status"])
        return row


@dataclass(frozen=True, slots=True)
class DecidePaper:
    """The brand's own word about a paper; refusing needs a reason the dealer can act upon."""

    credential_id: int
    accepts: bool
    reason: str = ""


def decide_paper(*, actor: Actor, command: DecidePaper) -> Credential:
    """Accept a dealer's paper as this brand's credential, or refuse it; the platform's word is not needed.

    Raises ``Missing``, ``LicenceOver``, ``ReasonMissing``, ``UsccTaken`` or ``UsccDiffers``.
    """
    _require_brand(actor)
    found = credential(actor, command.credential_id)
    reason = normalised(command.reason)[:200]
    if not command.accepts and not reason:
        raise errors.ReasonMissing(field="reason")
    licence, day = licence_of(found), zone_day()
    if command.accepts:
        _refuse_over(licence, day)
    is_tied = command.accepts and found.type == Credential.Type.BUSINESS
    organisation_id = organisation_for(found.dealer, licence) if is_tied else None
    with act():
        lock_tree()
        house = _locked(found.dealer)
        row = _still_there(found.pk)
        if command.accepts:
            accept(row, by_name=actor.person_name, day=day)
            if is_tied:
                tie(house, uscc=row.number, organisation_id=organisation_id, actor=actor)
        else:
            refuse(row, by_name=actor.person_name, reason=reason)
        _tell(CREDENTIAL_DECIDED, house, actor, {**_days_of(row), "is_accepted": row.is_accepted, "reason": reason})
        return row


def _still_there(credential_id: int) -> Credential:
    """The paper as it is now that its house is held; another decision may have replaced it. Raises ``Missing``."""
    row = Credential.objects.filter(pk=credential_id).first()
    if row is None:
        raise Missing
    return row


def accept(row: Credential, *, by_name: str, day: date) -> None:
    """Let the paper count; what it corrects or renews in place goes. Inside an act that holds the dealer."""
    licence = licence_of(row)
    held = Credential.objects.filter(dealer_id=row.dealer_id, type=row.type, number=row.number, is_accepted=True)
    for old in held.exclude(pk=row.pk):
        if rules.replaces(licence, licence_of(old), day):
            old.delete()
    row.is_accepted, row.decided_at, row.decided_by_name, row.reason = True, clock.now(), by_name, ""
    row.save()


def refuse(row: Credential, *, by_name: str, reason: str) -> None:
    """Let the paper not count. Inside an act that holds the dealer."""
    row.decided_at, row.decided_by_name, row.reason = clock.now(), by_name, reason
    set_aside(row)


def set_aside(row: Credential) -> None:
    """The paper no longer counts; beside one with the same first day that waits or was refused, it goes."""
    was_accepted, row.is_accepted = row.is_accepted, False
    twins = Credential.objects.filter(
        dealer_id=row.dealer_id, type=row.type, number=row.number, valid_from=row.valid_from, is_accepted=False
    )
    if was_accepted and twins.exists():
        Credential.objects.filter(pk=row.pk).delete()
    else:
        row.save()


def require_sender(actor: Actor) -> None:
    """Whoever may send papers: the brand's people who keep dealers, a house's people who upload. ``NotPermitted``."""
    actor.require(Permission.EDIT if actor.is_brand_staff else FilePermission.UPLOAD)


def own_or_visible(actor: Actor, code: str) -> Dealer:
    """The dealer the actor may send papers for. Raises ``Missing``; the root is nobody's dealer."""
    if actor.is_brand_staff:
        house = dealer(actor, code)
    else:
        house = Dealer.objects.get(pk=actor.dealer_id)
        if house.code != normalised(code):
            raise Missing
    if house.parent_id is None:
        raise Missing
    return house


def _require_brand(actor: Actor) -> None:
    actor.require(Permission.EDIT)
    if not actor.is_brand_staff:
        raise NotPermitted(permission=Permission.EDIT)


def _locked(house: Dealer) -> Dealer:
    return locked(Dealer.objects.filter(pk=house.pk), Rank.KEY)[0]


def _refuse_before_sending(licence: Licence, command: SubmitPaper, day: date) -> None:
    _refuse_over(licence, day)
    if not command.file_ids:
        raise errors.ScanMissing(field="scan")


def _refuse_over(licence: Licence, day: date) -> None:
    if licence.valid_to is not None and licence.valid_to < day:
        raise errors.LicenceOver(field="valid_to", day=licence.valid_to.isoformat())


def _is_on_file(house: Dealer, licence: Licence) -> bool:
    """Whether the platform has verified, and the brand accepted, just this paper."""
    return Credential.objects.filter(
        dealer=house,
        type=licence.type,
        number=licence.number,
        valid_from=licence.valid_from,
        valid_to=licence.valid_to,
        is_accepted=True,
        check_status=Check.VERIFIED,
    ).exists()


def _same(house: Dealer, licence: Licence, day: date, *, is_accepted: bool) -> Credential | None:
    """The row this paper corrects or renews in place on ``day``."""
    rows = Credential.objects.filter(
        dealer=house, type=licence.type, number=licence.number, is_accepted=is_accepted
    ).order_by("-valid_from", "-pk")
    exact = next((row for row in rows if row.valid_from == licence.valid_from), None)
    return exact or next((row for row in rows if rules.replaces(licence, licence_of(row), day)), None)


def _write(row: Credential, licence: Licence) -> None:
    """What the paper says; new days begin the warnings anew."""
    if row.valid_to != licence.valid_to:
        row.warned_days = None
    row.type, row.number, row.scope = licence.type, licence.number, licence.scope
    row.valid_from, row.valid_to = licence.valid_from, licence.valid_to


def _days_of(row: Credential) -> dict[str, object]:
    return {
        "dealer_id": row.dealer_id,
        "type": row.type,
        "number": row.number,
        "scope": row.scope,
        "valid_from": row.valid_from,
        "valid_to": row.valid_to,
    }


def _tell(kind: str, house: Dealer, actor: Actor, payload: Mapping[str, object]) -> None:
    house.version += 1
    house.save(update_fields=["version"])
    record(
        kind=kind,
        aggregate_type=DEALER,
        aggregate_id=house.code,
        version=house.version,
        actor=actor,
        payload=dict(payload),
        seller_id=house.supplier_id or house.pk,
        buyer_id=house.pk,
    )
