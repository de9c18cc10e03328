"""People with accounts, as plain rows: the password hash of tests is quick."""

from django.contrib.auth.hashers import make_password

from core.db.acts import public
from core.kernel import clock
from core.vault.services import seal
from tenants.people import rules
from tenants.people.models import User
from tenants.people.rules import AccountName, Means
from tenants.people.selectors import index_of
from tests.factories.seats import person_id

PASSWORD = "a long enough password"


def make_person(name: str, *, phone: str = "", email: str = "", is_proved: bool = True) -> User:
    """The person ``name`` (the same id as on their seats) who signs in with ``PASSWORD``."""
    proved_at = clock.now() if is_proved else None
    with public():
        return User.objects.update_or_create(
            id=person_id(name),
            defaults={
                "name": name,
                "password": make_password(PASSWORD),
                "phone_index": index_of(AccountName(Means.PHONE, rules.phone(phone))) if phone else None,
                "email_index": index_of(AccountName(Means.EMAIL, rules.email(email))) if email else None,
                "phone_sealed": seal(rules.phone(phone)) if phone else "",
                "email_sealed": seal(email),
                "phone_proved_at": proved_at if phone else None,
                "email_proved_at": proved_at if email else None,
                "created_at": clock.now(),
            },
        )[0]
