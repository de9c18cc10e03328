"""Passwords: set, asked for once more, changed."""

from uuid import UUID

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from core.db.acts import act, public
from core.kernel import clock
from core.web.throttling import Pauses
from tenants.people import letters, rules
from tenants.people.errors import TooManyTries, WeakPassword, WrongPassword
from tenants.people.models import User

PASSWORD_TRIES = Pauses("people.password", free=5, first_s=60, longest_s=3600, memory_s=86_400)
"""By person: of somebody signed in who is asked once more. A found session must not become a found password."""


def set_password(person: User, password: str) -> None:
    """Put a new hash on ``person``, not written yet. Raises ``WeakPassword``."""
    try:
        validate_password(password, person)
    except ValidationError as error:
        raise WeakPassword(reasons=" ".join(error.messages), field="password") from None
    person.set_password(password)
    person.password_changed_at = clock.now()


def prove_password(*, person_id: UUID, password: str) -> User:
    """The active person, whose password this is. Raises ``TooManyTries`` or ``WrongPassword``."""
    attempt = PASSWORD_TRIES.try_once(str(person_id))
    if attempt.wait_s:
        raise TooManyTries(minutes=rules.minutes(attempt.wait_s))
    with public():
        person = User.objects.filter(pk=person_id, is_active=True).first()
        is_right = person is not None and person.check_password(password)
    if person is None or not is_right:
        raise WrongPassword(field="current")
    PASSWORD_TRIES.forgive(str(person_id))
    return person


def change_password(*, person_id: UUID, current: str, password: str) -> User:
    """Give oneself a new password and be told by mail; the door ends the person's other sessions.

    Raises ``TooManyTries``, ``WrongPassword`` or ``WeakPassword``.
    """
    person = prove_password(person_id=person_id, password=current)
    set_password(person, password)
    with public(), act():
        person.save(update_fields=["password", "password_changed_at"])
        letters.tell(letters.PASSWORD_CHANGED, person)
    return person
