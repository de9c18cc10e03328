"""Answering a request once: claim first, remember last, both inside the act's one transaction.

A refusal or a bug rolls the memory back with everything else: nothing happened, so the same key may be used again.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson

from core.db import sql
from core.db.acts import door_act
from core.db.locks import Rank, note_rank
from core.idempotency.errors import BodyDiffers, InProgress
from core.idempotency.models import Answer
from core.idempotency.rules import KEPT_DAYS, Claim
from core.kernel import clock

# The lock comes from a materialised row of its own, so that it is taken whether or not there is an answer.
_CLAIM = """
WITH lock AS MATERIALIZED (SELECT pg_try_advisory_xact_lock(hashtextextended(%(scope)s, 0)) AS is_ours)
SELECT lock.is_ours, answer.body_digest, answer.status, answer.body
FROM lock LEFT JOIN idempotency_answer AS answer ON answer.scope = %(scope)s
"""
_REMEMBER = """
INSERT INTO idempotency_answer (scope, body_digest, status, body, at)
VALUES (%(scope)s, %(body_digest)s, %(status)s, %(body)s::jsonb, %(at)s)
ON CONFLICT (scope) DO NOTHING
"""


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """The answer the same request got the first time."""

    status: int
    body: Any


def claim(wanted: Claim) -> GivenAnswer | None:
    """Take the key for this act; the answer already given, or None when the act is to be done now.

    ONE statement; the key stays locked until the act ends. Opens no act itself. Raises ``InProgress`` while another
    request holds the key and ``BodyDiffers`` when the key was answered for another body.
    """
    note_rank(Rank.KEY)
    found = sql.row(_CLAIM, {"scope": wanted.scope})
    if found is None or not found[0]:
        raise InProgress
    _is_ours, body_digest, status, body = found
    if body_digest is None:
        return None
    if body_digest != wanted.body_digest:
        raise BodyDiffers
    return GivenAnswer(status=status, body=orjson.loads(body) if isinstance(body, str) else body)


def remember(wanted: Claim, *, status: int, body: Any) -> None:
    """Keep the answer with the act that gave it. ``body`` is JSON. Opens no act itself.

    Raises ``InProgress`` when another request got its answer in between the claim's snapshot and its lock: the act
    is rolled back and the repeated request finds that answer.
    """
    kept = {
        "scope": wanted.scope,
        "body_digest": wanted.body_digest,
        "status": status,
        "body": orjson.dumps(body).decode(),
        "at": clock.now(),
    }
    if not sql.execute(_REMEMBER, kept):
        raise InProgress


@dataclass(slots=True)
class Answering:
    """One request being answered: either ``given`` long ago, or to be filled in with ``answer`` after the verb."""

    given: GivenAnswer | None
    fresh: GivenAnswer | None = None

    def answer(self, *, status: int, body: Any) -> None:
        """Say what the verb came to."""
        self.fresh = GivenAnswer(status=status, body=body)


@contextmanager
def answering(wanted: Claim) -> Iterator[Answering]:
    """Open the act at the door, so that key, verb and answer stand or fall together. Call ONE verb inside.

    When ``given`` is set the request was answered before: call nothing and print that. Raises as ``claim`` does.
    """
    with door_act():
        asked = Answering(claim(wanted))
        yield asked
        if asked.fresh is not None:
            remember(wanted, status=asked.fresh.status, body=asked.fresh.body)


def purge(*, now: datetime) -> int:
    """Forget answers older than thirty days in the present schema; how many."""
    forgotten, _by_model = Answer.objects.filter(at__lt=now - timedelta(days=KEPT_DAYS)).delete()
    return forgotten
