"""Writing a person down, and what people may say about themselves."""

from uuid import UUID

from django.db import IntegrityError

from core.db.acts import act, public
from core.kernel import clock
from core.kernel.text import normalised
from core.vault.services import seal
from tenants.people import rules
from tenants.people.errors import AccountTaken, NameMissing, NotAnAccountName
from tenants.people.models import User
from tenants.people.selectors import index_of
from tenants.people.services.passwords import set_password


def register_person(
    *,
    name: str,
    phone: str | None = None,
    email: str | None = None,
    password: str,
    language: str = "",
) -> User:
    """Write down a person who signs in by phone, e-mail or both. Acts in the public schema.

    Both count as proved: who writes somebody down has seen to that, or is the platform itself. Raises
    ``NotAnAccountName``, ``AccountTaken`` or ``WeakPassword``.
    """
    person = new_person(name=name, phone=phone, email=email, password=password, language=language)
    try:
        with public(), act():
            person.save(force_insert=True)
    except IntegrityError:
        raise AccountTaken from None
    return person


def new_person(*, name: str, phone: str | None, email: str | None, password: str, language: str) -> User:
    """The row of a new person, not written yet. Raises ``NotAnAccountName`` or ``WeakPassword``."""
    now = clock.now()
    person = User(name=normalised(name)[:60], language=language, created_at=now)
    if not phone and not email:
        raise NotAnAccountName
    if phone:
        number, person.phone_proved_at = rules.phone(phone), now
        person.phone_sealed = seal(number)
        person.phone_index = index_of(rules.AccountName(rules.Means.PHONE, number))
    if email:
        address, person.email_proved_at = rules.email(email), now
        person.email_sealed = seal(address)
        person.email_index = index_of(rules.AccountName(rules.Means.EMAIL, address))
    set_password(person, password)
    return person


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
