"""Handing work to the worker without ever failing the caller: whoever must be sure looks again later (sweeps)."""

import logging
from functools import lru_cache
from typing import Any

from celery import current_app
from django.conf import settings
from kombu.exceptions import OperationalError
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

log = logging.getLogger(__name__)

PATIENCE_S = 1.0
_UNREACHABLE = (OperationalError, RedisError, OSError)


def send(task: str, *arguments: object, schema: str | None = None, expires_s: float = 86_400.0) -> bool:
    """Queue the task called ``task`` for ``schema`` (default: the present one); False when the broker is away.

    By name, because a task is a door and stands above the verbs that queue it. Arguments must be plain JSON values.
    """
    options: dict[str, Any] = {"headers": {"_schema_name": schema}} if schema else {}
    try:
        current_app.tasks[task].apply_async(args=arguments, expires=expires_s, retry=False, **options)
    except _UNREACHABLE as error:
        log.warning("broker unavailable: %s (%s)", type(error).__name__, task)
        return False
    return True


def mark_dirty(schema: str) -> bool:
    """Note that ``schema`` has something to relay; True when that is news. With Redis away False."""
    try:
        return bool(_redis().sadd(_key(), schema))
    except _UNREACHABLE as error:
        log.warning("broker unavailable: %s (dirty schemas)", type(error).__name__)
        return False


def take_dirty() -> str | None:
    """Take one schema off the notes, or None when there is none, or no Redis."""
    try:
        taken = _redis().spop(_key())
    except _UNREACHABLE as error:
        log.warning("broker unavailable: %s (dirty schemas)", type(error).__name__)
        return None
    return taken.decode() if isinstance(taken, bytes) else None


def _key() -> str:
    # Two installations (development and tests) may share one Redis, never one database.
    return f"jiumai:{settings.DATABASES['default']['NAME']}:dirty"


@lru_cache(maxsize=1)
def _redis() -> Redis:
    # The library's own retries would make every order wait for seconds while Redis is away.
    return Redis.from_url(
        settings.REDIS_URL,
        socket_timeout=PATIENCE_S,
        socket_connect_timeout=PATIENCE_S,
        retry=Retry(NoBackoff(), 0),
    )
