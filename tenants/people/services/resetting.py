"""A forgotten password: asked for by name, proved by a link in a mail or a code in a text message, set anew."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F
from django.utils.crypto import constant_time_compare

from core.db.acts import act, public
from core.kernel import clock
from core.kernel.ids import uuid7
from core.messages import port
from core.messages.models import Message
from core.messages.services import Addressee, write_to
from core.vault.services import blind_index, unseal
from core.web.throttling import Throttle
from tenants.people import letters, rules
from tenants.people.errors import NoTextMessages, ResetGone, TooManyTries, WrongCode
from tenants.people.models import ResetRequest, User
from tenants.people.rules import AccountName, Means
from tenants.people.selectors import person_named
from tenants.people.services.passwords import set_password
from tenants.people.services.proving import end_pauses
from tenants.people.sign_ins import end_all_sessions

LINK_LASTS, CODE_LASTS = timedelta(minutes=30), timedelta(minutes=10)
CODE_TRIES = 5
ASKED = Throttle("reset.account", limit=4, window_s=3600)
ASKED_A_DAY = Throttle("reset.account-day", limit=8, window_s=86_400)
"""Besides: nobody's telephone is flooded with codes at four an hour."""
ASKED_FROM = Throttle("reset.address", limit=40, window_s=3600)
_KEPT = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class AskedReset:
    """What the asker's session remembers: by ``request_id`` the code of a text message is tried."""

    request_id: UUID
    way: ResetRequest.Way


@dataclass(frozen=True, slots=True)
class Proof:
    """A link's secret (digested when it was opened), or a code for the request it was sent for."""

    link_digest: str = ""
    request_id: UUID | None = None
    code: str = ""


def request_reset(*, identifier: str, address: str, page: str) -> AskedReset:
    """Send a link or a code to the person with this account name; for a stranger do the same work and send nothing.

    ``address`` is where the request came from, ``page`` the address that takes the link's secret at its end.
    Raises ``NotAnAccountName``, ``NoTextMessages`` or ``TooManyTries``, whoever is known.
    """
    name = rules.account_name(identifier)
    if name.means is Means.PHONE and port.sms_sender() is None:
        raise NoTextMessages(field="identifier")
    tries = (ASKED_FROM.try_once(address), ASKED.try_once(name.value), ASKED_A_DAY.try_once(name.value))
    wait = max(tries)
    if wait:
        raise TooManyTries(minutes=rules.minutes(wait))
    known = person_named(name)
    person = known if known is not None and known.is_active else None
    with public(), act():
        return _by_mail(name, person, page) if name.means is Means.EMAIL else _by_text(name, person)


def follow_link(secret: str) -> str | None:
    """The digest to remember when a link of a mail is opened and still good; nothing is used up by opening it."""
    digest = hashlib.sha256(secret.encode()).hexdigest()
    with public():
        is_good = ResetRequest.objects.filter(
            digest=digest,
            way=ResetRequest.Way.MAIL,
            person__isnull=False,
            used_at__isnull=True,
            expires_at__gt=clock.now(),
        ).exists()
    return digest if is_good else None


def reset_password(*, proof: Proof, password: str) -> None:
    """Set the new password, once; ends all sessions of the person, and the pauses of their account names in every
    browser.

    The phone or e-mail that was proved is noted as proved. Raises ``ResetGone``, ``WrongCode`` or ``WeakPassword``.
    """
    now = clock.now()
    with public():
        request = _proved(proof, now)
        person = request.person
        if person is None:
            raise ResetGone
        set_password(person, password)
        proved = "email_proved_at" if request.way == ResetRequest.Way.MAIL else "phone_proved_at"
        setattr(person, proved, now)
        with act():
            User.objects.select_for_update().get(pk=person.pk)  # first, as whoever changes phone or e-mail does
            open_ones = ResetRequest.objects.filter(person=person, used_at__isnull=True)
            if not open_ones.filter(pk=request.pk, expires_at__gt=now).update(used_at=now):
                raise ResetGone  # of two at once, one wins
            open_ones.update(used_at=now)
            person.save(update_fields=["password", "password_changed_at", proved])
            letters.tell(letters.PASSWORD_CHANGED, person)
    end_all_sessions(person.pk)
    for sealed in filter(None, (person.phone_sealed, person.email_sealed)):
        end_pauses(unseal(sealed))


def purge_resets() -> int:
    """Drop requests that ended more than a week ago; how many."""
    with public(), act():
        return ResetRequest.objects.filter(expires_at__lt=clock.now() - _KEPT).delete()[0]


def _by_mail(name: AccountName, person: User | None, page: str) -> AskedReset:
    secret = secrets.token_urlsafe(24)
    digest = hashlib.sha256(secret.encode()).hexdigest()
    request = _written(uuid7(), person, ResetRequest.Way.MAIL, digest, LINK_LASTS)
    language = letters.language_for(person)
    write_to(
        addressee=Addressee(name.value if person else "", Message.Way.MAIL, language, person.pk if person else None),
        template=letters.RESET_LINK,
        context={"minutes": rules.minutes(LINK_LASTS.total_seconds())},
        secrets={"link": f"{page}{secret}/"},
    )
    return request


def _by_text(name: AccountName, person: User | None) -> AskedReset:
    request_id, code = uuid7(), f"{secrets.randbelow(1_000_000):06d}"
    request = _written(request_id, person, ResetRequest.Way.SMS, _code_digest(request_id, code), CODE_LASTS)
    language = letters.language_for(person)
    write_to(
        addressee=Addressee(name.value if person else "", Message.Way.SMS, language, person.pk if person else None),
        template=letters.RESET_CODE,
        context={"minutes": rules.minutes(CODE_LASTS.total_seconds())},
        secrets={"code": code},
    )
    return request


def _written(request_id: UUID, person: User | None, way: ResetRequest.Way, digest: str, lasts: timedelta) -> AskedReset:
    now = clock.now()
    ResetRequest.objects.create(
        id=request_id, person=person, way=way, digest=digest, created_at=now, expires_at=now + lasts
    )
    return AskedReset(request_id=request_id, way=way)


def _code_digest(request_id: UUID, code: str) -> str:
    return blind_index(f"{request_id}:{code}", "people.reset_code")


def _proved(proof: Proof, now: datetime) -> ResetRequest:
    """The open request the proof is for. Raises ``ResetGone`` or ``WrongCode``."""
    open_ones = ResetRequest.objects.select_related("person").filter(used_at__isnull=True, expires_at__gt=now)
    if proof.link_digest:
        request = open_ones.filter(digest=proof.link_digest, way=ResetRequest.Way.MAIL).first()
    elif proof.request_id is not None:
        request = _tried(proof, open_ones.filter(pk=proof.request_id, way=ResetRequest.Way.SMS).first())
    else:
        request = None
    if request is None or (request.person is not None and not request.person.is_active):
        raise ResetGone
    return request


def _tried(proof: Proof, request: ResetRequest | None) -> ResetRequest | None:
    """The request, when the code is its own; each look at a code counts. Raises ``WrongCode``."""
    if request is None:
        return None
    with act():
        may_try = ResetRequest.objects.filter(pk=request.pk, tries__lt=CODE_TRIES).update(tries=F("tries") + 1)
    if not may_try:
        return None
    is_right = constant_time_compare(request.digest, _code_digest(request.pk, rules.bare_code(proof.code)))
    if not is_right or request.person is None:
        raise WrongCode(field="code")
    return request
