"""What a session remembers between two steps of proving who somebody is. Nothing of it gives any right."""

from datetime import timedelta
from uuid import UUID

from django.contrib.sessions.backends.base import SessionBase
from django.utils.crypto import constant_time_compare

from core.kernel import clock
from tenants.people.errors import StepExpired
from tenants.people.models import User
from tenants.people.selectors import person
from tenants.people.sign_ins import leave_host

HALF_WAY_LASTS = timedelta(minutes=10)
PASSWORD_FRESH = timedelta(minutes=15)
"""How long after a password was given it is not asked again for changes of the second factor."""
_HALF_WAY, _PASSWORD, _RESET, _CLAIM, _SIGN_UP = "half_way", "password_at", "reset", "address_claim", "sign_up"


def remember_half_way(session: SessionBase, user: User) -> None:
    """The password was right, the code is still to come: a fresh session that only knows this."""
    former = session.session_key
    session.flush()
    if former is not None:
        leave_host(former)
    session[_HALF_WAY] = {
        "person": str(user.pk),
        "until": (clock.now() + HALF_WAY_LASTS).timestamp(),
        "password": user.get_session_auth_hash(),
    }


def half_way(session: SessionBase) -> User:
    """Who has given the password here and owes the code. Raises ``StepExpired``: too late, or it was changed since."""
    note = session.get(_HALF_WAY)
    if not note or clock.now().timestamp() > note["until"]:
        raise StepExpired
    known = person(UUID(note["person"]))
    if known is None or not constant_time_compare(note["password"], known.get_session_auth_hash()):
        raise StepExpired
    return known


def is_half_way(session: SessionBase) -> bool:
    """Whether there is such a note at all."""
    return _HALF_WAY in session


def forget_half_way(session: SessionBase) -> None:
    """The step was taken, or given up."""
    session.pop(_HALF_WAY, None)


def note_password(session: SessionBase) -> None:
    """The person has just given the password."""
    session[_PASSWORD] = clock.now().timestamp()


def is_password_fresh(session: SessionBase) -> bool:
    """Whether it was given so lately that it need not be asked again."""
    return clock.now().timestamp() - float(session.get(_PASSWORD, 0)) <= PASSWORD_FRESH.total_seconds()


def remember_reset(session: SessionBase, *, request_id: UUID | None = None, link_digest: str = "") -> None:
    """A reset was asked for (``request_id``), or its link opened (``link_digest``), in this browser."""
    session[_RESET] = {"request": str(request_id) if request_id else "", "link": link_digest}


def reset_in(session: SessionBase) -> tuple[UUID | None, str]:
    """Request id and link digest of the reset going on in this browser; (None, "") for none."""
    note = session.get(_RESET) or {}
    return (UUID(note["request"]) if note.get("request") else None), str(note.get("link", ""))


def forget_reset(session: SessionBase) -> None:
    """It is done, or cannot be."""
    session.pop(_RESET, None)


def remember_claim(session: SessionBase, claim_id: UUID) -> None:
    """A code was sent to a phone or e-mail from this browser."""
    session[_CLAIM] = str(claim_id)


def claim_in(session: SessionBase) -> UUID | None:
    """The claim whose code this browser waits for."""
    known = session.get(_CLAIM)
    return UUID(known) if known else None


def forget_claim(session: SessionBase) -> None:
    """It is done, or cannot be."""
    session.pop(_CLAIM, None)


def remember_sign_up(session: SessionBase, subject_id: UUID, claim_id: UUID) -> None:
    """A code was sent from this browser to the account name of an offer."""
    session[_SIGN_UP] = {"subject": str(subject_id), "claim": str(claim_id)}


def sign_up_in(session: SessionBase, subject_id: UUID) -> UUID | None:
    """The claim whose code this browser waits for, for this offer."""
    note = session.get(_SIGN_UP) or {}
    return UUID(note["claim"]) if note.get("subject") == str(subject_id) else None


def forget_sign_up(session: SessionBase) -> None:
    """It is done, or cannot be."""
    session.pop(_SIGN_UP, None)
