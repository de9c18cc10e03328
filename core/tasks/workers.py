"""Whether anybody is at work: every task and every batch of a job leaves the moment on the shared cache.

Beat gives an idle worker something to do every ten seconds, so a minute of silence means that none answers. With Redis
away nothing is known, and no worker gets any work either.
"""

import gc
from datetime import UTC, datetime, timedelta

from django.core.cache import caches

from core.kernel import clock

SILENCE = timedelta(seconds=60)
"""After so long without a sign nobody is at work."""
_KEY = "workers:seen"
_KEPT_S = 14 * 86_400


def note_alive() -> None:
    """This worker lives."""
    caches["shared"].set(_KEY, clock.now().timestamp(), _KEPT_S)


def last_seen() -> datetime | None:
    """When a worker was last heard of; None: never, or Redis is away."""
    kept = caches["shared"].get(_KEY)
    return None if kept is None else datetime.fromtimestamp(kept, UTC)


def collect_rarely() -> None:
    """Let this process look for garbage after fifty thousand new things, and never among what it has loaded.

    A job makes things by the hundred thousand and keeps them for a moment: looked at every seven hundred, a third of a
    worker's time would go into it.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def is_silent(seen: datetime | None) -> bool:
    """Whether that is too long ago for any to be at work."""
    return seen is None or clock.now() - seen > SILENCE
