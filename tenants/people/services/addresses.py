"""Phone and e-mail of an account: claimed, proved by a code sent there, taken away. Unproved it counts for nothing."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError
from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils.crypto import constant_time_compare

from core.db.acts import act, public
from core.events.services import record
from core.kernel import clock
from core.kernel.errors import Missing
from core.kernel.ids import uuid7
from core.messages import port
from core.messages.models import Message
from core.messages.services import Addressee, write_to
from core.vault.services import blind_index, seal, unseal
from core.web.sessions import bury
from core.web.throttling import Throttle
from tenants.people import events, letters, rules
from tenants.people.errors import (
    AddressGone,
    AddressNeeded,
    AddressTaken,
    NoTextMessages,
    NothingToProve,
    TooManyTries,
    WrongAddressCode,
)
from tenants.people.models import AddressClaim, ResetRequest, SignIn, User
from tenants.people.rules import AccountName, Means
from tenants.people.selectors import index_of
from tenants.people.services.passwords import prove_password
from tenants.people.services.resetting import ASKED, ASKED_A_DAY, ASKED_FROM
from tenants.people.services.second_factor import prove_second_factor
from tenants.people.sign_ins import end_in_act

CODE_LASTS = timedelta(minutes=15)
CODE_TRIES = 5
CLAIMS = Throttle("address.person", limit=6, window_s=3600)
CLAIMS_A_DAY = Throttle("address.person-day", limit=12, window_s=86_400)
"""By person. A telephone and a mailbox have counts of their own, shared with forgotten passwords."""
_KEPT = timedelta(days=7)
_WAYS = {Means.PHONE: Message.Way.SMS, Means.EMAIL: Message.Way.MAIL}


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who acts on their own account: in which sign-in, and from which network address."""

    person_id: UUID
    sign_in_id: UUID
    address: str = ""


def claim_address(*, bearer: Bearer, means: Means, typed: str, password: str, code: str = "") -> UUID:
    """Send a code to the phone or e-mail that is to become an account name; the claim's id.

    Asks for the password, and for a code of the second factor where there is one. Whether somebody else signs in with
    it is not even looked up. Raises ``NotAnAccountName``, ``NoTextMessages`` or what proving oneself raises.
    """
    name = AccountName(means, rules.phone(typed) if means is Means.PHONE else rules.email(typed))
    _check_way(means)
    _prove_oneself(bearer, password, code)
    return _sent(bearer, name, is_change=True)


def claim_own_address(*, bearer: Bearer, means: Means) -> UUID:
    """Send a code to the phone or e-mail the account has, to prove it; the claim's id. No password: nothing changes.

    Raises ``NothingToProve``, ``NoTextMessages`` or ``TooManyTries``.
    """
    with public():
        person = User.objects.filter(pk=bearer.person_id, is_active=True).first()
    value = unseal(_sealed(person, means)) if person else ""
    if not value:
        raise NothingToProve
    _check_way(means)
    return _sent(bearer, AccountName(means, value), is_change=False)


def prove_address(*, bearer: Bearer, claim_id: UUID, code: str) -> bool:
    """Take the code of a claim, once: the address is proved, and the account's if it is new; whether it is new.

    A new one ends every other sign-in of the person and is told at every former address. Raises ``AddressGone``,
    ``WrongAddressCode``, or ``AddressTaken`` where another account has it.
    """
    with public():
        claim = _tried(bearer, claim_id, code)
        now = clock.now()
        with act():  # by itself: whatever comes of it, the code is used up
            if not _open(bearer, now).filter(pk=claim.pk).update(used_at=now):
                raise AddressGone  # of two at once, one wins
        try:
            with act():
                keys = _taken_over(bearer, claim, now)
        except IntegrityError:  # the index is unique: of two accounts at once, one has it
            raise AddressTaken from None
        bury(keys or [])
    return keys is not None


def remove_address(*, bearer: Bearer, means: Means, password: str, code: str = "") -> None:
    """Take phone or e-mail away, which is allowed while the other is proved; every other sign-in of the person ends.

    Raises ``NothingToProve``, ``AddressNeeded`` or what proving oneself raises.
    """
    _prove_oneself(bearer, password, code)
    other = Means.EMAIL if means is Means.PHONE else Means.PHONE
    with public():
        with act():
            person = _locked(bearer.person_id)
            if not _sealed(person, means):
                raise NothingToProve
            if not _sealed(person, other) or getattr(person, f"{other}_proved_at") is None:
                raise AddressNeeded
            former = letters.addresses_of(person)
            _write(person, means, sealed="", index=None, proved_at=None)
            letters.tell_at(letters.ADDRESS_REMOVED, former)
            _record(events.ADDRESS_REMOVED, person.pk, means)
            keys = _others_ended(bearer)
        bury(keys)


def purge_claims() -> int:
    """Drop claims that ended more than a week ago; how many."""
    with public(), act():
        return AddressClaim.objects.filter(expires_at__lt=clock.now() - _KEPT).delete()[0]


def _check_way(means: Means) -> None:
    if means is Means.PHONE and port.sms_sender() is None:
        raise NoTextMessages(field="identifier")


def _prove_oneself(bearer: Bearer, password: str, code: str) -> None:
    person = prove_password(person_id=bearer.person_id, password=password)
    if person.has_second_factor:
        prove_second_factor(person_id=bearer.person_id, code=code)


def _sent(bearer: Bearer, name: AccountName, *, is_change: bool) -> UUID:
    """Write the claim down and its code on its way: the same work whoever has the name."""
    who = str(bearer.person_id)
    waits = (CLAIMS.try_once(who), CLAIMS_A_DAY.try_once(who), ASKED_FROM.try_once(bearer.address))
    wait = max(*waits, ASKED.try_once(name.value), ASKED_A_DAY.try_once(name.value))
    if wait:
        raise TooManyTries(minutes=rules.minutes(wait))
    claim_id, code, now = uuid7(), f"{secrets.randbelow(1_000_000):06d}", clock.now()
    with public(), act():
        person = _locked(bearer.person_id)
        AddressClaim.objects.filter(person=person, means=name.means, used_at__isnull=True).update(used_at=now)
        AddressClaim.objects.create(
            id=claim_id,
            person=person,
            sign_in_id=bearer.sign_in_id,
            means=name.means,
            value_sealed=seal(name.value),
            value_index=index_of(name),
            is_change=is_change,
            digest=_digest(claim_id, code),
            created_at=now,
            expires_at=now + CODE_LASTS,
        )
        write_to(
            addressee=Addressee(name.value, _WAYS[name.means], letters.language_for(person), person.pk),
            template=letters.ADDRESS_CODE,
            context={"minutes": rules.minutes(CODE_LASTS.total_seconds())},
            secrets={"code": code},
        )
    return claim_id


def _tried(bearer: Bearer, claim_id: UUID, code: str) -> AddressClaim:
    """The open claim whose code this is; each look at a code counts. Raises ``AddressGone``, ``WrongAddressCode``."""
    claims = _open(bearer, clock.now()).filter(pk=claim_id)
    with act():
        may_try = claims.filter(tries__lt=CODE_TRIES).update(tries=F("tries") + 1)
    claim = claims.first() if may_try else None
    if claim is None:
        raise AddressGone
    if not constant_time_compare(claim.digest, _digest(claim.pk, rules.bare_code(code))):
        raise WrongAddressCode(field="code")
    return claim


def _taken_over(bearer: Bearer, claim: AddressClaim, now: datetime) -> list[str] | None:
    """Inside the act: the keys of the sessions that ended, or None where the account had the address already."""
    means = Means(claim.means)
    person = _locked(bearer.person_id)
    if getattr(person, f"{means}_index") == claim.value_index:
        setattr(person, f"{means}_proved_at", now)
        person.save(update_fields=[f"{means}_proved_at"])
        _record(events.ADDRESS_PROVED, person.pk, means)
        return None
    if not claim.is_change:  # it was only to be proved, and is the account's no more
        raise AddressGone
    former = letters.addresses_of(person)
    _write(person, means, sealed=claim.value_sealed, index=claim.value_index, proved_at=now)
    letters.tell_at(letters.ADDRESS_CHANGED, former)
    _record(events.ADDRESS_CHANGED, person.pk, means)
    return _others_ended(bearer)


def _write(person: User, means: Means, *, sealed: str, index: str | None, proved_at: datetime | None) -> None:
    """The new value; what was asked for by way of the former one is void."""
    now = clock.now()
    columns = {f"{means}_sealed": sealed, f"{means}_index": index, f"{means}_proved_at": proved_at}
    for column, value in columns.items():
        setattr(person, column, value)
    person.save(update_fields=list(columns))
    ResetRequest.objects.filter(person=person, used_at__isnull=True).update(used_at=now)
    AddressClaim.objects.filter(person=person, used_at__isnull=True).update(used_at=now)


def _others_ended(bearer: Bearer) -> list[str]:
    others = SignIn.objects.select_for_update().filter(person_id=bearer.person_id, ended_at__isnull=True)
    return end_in_act(others.exclude(pk=bearer.sign_in_id).order_by("pk").values_list("pk", flat=True))


def _open(bearer: Bearer, now: datetime) -> QuerySet[AddressClaim]:
    """Claims of this person in this sign-in, while it lasts.

    No join: an UPDATE with one would look at the rows it waited for as they were before.
    """
    is_signed_in = Exists(SignIn.objects.filter(pk=OuterRef("sign_in_id"), ended_at__isnull=True))
    claims = AddressClaim.objects.filter(person_id=bearer.person_id, sign_in_id=bearer.sign_in_id)
    return claims.filter(is_signed_in, used_at__isnull=True, expires_at__gt=now)


def _locked(person_id: UUID) -> User:
    person = User.objects.select_for_update().filter(pk=person_id, is_active=True).first()
    if person is None:
        raise Missing
    return person


def _sealed(person: User, means: Means) -> str:
    return person.phone_sealed if means is Means.PHONE else person.email_sealed


def _digest(claim_id: UUID, code: str) -> str:
    return blind_index(f"{claim_id}:{code}", "people.address_code")


def _record(kind: str, person_id: UUID, means: Means) -> None:
    record(
        kind=kind,
        aggregate_type="person",
        aggregate_id=str(person_id),
        version=0,
        actor=None,
        payload={"person_id": str(person_id), "means": means.value},
    )
