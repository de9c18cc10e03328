"""Verbs of people: sign up, prove who one is, choose a language."""

from uuid import UUID

from django.contrib.auth import authenticate
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from core.db.acts import act, public
from core.kernel import clock
from core.kernel.text import normalised
from core.vault.services import seal
from core.web.throttling import Throttle
from tenants.people import rules
from tenants.people.errors import AccountTaken, NotAnAccountName, SignInRefused, TooManyTries, WeakPassword
from tenants.people.models import User
from tenants.people.selectors import index_of, person_named

ACCOUNT_TRIES = Throttle("sign-in.account", limit=10, window_s=900)
ADDRESS_TRIES = Throttle("sign-in.address", limit=100, window_s=900)
"""An address may be a whole company's: it gets more tries than one account."""
LOOK_UPS = Throttle("people.look-up", limit=60, window_s=3600)
"""By seat: each tells whether an account exists."""


def register_person(
    *,
    name: str,
    phone: str | None = None,
    email: str | None = None,
    password: str,
    language: str = "",
    registered_in: str = "",
) -> User:
    """Write down a person who signs in by phone, e-mail or both. Acts in the public schema.

    ``registered_in`` is the schema of the brand that writes somebody else down, and so knows the password.
    Raises ``NotAnAccountName``, ``AccountTaken`` or ``WeakPassword``.
    """
    person = User(name=normalised(name)[:60], language=language, registered_in=registered_in, created_at=clock.now())
    if not phone and not email:
        raise NotAnAccountName
    if phone:
        number = rules.phone(phone)
        person.phone_sealed = seal(number)
        person.phone_index = index_of(rules.AccountName(rules.Means.PHONE, number))
    if email:
        address = rules.email(email)
        person.email_sealed = seal(address)
        person.email_index = index_of(rules.AccountName(rules.Means.EMAIL, address))
    _set_password(person, password)
    try:
        with public(), act():
            person.save(force_insert=True)
    except IntegrityError:
        raise AccountTaken from None
    return person


def find_or_register(*, account: str, name: str, password: str, registered_in: str, asked_by: UUID) -> User:
    """The person of an account name, written down by the brand ``registered_in`` where nobody is found.

    Counts the look-up for the seat ``asked_by``. Raises ``TooManyTries`` and what ``register_person`` does.
    """
    known = rules.account_name(account)
    wait = LOOK_UPS.try_once(str(asked_by))
    if wait:
        raise TooManyTries(minutes=-(-wait // 60))
    is_phone = known.means is rules.Means.PHONE
    return person_named(known) or register_person(
        name=name,
        phone=known.value if is_phone else None,
        email=None if is_phone else known.value,
        password=password,
        registered_in=registered_in,
    )


def _set_password(person: User, password: str) -> None:
    try:
        validate_password(password, person)
    except ValidationError as error:
        raise WeakPassword(reasons=" ".join(error.messages)) from None
    person.set_password(password)


def prove_identity(*, identifier: str, password: str, address: str) -> User:
    """The person whose account name and password these are. ``address`` is where the try came from.

    Counts the try for account and address. Raises ``TooManyTries`` or ``SignInRefused``, never telling whether the
    account exists.
    """
    account = _throttle_key(identifier)
    wait = max(ADDRESS_TRIES.try_once(address), ACCOUNT_TRIES.try_once(account))
    if wait:
        raise TooManyTries(minutes=-(-wait // 60))
    person = authenticate(None, identifier=identifier, password=password)
    if not isinstance(person, User):
        raise SignInRefused
    ACCOUNT_TRIES.forgive(account)
    return person


def _throttle_key(identifier: str) -> str:
    """One key for all spellings of an account name."""
    try:
        return rules.account_name(identifier).value
    except NotAnAccountName:
        return normalised(identifier).lower()[:200]


def choose_language(*, person_id: UUID, language: str) -> None:
    """Remember the person's language (a code of ``settings.LANGUAGES``) on all hosts."""
    with public(), act():
        User.objects.filter(pk=person_id).update(language=language)
