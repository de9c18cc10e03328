"""Somebody new, invited by phone or e-mail: the account is made with a code that was sent there, and not before."""

import secrets
from datetime import timedelta
from uuid import UUID

from django.db import IntegrityError
from django.db.models import F
from django.utils.crypto import constant_time_compare

from core.db.acts import act, public
from core.kernel import clock
from core.kernel.ids import uuid7
from core.messages import port
from core.messages.models import Message
from core.messages.services import Addressee, write_to
from core.vault.services import blind_index, seal, unseal
from tenants.people import letters, rules
from tenants.people.errors import AccountTaken, AddressGone, NoTextMessages, TooManyTries, WrongAddressCode
from tenants.people.models import SignUpClaim, User
from tenants.people.rules import AccountName, Means
from tenants.people.services.registering import new_person
from tenants.people.services.resetting import ASKED, ASKED_A_DAY, ASKED_FROM

CODE_LASTS = timedelta(minutes=15)
CODE_TRIES = 5
_KEPT = timedelta(days=1)


def send_sign_up_code(*, account: AccountName, subject_id: UUID, address: str, former: UUID | None = None) -> UUID:
    """Send a code to the account name of an offer; the claim's id, for the asking browser's session only.

    ``address`` is where the request came from, ``former`` the claim this one replaces. The same work whether somebody
    has an account by this name or not. Raises ``NoTextMessages`` or ``TooManyTries``.
    """
    is_phone = account.means is Means.PHONE
    if is_phone and port.sms_sender() is None:
        raise NoTextMessages
    waits = (ASKED_FROM.try_once(address), ASKED.try_once(account.value), ASKED_A_DAY.try_once(account.value))
    if wait := max(waits):
        raise TooManyTries(minutes=rules.minutes(wait))
    claim_id, code, now = uuid7(), f"{secrets.randbelow(1_000_000):06d}", clock.now()
    way = Message.Way.SMS if is_phone else Message.Way.MAIL
    with public(), act():
        if former is not None:
            SignUpClaim.objects.filter(pk=former, used_at__isnull=True).update(used_at=now)
        SignUpClaim.objects.create(
            id=claim_id,
            subject_id=subject_id,
            value_sealed=seal(account.value),
            digest=_digest(claim_id, code),
            created_at=now,
            expires_at=now + CODE_LASTS,
        )
        write_to(
            addressee=Addressee(account.value, way, letters.language_for(None)),
            template=letters.ADDRESS_CODE,
            context={"minutes": rules.minutes(CODE_LASTS.total_seconds())},
            secrets={"code": code},
        )
    return claim_id


def sign_up(*, claim_id: UUID, subject_id: UUID, code: str, name: str, password: str, language: str = "") -> User:
    """Take the code, once, and write the person down under the phone or e-mail it was sent to, which is proved by it.

    Raises ``AddressGone``, ``WrongAddressCode``, ``WeakPassword``, or ``AccountTaken``, told to its bearer alone.
    """
    with public():
        claim = _tried(claim_id, subject_id, code)
    account = rules.account_name(unseal(claim.value_sealed))
    is_phone = account.means is Means.PHONE
    person = new_person(
        name=name,
        phone=account.value if is_phone else None,
        email=None if is_phone else account.value,
        password=password,
        language=language,
    )
    now = clock.now()
    open_ones = SignUpClaim.objects.filter(used_at__isnull=True, expires_at__gt=now)
    try:
        with public(), act():
            if not open_ones.filter(pk=claim.pk).update(used_at=now):
                raise AddressGone  # of two at once, one wins
            person.save(force_insert=True)
    except IntegrityError:
        raise AccountTaken from None
    return person


def purge_sign_ups() -> int:
    """Drop claims that ended more than a day ago; how many."""
    with public(), act():
        return SignUpClaim.objects.filter(expires_at__lt=clock.now() - _KEPT).delete()[0]


def _tried(claim_id: UUID, subject_id: UUID, code: str) -> SignUpClaim:
    """The open claim whose code this is; each look at a code counts. Raises ``AddressGone``, ``WrongAddressCode``."""
    claims = SignUpClaim.objects.filter(
        pk=claim_id, subject_id=subject_id, used_at__isnull=True, expires_at__gt=clock.now()
    )
    with act():
        may_try = claims.filter(tries__lt=CODE_TRIES).update(tries=F("tries") + 1)
    claim = claims.first() if may_try else None
    if claim is None:
        raise AddressGone
    if not constant_time_compare(claim.digest, _digest(claim.pk, rules.bare_code(code))):
        raise WrongAddressCode(field="code")
    return claim


def _digest(claim_id: UUID, code: str) -> str:
    return blind_index(f"{claim_id}:{code}", "people.sign_up_code")
