"""Writing a person down, and what people may say about themselves."""

from uuid import UUID

from django.db import IntegrityError

from core.db.acts import act, public
from core.kernel import clock
from core.kernel.text import normalised
from core.vault.services import seal
from core.web.throttling import Throttle
from tenants.people import rules
from tenants.people.errors import AccountTaken, NameMissing, NotAnAccountName, TooManyTries
from tenants.people.models import User
from tenants.people.selectors import index_of, person_named
from tenants.people.services.passwords import set_password

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
    set_password(person, password)
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
        raise TooManyTries(minutes=rules.minutes(wait))
    is_phone = known.means is rules.Means.PHONE
    return person_named(known) or register_person(
        name=name,
        phone=known.value if is_phone else None,
        email=None if is_phone else known.value,
        password=password,
        registered_in=registered_in,
    )


def choose_language(*, person_id: UUID, language: str) -> None:
    """Remember the person's language (a code of ``settings.LANGUAGES``) on all hosts."""
    with public(), act():
        User.objects.filter(pk=person_id).update(language=language)


def change_name(*, person_id: UUID, name: str) -> None:
    """Call oneself otherwise on one's own pages; seats keep the name the brand knows. Raises ``NameMissing``."""
    wanted = normalised(name)[:60]
    if not wanted:
        raise NameMissing(field="name")
    with public(), act():
        User.objects.filter(pk=person_id).update(name=wanted)
