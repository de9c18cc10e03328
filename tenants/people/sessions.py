"""Who is signed in on this host: Django's sign-in, reached from a brand's request through the door in the wall.

A session belongs to a sign-in (``sign_ins.py``) and ends with it on every host.
"""

from typing import cast
from uuid import UUID

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, login, logout
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from core.db.acts import public
from core.kernel import clock
from core.web.throttling import client_address
from tenants.people import sign_ins
from tenants.people.errors import SignInOver
from tenants.people.models import SignIn, User
from tenants.people.tickets import Crossing

RECHECK_S = 300
"""How long a session is believed before person, password and sign-in are looked at again."""

_CHECKED, _SIGN_IN, _FACTOR = "checked_at", "sign_in", "factor"
_OURS = {SESSION_KEY, BACKEND_SESSION_KEY, HASH_SESSION_KEY, _CHECKED, _SIGN_IN, _FACTOR}


def begin(request: HttpRequest, user: User, *, has_second_factor: bool = False) -> None:
    """Sign ``user`` in on this host: a new sign-in, and a session with a new key and nothing of what was in it."""
    sign_in = sign_ins.start_sign_in(
        person_id=user.pk,
        user_agent=request.headers.get("User-Agent", ""),
        address=client_address(request),
        has_second_factor=has_second_factor,
    )
    _attach(request, user, sign_in.pk, has_second_factor=has_second_factor)


def begin_by_ticket(request: HttpRequest, crossing: Crossing) -> None:
    """Sign in on this host as the ticket says, as part of its sign-in. Raises ``SignInOver``."""
    _attach(request, crossing.person, crossing.sign_in_id, has_second_factor=crossing.has_second_factor)


def _attach(request: HttpRequest, user: User, sign_in_id: UUID, *, has_second_factor: bool) -> None:
    _leave(request.session)
    with public():
        login(request, user)
    try:
        host = request.get_host().partition(":")[0].lower()
        sign_ins.note_host(sign_in_id=sign_in_id, session_key=str(request.session.session_key), host=host)
    except SignInOver:
        request.session.flush()
        raise
    request.session[_SIGN_IN], request.session[_FACTOR] = str(sign_in_id), has_second_factor
    request.session[_CHECKED] = clock.now().timestamp()


def _leave(session: SessionBase) -> None:
    """A key that somebody may know from before is worth nothing after, and what lay in the session is gone."""
    former = session.session_key
    session.flush()
    if former is not None:
        sign_ins.leave_host(former)


def end(request: HttpRequest) -> None:
    """Sign out: the sign-in ends on all its hosts, the session and all in it are gone."""
    sign_in_id = sign_in_in(request.session)
    person_id = request.session.get(SESSION_KEY)
    if sign_in_id is not None and person_id is not None:
        sign_ins.end_if_open(person_id=UUID(person_id), sign_in_id=sign_in_id)
    with public():
        logout(request)


def begin_anew(request: HttpRequest, user: User) -> None:
    """The password was changed here: every session of the person ends, this host's goes on under a new sign-in."""
    has_factor = has_second_factor(request.session)
    kept = {name: value for name, value in request.session.items() if name not in _OURS}
    sign_ins.end_all_sessions(user.pk)
    begin(request, user, has_second_factor=has_factor)
    request.session.update(kept)


def person_in(session: SessionBase) -> UUID | None:
    """Whose session it is. Asks the public schema again every five minutes, else nothing but the session."""
    known = session.get(SESSION_KEY)
    if known is None:
        return None
    person_id = UUID(known)
    now = clock.now().timestamp()
    checked = float(session.get(_CHECKED, 0))
    if now - checked > RECHECK_S:
        sign_in = _standing(session, person_id) if now - checked <= sign_ins.IDLE.total_seconds() else None
        if sign_in is None:
            _leave(session)
            return None
        session[_CHECKED], session[_FACTOR] = now, sign_in.second_factor_at is not None
    return person_id


def sign_in_in(session: SessionBase) -> UUID | None:
    """The sign-in a session belongs to."""
    known = session.get(_SIGN_IN)
    return UUID(known) if known else None


def has_second_factor(session: SessionBase) -> bool:
    """Whether the session's sign-in has proved a second factor. No query."""
    return bool(session.get(_FACTOR))


def note_second_factor(session: SessionBase) -> None:
    """The person has just proved the second factor: here at once, on the sign-in's other hosts within five minutes.

    The session gets a new key: one that was known while it had the password only is worth nothing now. Raises
    ``SignInOver`` when the sign-in was ended meanwhile.
    """
    sign_in_id = sign_in_in(session)
    if sign_in_id is not None:
        _renew_key(session, sign_in_id)
        sign_ins.note_second_factor(sign_in_id)
        session[_FACTOR] = True


def forget_second_factor(session: SessionBase) -> None:
    """The second factor was turned off: this session counts as proved by the password alone."""
    session[_FACTOR] = False


def _renew_key(session: SessionBase, sign_in_id: UUID) -> None:
    former = str(session.session_key)
    session.cycle_key()
    try:
        sign_ins.rename_host(sign_in_id=sign_in_id, former=former, session_key=str(session.session_key))
    except SignInOver:
        session.flush()
        raise


def _standing(session: SessionBase, person_id: UUID) -> SignIn | None:
    sign_in_id = sign_in_in(session)
    sign_in = sign_ins.standing(sign_in_id=sign_in_id, person_id=person_id) if sign_in_id else None
    if sign_in is None:
        return None
    given = cast("str", session.get(HASH_SESSION_KEY, ""))
    return sign_in if constant_time_compare(given, sign_in.person.get_session_auth_hash()) else None
