"""The embedded servers, started for real in a folder of their own."""

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis

from infra.dev import servers
from infra.dev.places import CannotGoOn, Places, socket_folder
from infra.dev.postgres import Postgres
from infra.dev.redis_server import Redis


@pytest.fixture(scope="module")
def installation() -> Iterator[Places]:
    """One installation for all tests here; setting it up is what takes the time."""
    folder = Path(tempfile.mkdtemp(prefix="jiumai-servers-"))
    folder.chmod(0o755)  # PostgreSQL's own user must be able to walk there when the tests run as root
    place = Places(folder / "var")
    yield place
    servers.stop(place)
    Postgres(place).forget()
    shutil.rmtree(folder)


@pytest.fixture
def where(installation: Places, monkeypatch: pytest.MonkeyPatch) -> Iterator[Places]:
    for name in servers.VARIABLES:
        monkeypatch.delenv(name, raising=False)
    yield installation
    servers.stop(installation)


def _write(where: Places) -> None:
    with psycopg.connect(Postgres(where).url()) as connection:
        connection.execute("CREATE TABLE kept (word text)")
        connection.execute("INSERT INTO kept VALUES ('here')")


def _read(where: Places) -> str:
    with psycopg.connect(Postgres(where).url()) as connection:
        row = connection.execute("SELECT word FROM kept").fetchone()
    assert row is not None
    return str(row[0])


def test_data_outlives_a_stop_and_a_kill(where: Places) -> None:
    assert servers.start(where) == ("PostgreSQL 18 started.", "Redis started.")
    _write(where)
    assert servers.start(where) == ("PostgreSQL is already running.", "Redis is already running.")
    servers.stop(where)
    assert servers.status(where) == {"DATABASE_URL": False, "REDIS_URL": False}

    servers.start(where)
    assert _read(where) == "here"
    os.kill(int((Postgres(where).data / "postmaster.pid").read_text().split("\n", 1)[0]), signal.SIGKILL)
    with redis.Redis(unix_socket_path=str(Redis(where).socket)) as client:
        os.kill(client.info("server")["process_id"], signal.SIGKILL)

    postgres, redis_said = servers.start(where)
    assert postgres == (
        "A former PostgreSQL had not been stopped; its remains were cleared and its data recovered. "
        "PostgreSQL 18 started."
    )
    assert redis_said == "The socket of a former Redis was removed. Redis started."
    assert _read(where) == "here"


def test_the_last_to_leave_stops_them(where: Places) -> None:
    with servers.running(where):
        with servers.running(where):
            pass
        assert all(servers.status(where).values())
    assert not any(servers.status(where).values())


def test_the_product_s_role_is_a_plain_one(where: Places) -> None:
    servers.start(where)
    with psycopg.connect(Postgres(where).url()) as connection:
        assert connection.execute("SHOW search_path").fetchone() == ("public",)
        question = "SELECT rolsuper, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname = current_user"
        assert connection.execute(question).fetchone() == (False, True, False)


def test_named_servers_are_left_alone(where: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://elsewhere/db")
    monkeypatch.setenv("REDIS_URL", "redis://elsewhere")
    assert servers.start(where) == (
        "DATABASE_URL names a server: none is started.",
        "REDIS_URL names a server: none is started.",
    )
    assert servers.addresses(where)["DATABASE_URL"] == "postgresql://elsewhere/db"
    assert not any(servers.status(where).values())


def test_a_deep_path_gets_a_short_socket(tmp_path: Path) -> None:
    deep = tmp_path.joinpath(*["a-folder-with-a-long-name"] * 5)
    folder = socket_folder(deep, "redis.sock", owner=os.geteuid(), group=os.getegid())
    assert len(os.fsencode(folder / "redis.sock")) <= 107
    assert folder.stat().st_mode & 0o777 == 0o700
    folder.rmdir()


def test_another_user_s_data_is_refused(where: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    where.make()
    someone_else = os.geteuid() + 1
    monkeypatch.setattr(os, "geteuid", lambda: someone_else)
    with pytest.raises(CannotGoOn, match="belongs to"):
        where.make()
    monkeypatch.undo()
