"""Verbs of tickets: a sign-in crosses to another host, once, within a minute, in the browser that asked for it."""

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from core.db.acts import act, public
from core.kernel import clock
from core.web.throttling import Throttle
from tenants.people.errors import TicketRefused, TooManyTries
from tenants.people.models import SignIn, Ticket, User

LASTS = timedelta(seconds=60)
ISSUES = Throttle("tickets.issue", limit=60, window_s=300)
"""By person: each writes a row."""
NONCE_LENGTH = 43
"""Characters of 32 random bytes, as ``secrets.token_urlsafe`` writes them."""
_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Crossing:
    """What a used ticket carried over: whose sign-in it is."""

    person: User
    sign_in_id: UUID
    has_second_factor: bool


def new_nonce() -> str:
    """What a browser is known by on the host it wants to enter: 256 random bits, for a host-only cookie."""
    return secrets.token_urlsafe(32)


def digest(text: str) -> str:
    """What is stored, and shown to another host, of a ticket or a nonce: both are random enough for a fast digest."""
    return hashlib.sha256(text.encode()).hexdigest()


def is_digest(text: str) -> bool:
    """Whether the text has the form of ``digest``."""
    return bool(_DIGEST.fullmatch(text))


def issue_ticket(*, person_id: UUID, sign_in_id: UUID, host: str, browser_digest: str) -> str:
    """A ticket for ``host`` in the browser whose nonce has this digest; the text exists only here.

    Raises ``TicketRefused`` for what is no digest, ``TooManyTries`` past 60 in five minutes.
    """
    if not is_digest(browser_digest):
        raise TicketRefused
    wait = ISSUES.try_once(str(person_id))
    if wait:
        raise TooManyTries(minutes=-(-wait // 60))
    text, now = secrets.token_urlsafe(32), clock.now()
    with public(), act():
        Ticket.objects.create(
            digest=digest(text),
            person_id=person_id,
            sign_in_id=sign_in_id,
            host=host,
            browser_digest=browser_digest,
            created_at=now,
            expires_at=now + LASTS,
        )
    return text


def use_ticket(*, text: str, host: str, nonce: str) -> Crossing:
    """Exchange a ticket on ``host`` in the browser with ``nonce``; whatever comes of it, it is used up.

    Raises ``TicketRefused``: used before, over, of another host or browser, or sign-in or account closed meanwhile.
    """
    now = clock.now()
    with public():
        with act():
            # One conditional UPDATE of one row: of two that come at once the second finds it used.
            is_first = Ticket.objects.filter(digest=digest(text), used_at__isnull=True).update(used_at=now)
        found = Ticket.objects.select_related("person", "sign_in").filter(digest=digest(text)).first()
    if not is_first or found is None or found.expires_at <= now or found.host != host:
        raise TicketRefused
    if not nonce or not secrets.compare_digest(found.browser_digest, digest(nonce)):
        raise TicketRefused
    if found.sign_in.ended_at is not None or not found.person.is_active:
        raise TicketRefused
    return Crossing(found.person, found.sign_in_id, _has_second_factor(found.sign_in))


def _has_second_factor(sign_in: SignIn) -> bool:
    return sign_in.second_factor_at is not None
