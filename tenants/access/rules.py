"""Decisions about seats and tokens."""

import hashlib
import hmac
import re
import secrets
from collections.abc import Sequence

from core.kernel.actor import Side
from tenants.access.errors import BadTokenLife, RolesNotOfSide
from tenants.access.roles import SIDE_ROLES

LONGEST_TOKEN_DAYS = 366
KEY_LENGTH, SECRET_LENGTH = 16, 48
_TOKEN = re.compile(rf"jm_([0-9a-f]{{{KEY_LENGTH}}})_([0-9a-f]{{{SECRET_LENGTH}}})")


def checked_roles(roles: Sequence[str], side: Side) -> list[str]:
    """The roles, each once. Raises ``RolesNotOfSide``."""
    strange = [role for role in roles if role not in SIDE_ROLES[side]]
    if strange or not roles:
        raise RolesNotOfSide(roles=", ".join(strange) or "—")
    return sorted(set(roles))


def checked_days(days: int) -> int:
    """How long a token lasts, in days. Raises ``BadTokenLife``."""
    if not 1 <= days <= LONGEST_TOKEN_DAYS:
        raise BadTokenLife(most=LONGEST_TOKEN_DAYS)
    return days


def new_token() -> tuple[str, str]:
    """Key and secret, both hexadecimal; the secret has 192 bits, so a fast digest keeps it."""
    return secrets.token_hex(KEY_LENGTH // 2), secrets.token_hex(SECRET_LENGTH // 2)


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
