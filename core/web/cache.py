"""A Redis cache that forgets instead of failing: with Redis down every look-up is a miss and every write is lost."""

import logging
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

log = logging.getLogger(__name__)


class ForgivingRedisCache(RedisCache):
    """Django's Redis cache; ``RedisError`` becomes a miss. Callers that need the truth read the database."""

    def _or_miss(self, call: Callable[[], Any], miss: Any) -> Any:
        try:
            return call()
        except (RedisError, OSError) as error:
            log.warning("cache unavailable: %s", type(error).__name__)
            return miss

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return self._or_miss(lambda: super(ForgivingRedisCache, self).get(key, default, version), default)

    def set(self, key: Any, value: Any, timeout: Any = 300, version: int | None = None) -> None:
        self._or_miss(lambda: super(ForgivingRedisCache, self).set(key, value, timeout, version), None)

    def add(self, key: Any, value: Any, timeout: Any = 300, version: int | None = None) -> bool:
        return bool(self._or_miss(lambda: super(ForgivingRedisCache, self).add(key, value, timeout, version), True))

    def delete(self, key: Any, version: int | None = None) -> bool:
        return bool(self._or_miss(lambda: super(ForgivingRedisCache, self).delete(key, version), False))

    def has_key(self, key: Any, version: int | None = None) -> bool:
        return bool(self._or_miss(lambda: super(ForgivingRedisCache, self).has_key(key, version), False))
