"""What makes two requests the same one."""

import hashlib
from dataclasses import dataclass

from core.idempotency.errors import KeyInvalid
from core.kernel.actor import Actor

LONGEST_KEY = 255
KEPT_DAYS = 30


@dataclass(frozen=True, slots=True)
class Claim:
    """A request that wants to be answered once: digest of its scope, digest of its body."""

    scope: str
    body_digest: str

    @classmethod
    def of(cls, *, actor: Actor, method: str, route: str, key: str, body: bytes) -> "Claim":
        """Made at the door. ``route`` is the path as requested, ids included. Raises ``KeyInvalid``."""
        if not 0 < len(key) <= LONGEST_KEY or not (key.isascii() and key.isprintable()):
            raise KeyInvalid
        who = f"token:{actor.token_id}" if actor.token_id else f"person:{actor.person_id}:{actor.seat_id}"
        parts = (actor.brand_schema, who, method.upper(), route, key)
        return cls(scope=_digest("\x00".join(parts).encode()), body_digest=_digest(body))


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
