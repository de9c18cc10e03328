"""A Redis cache that forgets instead of failing: with Redis down every look-up is a miss and every write is lost."""

import logging
import time
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.exceptions import RedisError

from core.web.metrics import CACHE_MISSES

log = logging.getLogger(__name__)
PAUSE_S = 2.0
"""How long Redis is left alone after it did not answer: else every look-up of a page would wait for it."""

_resting_until = 0.0


class KeptClient(RedisCacheClient):
    """Django's client that is made once a server: a new one for every look-up costs more than the look-up."""

    def __init__(self, servers: Any, **options: Any) -> None:
        super().__init__(servers, **options)
        self._kept: dict[bool, Any] = {}

    def get_client(self, key: Any = None, *, write: bool = False) -> Any:
        """The client for reading or writing; it takes a connection of its pool for every command."""
        if write not in self._kept:
            self._kept[write] = super().get_client(key, write=write)
        return self._kept[write]


class ForgivingRedisCache(RedisCache):
    """Django's Redis cache; ``RedisError`` becomes a miss. Callers that need the truth read the database."""

    def __init__(self, server: Any, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = KeptClient

    def _or_miss(self, call: Callable[[], Any], miss: Any) -> Any:
        global _resting_until  # noqa: PLW0603 - one Redis, one state of it
        if time.monotonic() < _resting_until:
            CACHE_MISSES.inc()
            return miss
        try:
            return call()
        except (RedisError, OSError) as error:
            _resting_until = time.monotonic() + PAUSE_S
            CACHE_MISSES.inc()
            log.warning("cache unavailable: %s", type(error).__name__)
            return miss

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        """The value, or ``default``."""
        return self._or_miss(lambda: super(ForgivingRedisCache, self).get(key, default, version), default)

    def get_many(self, keys: Any, version: int | None = None) -> dict[Any, Any]:
        """The values there are, in one round trip."""
        return dict(self._or_miss(lambda: super(ForgivingRedisCache, self).get_many(keys, version), {}))

    def set(self, key: Any, value: Any, timeout: Any = 300, version: int | None = None) -> None:
        """Keep the value if Redis is there."""
        self._or_miss(lambda: super(ForgivingRedisCache, self).set(key, value, timeout, version), None)

    def set_many(self, data: Any, timeout: Any = 300, version: int | None = None) -> list[Any]:
        """Keep the values; the keys that could not be kept."""
        return list(self._or_miss(lambda: super(ForgivingRedisCache, self).set_many(data, timeout, version), [*data]))

    def add(self, key: Any, value: Any, timeout: Any = 300, version: int | None = None) -> bool:
        """Keep the value where there is none; True also when Redis is away."""
        return bool(self._or_miss(lambda: super(ForgivingRedisCache, self).add(key, value, timeout, version), True))

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> int:
        """Count up; 0 when Redis is away: nobody is stopped for its sake. ``ValueError`` when there is no such key."""
        return int(self._or_miss(lambda: super(ForgivingRedisCache, self).incr(key, delta, version), 0))

    def touch(self, key: Any, timeout: Any = 300, version: int | None = None) -> bool:
        """Keep the value longer."""
        return bool(self._or_miss(lambda: super(ForgivingRedisCache, self).touch(key, timeout, version), False))

    def delete(self, key: Any, version: int | None = None) -> bool:
        """Forget the value."""
        return bool(self._or_miss(lambda: super(ForgivingRedisCache, self).delete(key, version), False))

    def delete_many(self, keys: Any, version: int | None = None) -> None:
        """Forget the values."""
        self._or_miss(lambda: super(ForgivingRedisCache, self).delete_many(keys, version), None)

    def has_key(self, key: Any, version: int | None = None) -> bool:
        """Whether there is a value."""
        return bool(self._or_miss(lambda: super(ForgivingRedisCache, self).has_key(key, version), False))
