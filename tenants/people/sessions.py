"""Who is signed in on this host: Django's sign-in, reached from a brand's request through the door in the wall."""

from typing import cast
from uuid import UUID

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY, login, logout
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from core.db.acts import public
from core.kernel import clock
from tenants.people.models import User
from tenants.people.selectors import person

RECHECK_S = 300
"""A closed account or a changed password ends every session within this time."""

_CHECKED = "checked_at"


def begin(request: HttpRequest, user: User) -> None:
    """Sign ``user`` in on this host; the session gets a new key and nothing of a former person's."""
    with public():
        login(request, user)
    request.session[_CHECKED] = clock.now().timestamp()


def end(request: HttpRequest) -> None:
    """Sign out: the session and all in it are gone."""
    with public():
        logout(request)


def person_in(session: SessionBase) -> UUID | None:
    """Whose session it is. Asks the public schema again every five minutes, else nothing but the session."""
    known = session.get(SESSION_KEY)
    if known is None:
        return None
    person_id = UUID(known)
    now = clock.now().timestamp()
    if now - float(session.get(_CHECKED, 0)) > RECHECK_S:
        user = person(person_id)
        given = cast("str", session.get(HASH_SESSION_KEY, ""))
        if user is None or not constant_time_compare(given, user.get_session_auth_hash()):
            session.flush()
            return None
        session[_CHECKED] = now
    return person_id
