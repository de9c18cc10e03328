"""Verbs and questions of sign-ins: one begins with a password, reaches several hosts, and ends on all of them at once.

Every verb is one act in the public schema. Ended sessions are out of the database when it commits, and out of the cache
right after (docs/decisions/0006).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef, Q, QuerySet

from core.db.acts import act, public
from core.kernel import clock
from core.kernel.errors import Missing
from core.vault.services import CannotUnseal, seal, unseal
from core.web.sessions import bury, forget
from tenants.people.agents import device_of, masked_address
from tenants.people.errors import SignInOver
from tenants.people.models import HostSession, SignIn, Ticket

LONGEST = timedelta(days=90)
"""After this long the password is asked again, however busy the sign-in is."""
IDLE = timedelta(seconds=settings.SESSION_COOKIE_AGE)
"""A session nobody used for this long is over."""
KEPT = timedelta(days=90)
"""How long an ended sign-in is remembered."""


@dataclass(frozen=True, slots=True)
class Device:
    """An open sign-in as its owner sees it. ``agent`` is ``browser/system`` as codes, ``network`` a masked address."""

    sign_in_id: UUID
    agent: str
    network: str
    hosts: tuple[str, ...]
    started_at: datetime
    seen_at: datetime
    has_second_factor: bool


def start_sign_in(*, person_id: UUID, user_agent: str, address: str, has_second_factor: bool) -> SignIn:
    """Write down that a person has just proved who they are. ``address`` is where from (sealed)."""
    now = clock.now()
    with public(), act():
        return SignIn.objects.create(
            person_id=person_id,
            started_at=now,
            seen_at=now,
            second_factor_at=now if has_second_factor else None,
            agent=device_of(user_agent),
            address_sealed=seal(address),
        )


def note_host(*, sign_in_id: UUID, session_key: str, host: str) -> None:
    """Let a session on a host live and end with the sign-in. Raises ``SignInOver`` when that has ended meanwhile."""
    with public(), act():
        # Whoever ends the sign-in takes this lock too: it sees the new session, or the session is refused.
        if not SignIn.objects.select_for_update().filter(pk=sign_in_id, ended_at__isnull=True).exists():
            raise SignInOver
        HostSession.objects.create(
            sign_in_id=sign_in_id, session_key=session_key, host=host[:253], started_at=clock.now()
        )


def rename_host(*, sign_in_id: UUID, former: str, session_key: str) -> None:
    """The session of a host goes on under another key. Raises ``SignInOver`` when it was ended meanwhile."""
    with public(), act():
        is_open = SignIn.objects.select_for_update().filter(pk=sign_in_id, ended_at__isnull=True).exists()
        rows = HostSession.objects.filter(sign_in_id=sign_in_id, session_key=former)
        if not is_open or not rows.update(session_key=session_key):
            raise SignInOver


def leave_host(session_key: str) -> None:
    """A session was ended or replaced by itself: its sign-in forgets it, and ends when it was the last."""
    with public(), act():
        left = HostSession.objects.select_related("sign_in").filter(session_key=session_key).first()
        if left is None:
            return
        sign_in = SignIn.objects.select_for_update().get(pk=left.sign_in_id)
        left.delete()
        if sign_in.ended_at is None and not sign_in.host_sessions.exists():
            sign_in.ended_at = clock.now()
            sign_in.save(update_fields=["ended_at"])


def note_second_factor(sign_in_id: UUID) -> None:
    """The second factor was proved later than the password."""
    with public(), act():
        SignIn.objects.filter(pk=sign_in_id, ended_at__isnull=True).update(second_factor_at=clock.now())


def standing(*, sign_in_id: UUID, person_id: UUID) -> SignIn | None:
    """The open sign-in of an active person, with ``person``; noted as seen just now. None when it is over."""
    now = clock.now()
    with public():
        open_ones = _open(person_id).select_related("person").filter(pk=sign_in_id, person__is_active=True)
        found = open_ones.filter(started_at__gt=now - LONGEST).first()
        if found is not None:
            SignIn.objects.filter(pk=sign_in_id, ended_at__isnull=True).update(seen_at=now)
    return found


def devices_of(person_id: UUID) -> list[Device]:
    """The person's open sign-ins that reach a host, the last seen first. Two queries."""
    reaching = Exists(HostSession.objects.filter(sign_in=OuterRef("pk")))
    with public():
        now = clock.now()
        rows = _open(person_id).filter(reaching, started_at__gt=now - LONGEST, seen_at__gt=now - IDLE)
        rows = rows.prefetch_related("host_sessions")
        return [_device(row) for row in rows.order_by("-seen_at", "-started_at")]


def end_sign_in(*, person_id: UUID, sign_in_id: UUID) -> None:
    """End one of the person's own sign-ins on all hosts. Raises ``Missing`` for a stranger's, or when it is over."""
    if not _end(_open(person_id).filter(pk=sign_in_id)):
        raise Missing


def end_if_open(*, person_id: UUID, sign_in_id: UUID) -> None:
    """End one of the person's own sign-ins on all hosts, if it is not over already: signing out never fails."""
    _end(_open(person_id).filter(pk=sign_in_id))


def end_all_sessions(person_id: UUID, *, but: UUID | None = None) -> int:
    """End every sign-in of a person on all hosts, except ``but``; how many. An act of its own: call it after yours."""
    return _end(_open(person_id).exclude(pk=but) if but else _open(person_id))


def purge(now: datetime) -> int:
    """End sign-ins that are idle or past their longest life; forget old ones, sessions and tickets; how many rows."""
    over = Q(started_at__lt=now - LONGEST) | Q(seen_at__lt=now - IDLE)
    with public():
        _end(SignIn.objects.filter(over, ended_at__isnull=True))
        with act():
            tickets, _ = Ticket.objects.filter(expires_at__lt=now - timedelta(days=1)).delete()
            sessions, _ = Session.objects.filter(expire_date__lt=now).delete()
            old, _ = SignIn.objects.filter(ended_at__lt=now - KEPT).delete()
    return tickets + sessions + old


def _open(person_id: UUID) -> QuerySet[SignIn]:
    return SignIn.objects.filter(person_id=person_id, ended_at__isnull=True)


def _end(rows: QuerySet[SignIn]) -> int:
    with public():
        with act():
            ended = list(rows.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))
            keys = end_in_act(ended)
        bury(keys)
    return len(ended)


def end_in_act(sign_in_ids: Iterable[UUID]) -> list[str]:
    """The inner piece of ending: inside an act in the public schema. The caller gives the keys to ``bury`` after it."""
    ids = list(sign_in_ids)
    sessions = HostSession.objects.filter(sign_in__in=ids)
    keys = list(sessions.values_list("session_key", flat=True))
    sessions.delete()
    Ticket.objects.filter(sign_in__in=ids, used_at__isnull=True).delete()
    SignIn.objects.filter(pk__in=ids).update(ended_at=clock.now())
    if keys:
        forget(keys)
    return keys


def _device(row: SignIn) -> Device:
    try:
        address = unseal(row.address_sealed)
    except CannotUnseal:  # sealed by a key that is no longer held: the place is not worth failing for
        address = ""
    return Device(
        sign_in_id=row.pk,
        agent=row.agent,
        network=masked_address(address),
        hosts=tuple(sorted({session.host for session in row.host_sessions.all()})),
        started_at=row.started_at,
        seen_at=row.seen_at,
        has_second_factor=row.second_factor_at is not None,
    )
