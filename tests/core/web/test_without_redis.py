"""Redis away: everything is slower and nobody notices more."""

from collections.abc import Iterator

import pytest
from django.core.cache import caches

from core.web import cache
from core.web.cache import ForgivingRedisCache
from core.web.throttling import Throttle
from tests.cast import Cast


@pytest.fixture
def no_redis(monkeypatch: pytest.MonkeyPatch) -> Iterator[ForgivingRedisCache]:
    away = ForgivingRedisCache("unix:///nowhere/redis.sock", {"OPTIONS": {"socket_connect_timeout": 0.2}})
    monkeypatch.setattr(cache, "_resting_until", 0.0)
    before = caches["shared"]
    caches["shared"] = away
    yield away
    caches["shared"] = before


def test_every_call_is_a_miss(no_redis: ForgivingRedisCache) -> None:
    no_redis.set("a", 1)
    assert no_redis.get("a", "miss") == "miss"
    assert no_redis.get_many(["a"]) == {}
    assert no_redis.add("a", 1) is True
    assert no_redis.incr("a") == 0
    assert no_redis.delete("a") is False
    assert no_redis.has_key("a") is False


def test_it_is_left_alone_for_a_while_after_a_failure(
    no_redis: ForgivingRedisCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries = 0

    def failing(*_: object) -> None:
        nonlocal tries
        tries += 1
        raise ConnectionRefusedError

    monkeypatch.setattr("django.core.cache.backends.redis.RedisCacheClient.get", failing)
    for _ in range(10):
        no_redis.get("a")
    assert tries == 1


def test_somebody_signed_in_stays_signed_in(cast: Cast, no_redis: ForgivingRedisCache) -> None:
    assert cast.client(cast.buyer_c1).get("/me/").status_code == 200


def test_readiness_says_degraded_and_ready(cast: Cast, no_redis: ForgivingRedisCache) -> None:
    answer = cast.client(cast.buyer_c1).get("/readyz")
    assert (answer.status_code, answer.json()["redis"]) == (200, "degraded")


def test_a_throttle_stops_nobody(no_redis: ForgivingRedisCache) -> None:
    throttle = Throttle("test", limit=1, window_s=60)
    assert [throttle.try_once("a") for _ in range(5)] == [0] * 5
