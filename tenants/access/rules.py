"""Decisions about seats, invitations, delegations and tokens."""

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from core.kernel import regions
from core.kernel.actor import Scope, Side
from tenants.access import roles as table
from tenants.access.errors import (
    BadAbsence,
    BadTokenLife,
    DutiesCollide,
    NotForARole,
    NothingLent,
    RolesNotOfSide,
)
from tenants.access.permissions import Permission
from tenants.access.roles import ROLE_CODES, SIDE_ROLES

INVITATION_LASTS = timedelta(days=7)
LONGEST_ABSENCE = timedelta(days=92)
TOKEN_OVERLAP_HOURS = 72
"""How long, at most, the former secret of a rotated token is taken."""
TOKEN_WARNING = timedelta(days=14)
TOKEN_USE_NOTED = timedelta(minutes=10)
LONGEST_TOKEN_DAYS = 366
KEY_LENGTH, SECRET_LENGTH = 16, 48
_TOKEN = re.compile(rf"jm_([0-9a-f]{{{KEY_LENGTH}}})_([0-9a-f]{{{SECRET_LENGTH}}})")


SIDE_CODES: dict[Side, frozenset[str]] = {
    side: frozenset[str]().union(*(ROLE_CODES[role] for role in roles)) for side, roles in SIDE_ROLES.items()
}
"""What any seat of a side may do at all."""


def effective_codes(
    roles: Sequence[str], side: str, custom: Mapping[str, Iterable[str]], *, lent: Iterable[str] | None = None
) -> frozenset[str]:
    """What ``roles`` allow, ``custom`` being the codes of the brand's own roles; of that only what was ``lent``."""
    held = frozenset[str]().union(*(ROLE_CODES.get(role, frozenset(custom.get(role, ()))) for role in roles))
    held &= SIDE_CODES[Side(side)]
    return held if lent is None else held & frozenset(lent)


def checked_roles(roles: Sequence[str], side: Side, custom: Mapping[str, Iterable[str]]) -> list[str]:
    """The roles, each once; ``custom`` are the brand's own roles of this side with their codes.

    Raises ``RolesNotOfSide``, and ``DutiesCollide`` where they break a separation of duties together.
    """
    strange = [role for role in roles if role not in SIDE_ROLES[side] and role not in custom]
    if strange or not roles:
        raise RolesNotOfSide(roles=", ".join(strange) or "—", field="roles")
    if apart := table.apart_in(roles):
        raise DutiesCollide(codes=" + ".join(sorted(apart)), field="roles")
    refuse_meeting(roles, effective_codes(roles, side, custom), field="roles")
    return sorted(set(roles))


def is_administrator(roles: Iterable[str]) -> bool:
    """Whether the seat answers for the whole house: above the pairs of codes nobody holds together."""
    return not table.ADMINISTRATORS.isdisjoint(roles)


def refuse_meeting(roles: Sequence[str], codes: frozenset[str], *, field: str) -> None:
    """Raise ``DutiesCollide`` where a seat with ``roles`` may not hold ``codes``, in whatever way they came to it."""
    for role in roles:
        if barred := table.BARRED.get(role, frozenset()) & codes:
            raise DutiesCollide(codes=" + ".join([role, *sorted(barred)]), field=field)
    if not is_administrator(roles):
        refuse_collision(codes, field=field)


def refuse_collision(codes: frozenset[str], *, field: str) -> None:
    """Raise ``DutiesCollide`` where ``codes`` hold a pair that nobody holds together."""
    for pair in table.CONFLICTS:
        if pair <= codes:
            raise DutiesCollide(codes=" + ".join(sorted(pair)), field=field)


def checked_role_codes(codes: Iterable[str], side: Side) -> list[str]:
    """The codes of a custom role. Raises ``NotForARole`` or ``DutiesCollide``."""
    wanted = frozenset(codes)
    strange = wanted - SIDE_CODES[side] | wanted & {Permission.EDIT}
    if strange or not wanted:
        raise NotForARole(codes=", ".join(sorted(strange)) or "—", field="codes")
    refuse_collision(wanted, field="codes")
    return sorted(wanted)


def checked_scope(scope: Scope) -> Scope:
    """The scope, each limit once; the whole country is no limit. Raises ``UnknownRegion``."""
    return Scope(
        tuple(sorted({regions.region(code).code for code in scope.regions})) if scope.limits_regions else (),
        tuple(sorted(set(scope.product_lines))),
        scope.dealer_subtree_id,
    )


def checked_absence(from_at: datetime, until_at: datetime, *, now: datetime) -> None:
    """Refuse an absence that ends before it begins, is over, or is no absence any more. Raises ``BadAbsence``."""
    if not from_at < until_at <= from_at + LONGEST_ABSENCE or until_at <= now:
        raise BadAbsence(most=LONGEST_ABSENCE.days, field="until_at")


def lendable(held: frozenset[str], *, receiver: frozenset[str], roles: Sequence[str]) -> frozenset[str]:
    """All of what is ``held`` that somebody who has ``receiver`` by ``roles`` may hold too: what an absence hands over.

    Of a pair nobody holds together the receiver's own stays; of one they hold nothing of, what cannot wait (approving
    orders, else placing them).
    """
    wanted = held - {Permission.EDIT}
    for role in roles:
        wanted -= table.BARRED.get(role, frozenset())
    for pair in () if is_administrator(roles) else table.CONFLICTS:
        if pair <= wanted | receiver:
            kept = pair & receiver or pair & {"orders.approve"} or pair & {"orders.place"}
            wanted -= pair - kept
    return wanted


def checked_lent_codes(
    codes: Iterable[str], *, held: frozenset[str], receiver: frozenset[str], roles: Sequence[str]
) -> list[str]:
    """What may be lent of what is ``held`` to somebody who has ``receiver`` by ``roles``.

    Raises ``NothingLent`` for what the giver has not or nobody lends, ``DutiesCollide`` for what would meet there.
    """
    wanted = frozenset(codes)
    strange = wanted - held | wanted & {Permission.EDIT}
    if strange or not wanted:
        raise NothingLent(codes=", ".join(sorted(strange)) or "—", field="codes")
    refuse_meeting(roles, wanted | receiver, field="codes")
    return sorted(wanted)


def checked_days(days: int) -> int:
    """How long a token lasts, in days. Raises ``BadTokenLife``."""
    if not 1 <= days <= LONGEST_TOKEN_DAYS:
        raise BadTokenLife(most=LONGEST_TOKEN_DAYS)
    return days


def new_token() -> tuple[str, str]:
    """Key and secret, both hexadecimal; the secret has 192 bits, so a fast digest keeps it."""
    return secrets.token_hex(KEY_LENGTH // 2), secrets.token_hex(SECRET_LENGTH // 2)


def new_link() -> str:
    """The token of an invitation's link: 256 bits."""
    return secrets.token_urlsafe(32)


def token_text(key: str, secret: str) -> str:
    """What the caller sends after ``Bearer``."""
    return f"jm_{key}_{secret}"


def parse_token(text: str) -> tuple[str, str] | None:
    """Key and secret of ``jm_<key>_<secret>``, or None for anything else."""
    match = _TOKEN.fullmatch(text)
    return (match[1], match[2]) if match else None


def digest(secret: str) -> str:
    """What is stored of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def fits(secret: str, stored: str) -> bool:
    """Whether the secret is the stored one, in constant time."""
    return hmac.compare_digest(digest(secret), stored)
