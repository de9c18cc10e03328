"""An ended session stays ended: whoever reads or writes it at the same moment, and with Redis away meanwhile."""

from collections.abc import Iterator

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.models import Session
from django.core.cache import caches
from django.core.cache.backends.base import BaseCache
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from core.db.acts import public
from core.web import cache, sessions
from core.web.cache import ForgivingRedisCache
from core.web.models import StaleSession
from core.web.sessions import PREFIX, TRUST, SessionStore, bury, forget, settle
from tests.portals import TestPortal


@pytest.fixture
def key(xinghe: TestPortal) -> str:
    """A session in the database, in the cache, and believed."""
    store = SessionStore()
    store["name"] = "value"
    store.save()
    assert settle()
    return str(store.session_key)


class Redis:
    """The shared cache, which may go away and come back with all it knew before."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.there = caches["shared"]
        self.away = ForgivingRedisCache("unix:///nowhere/redis.sock", {"OPTIONS": {"socket_connect_timeout": 0.2}})
        monkeypatch.setattr(cache, "_resting_until", 0.0)

    def leave(self) -> None:
        caches["shared"] = self.away

    def come_back(self, *, after_s: float = 0) -> None:
        caches["shared"] = self.there
        if after_s > sessions.TRUST_S:
            self.there.delete(TRUST)


@pytest.fixture
def redis(monkeypatch: pytest.MonkeyPatch) -> Iterator[Redis]:
    found = Redis(monkeypatch)
    yield found
    found.come_back()


def end(key: str) -> None:
    with public():
        with transaction.atomic():
            forget([key])
        bury([key])


def found(key: str) -> dict[str, object]:
    """What a request of another process would read."""
    return dict(SessionStore(key).load())


def cached(key: str) -> object:
    shared: BaseCache = caches["shared"]
    return shared.get(PREFIX + key)


def test_a_session_is_read_from_the_cache_alone(key: str) -> None:
    with CaptureQueriesContext(connection) as captured:
        assert found(key) == {"name": "value"}
    assert captured.captured_queries == []


def test_an_ended_session_is_gone_at_once(key: str) -> None:
    end(key)
    assert found(key) == {}
    with public():
        assert not Session.objects.exists()
        assert not StaleSession.objects.exists()


def test_a_reader_who_was_there_a_moment_before_does_not_bring_it_back(
    key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    caches["shared"].delete(PREFIX + key)
    read = SessionStore._get_session_from_db  # type: ignore[attr-defined]  # the stubs leave it out

    def slowly(self: SessionStore) -> object:
        row = read(self)
        end(key)
        return row

    with monkeypatch.context() as patch:
        patch.setattr(SessionStore, "_get_session_from_db", slowly)
        assert found(key) == {"name": "value"}, "that one request was there before"
    assert found(key) == {}


def test_a_request_under_way_cannot_write_it_back(key: str) -> None:
    store = SessionStore(key)
    store["name"] = "other"
    end(key)
    with pytest.raises(UpdateError):
        store.save()
    assert found(key) == {}


def test_flushing_buries_the_old_key(key: str) -> None:
    SessionStore(key).flush()
    assert found(key) == {}
    assert cached(key) == sessions.TOMBSTONE


def test_a_new_key_takes_the_data_along(key: str) -> None:
    store = SessionStore(key)
    store.cycle_key()
    store.save()
    assert found(str(store.session_key)) == {"name": "value"}
    assert found(key) == {}


def test_ended_while_redis_is_away_it_stays_ended_when_redis_is_back(key: str, redis: Redis) -> None:
    redis.leave()
    end(key)
    assert found(key) == {}, "without Redis the database is asked"
    redis.come_back(after_s=6)
    assert cached(key) == {"name": "value"}, "Redis has slept through it"
    assert found(key) == {}
    assert cached(key) == sessions.TOMBSTONE
    with public():
        assert not StaleSession.objects.exists(), "the note is settled"


def test_changed_while_redis_is_away_the_change_is_seen_when_redis_is_back(key: str, redis: Redis) -> None:
    redis.leave()
    store = SessionStore(key)
    store["name"] = "newer"
    store.save()
    redis.come_back(after_s=6)
    assert found(key) == {"name": "newer"}


def test_one_who_finds_no_trust_settles_for_all(key: str, redis: Redis) -> None:
    other = SessionStore()
    other["name"] = "other"
    other.save()
    redis.leave()
    end(key)
    redis.come_back(after_s=6)
    with CaptureQueriesContext(connection) as captured:
        assert found(str(other.session_key)) == {"name": "other"}
    asked = [query["sql"] for query in captured.captured_queries if "stalesession" in query["sql"]]
    assert len(asked) == 3, "notes, their settling, and that no more are left"
    with CaptureQueriesContext(connection) as captured:
        assert found(str(other.session_key)) == {"name": "other"}
    assert captured.captured_queries == []


def test_nothing_is_believed_while_the_notes_cannot_be_settled(
    key: str, redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    redis.leave()
    end(key)
    redis.come_back(after_s=6)
    monkeypatch.setattr(redis.there, "set_many", lambda data, timeout=None, version=None: [*data])  # takes no writes
    assert found(key) == {}
    with public():
        assert StaleSession.objects.get().session_key == key


def test_a_session_of_another_version_of_the_product_is_read_from_the_database(
    key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreadable(*_: object, **__: object) -> None:
        raise ValueError("unsupported pickle protocol")

    monkeypatch.setattr(caches["shared"], "get_many", unreadable)
    assert found(key) == {"name": "value"}
