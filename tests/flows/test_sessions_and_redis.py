"""A session ended while Redis is away stays ended when Redis comes back with what it knew before."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

import pytest
from pytest_django import DjangoDbBlocker
from redis import Redis as Client

from core.db.acts import public
from core.web.models import StaleSession
from core.web.sessions import PREFIX, TRUST_S
from infra.dev.places import Places
from infra.dev.redis_server import Redis
from tests.flows.world import Room, room
from tests.live import Caller, Reply
from tests.portals import XINGHE

pytestmark = pytest.mark.flows
CSRF = "b" * 32
LOOKED_AT_S = 4.0


def test_ended_while_redis_was_away(django_db_blocker: DjangoDbBlocker, tmp_path: Path) -> None:
    with (
        django_db_blocker.unblock(),
        own_redis(tmp_path) as server,
        room("ended", tmp_path, redis=server.url()) as world,
    ):
        lost, kept = world.cookie("buyer_c1"), world.cookie("buyer_c1")
        assert [me(world, cookie).status for cookie in (lost, kept)] == [200, 200]
        assert in_redis(server, lost)
        server.stop()
        assert end_all_others(world, kept).status == 302
        assert me(world, lost).status == 401, "without Redis the database is asked"
        assert me(world, kept).status == 200
        assert notes() >= 1
        time.sleep(TRUST_S + 0.5)
        server.start()
        assert in_redis(server, lost), "Redis has slept through it"
        end = time.monotonic() + LOOKED_AT_S
        while time.monotonic() < end:
            assert me(world, lost).status == 401
            assert me(world, kept).status == 200
        assert notes() == 0, "what Redis had missed is settled"


@contextmanager
def own_redis(folder: Path) -> Iterator[Redis]:
    """A Redis of this test alone, which may be stopped."""
    places = Places(folder / "redis")
    places.make()
    server = Redis(places)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def notes() -> int:
    with public():
        return StaleSession.objects.count()


def in_redis(server: Redis, key: str) -> bool:
    with Client(unix_socket_path=str(server.socket)) as client:
        return any(PREFIX.encode() + key.encode() in name for name in client.scan_iter())


def caller(world: Room, cookie: str) -> Caller:
    return Caller(world.product.port, XINGHE.host, cookie=f"jm={cookie}; jmc={CSRF}")


def me(world: Room, cookie: str) -> Reply:
    with caller(world, cookie) as one:
        return one.get("/api/v1/me")


def end_all_others(world: Room, cookie: str) -> Reply:
    with caller(world, cookie) as one:
        form = urlencode({"others": "1", "csrfmiddlewaretoken": CSRF}).encode()
        return one.send("POST", "/sessions/end/", form, headers={"Content-Type": "application/x-www-form-urlencoded"})
