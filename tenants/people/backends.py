"""Django's authentication backend for phone or e-mail and password."""

from uuid import UUID

from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from core.db.acts import public
from tenants.people.errors import NotAnAccountName
from tenants.people.models import User
from tenants.people.rules import account_name
from tenants.people.selectors import person, person_named


class PhoneOrEmailBackend(BaseBackend):
    """Finds a person by the blind index of phone or e-mail; unknown accounts cost as much work as known ones."""

    def authenticate(
        self, request: HttpRequest | None, identifier: str = "", password: str = "", **credentials: object
    ) -> User | None:
        """The person, or None for a wrong password, a closed account or an unknown name."""
        try:
            known = person_named(account_name(identifier))
        except NotAnAccountName:
            known = None
        if known is None:
            User().set_password(password)  # the same hashing as below, so that time tells nothing
            return None
        with public():  # a hash of an older make is made anew, which writes the person
            is_right = known.check_password(password)
        return known if is_right and known.is_active else None

    def get_user(self, user_id: UUID) -> User | None:
        """The active person of a session."""
        return person(user_id)
