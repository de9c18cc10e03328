"""Whom an invitation is for: account names, found by an index of this room's own purpose, and who bears them."""

from dataclasses import dataclass
from uuid import UUID

from core.db.acts import public
from core.vault.services import blind_index, masked_email, masked_phone, seal, unseal
from tenants.access.models import Invitation
from tenants.people import rules
from tenants.people.models import User
from tenants.people.rules import AccountName, Means


@dataclass(frozen=True, slots=True)
class Bearer:
    """Somebody signed in, by the account names they have: ``unproved`` ones are claimed, and nothing more."""

    person_id: UUID
    name: str
    indexes: frozenset[str]
    unproved: frozenset[str]


def index_of(name: AccountName) -> str:
    """The index an invitation is found by. Not the one of people: a brand's schema says nothing of the public one."""
    return blind_index(name.value, "access.invitation")


def sealed(name: AccountName) -> str:
    """The account name, to be kept."""
    return seal(name.value)


def account_of(invitation: Invitation) -> AccountName:
    """The account name the invitation is for."""
    return rules.account_name(unseal(invitation.identifier_sealed))


def masked_account(identifier_sealed: str) -> str:
    """A kept account name, masked."""
    return masked(rules.account_name(unseal(identifier_sealed)))


def masked(name: AccountName) -> str:
    """``138****8000`` or ``z***@example.com``: enough to recognise one's own."""
    if name.means is Means.PHONE:
        return masked_phone(name.value.removeprefix("+86"))
    return masked_email(name.value)


def bearer(person_id: UUID) -> Bearer | None:
    """An active person with the indexes of their account names. One query in the public schema."""
    with public():
        person = User.objects.filter(pk=person_id, is_active=True).first()
    if person is None:
        return None
    phone, email = unseal(person.phone_sealed), unseal(person.email_sealed)
    known = {(phone, person.phone_proved_at is not None), (email, person.email_proved_at is not None)}
    named = [(index_of(rules.account_name(value)), is_proved) for value, is_proved in known if value]
    return Bearer(
        person.pk,
        person.name,
        indexes=frozenset(index for index, is_proved in named if is_proved),
        unproved=frozenset(index for index, is_proved in named if not is_proved),
    )
