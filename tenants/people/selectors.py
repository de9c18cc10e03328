"""Questions about people. All of them read the public schema."""

from uuid import UUID

from core.db.acts import public
from core.vault.services import blind_index
from tenants.people.models import User
from tenants.people.rules import AccountName, Means


def index_of(name: AccountName) -> str:
    """The blind index under which an account name is found."""
    return blind_index(name.value, f"people.{name.means}")


def person_named(name: AccountName) -> User | None:
    """Whose account name it is, active or not."""
    column = "phone_index" if name.means is Means.PHONE else "email_index"
    with public():
        return User.objects.filter(**{column: index_of(name)}).first()


def is_strangers_word(person_id: UUID, schema_name: str) -> bool:
    """Whether another brand than ``schema_name`` wrote the person down, and so may know the password."""
    with public():
        return User.objects.filter(pk=person_id).exclude(registered_in__in=["", schema_name]).exists()


def person(person_id: UUID) -> User | None:
    """An active person."""
    with public():
        return User.objects.filter(pk=person_id, is_active=True).first()
