"""A replayed schema is a migrated one, made in a fraction of the time, whole or not at all."""

import logging
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.db import connection
from pytest_django import DjangoDbBlocker, Settings

from core.db import replay
from core.db.acts import WallError, act, brand_schema, public
from core.db.schemas import build_schema, claim_empty, drop_schema, migrate_schema, schema_exists
from tests.core.db.catalog import catalog, rows_elsewhere
from tests.database import test_database
from tests.live import database_url

log = logging.getLogger(__name__)
MOST_DATABASE_S = 0.5


@pytest.fixture(scope="module")
def database(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """A database of this module: what is made here is really committed."""
    name = f"{connection.settings_dict['TEST']['NAME']}_replay"
    with django_db_blocker.unblock(), test_database(name):
        yield name


def test_a_replayed_schema_equals_a_migrated_one(database: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA t_migrated")
    migrate_schema("t_migrated")
    assert build_schema("t_replayed")
    migrated, replayed = catalog("t_migrated"), catalog("t_replayed")
    assert migrated.keys() == replayed.keys()
    for kind, objects in migrated.items():
        assert replayed[kind] == objects, kind
    assert all(migrated[kind] for kind in ("columns", "constraints", "indexes", "triggers", "functions", "sequences"))
    assert rows_elsewhere("t_replayed") == rows_elsewhere("t_migrated")


def test_migrating_a_replayed_schema_changes_nothing(database: str) -> None:
    build_schema("t_twice")
    before = catalog("t_twice")
    migrate_schema("t_twice")
    assert catalog("t_twice") == before


def test_it_takes_half_a_second_of_the_database_at_most(database: str) -> None:
    replay.text()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        server = Path("/proc", str(cursor.fetchone()[0]))
    took, worked = [], []
    for number in range(8):
        began, before = time.perf_counter(), _work_of(server)
        build_schema(f"t_quick{number}")
        took.append(time.perf_counter() - began)
        worked.append(_work_of(server) - before)
    took.sort()
    worked.sort()
    log.warning("replay of one schema: median %.3f s by the clock, %.3f s of the server's own", took[4], worked[4])
    assert worked[4] <= MOST_DATABASE_S


def _work_of(server: Path) -> float:
    """Seconds the server has worked for this connection: the clock's would count what else the machine does."""
    try:
        return int((server / "schedstat").read_text().split()[0]) / 1e9
    except OSError:  # a server on another machine
        return time.perf_counter()


def test_a_schema_is_there_whole_or_not_at_all(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = replay.text() + "\nCREATE TABLE t_0template_name.never (id integer REFERENCES nowhere);"
    monkeypatch.setattr(replay, "text", lambda: broken)
    with pytest.raises(Exception, match="nowhere"):
        build_schema("t_broken")
    assert not schema_exists("t_broken")
    monkeypatch.undo()
    assert build_schema("t_broken")


def test_many_makers_of_one_schema_make_it_once(database: str) -> None:
    made: list[bool] = []

    def make() -> None:
        try:
            made.append(build_schema("t_wanted"))
        finally:
            connection.close()

    makers = [threading.Thread(target=make) for _ in range(4)]
    for maker in makers:
        maker.start()
    for maker in makers:
        maker.join()
    assert sorted(made) == [False, False, False, True]


def test_many_makers_of_the_text_make_one(database: str, settings: Settings, tmp_path: Path) -> None:
    settings.SCHEMA_TEXTS = tmp_path
    texts: list[str] = []

    def make() -> None:
        try:
            texts.append(replay.text())
        finally:
            connection.close()

    makers = [threading.Thread(target=make) for _ in range(2)]
    for maker in makers:
        maker.start()
    for maker in makers:
        maker.join()
    assert len(texts) == 2
    assert texts[0] == texts[1]
    assert [path.name for path in tmp_path.glob("*.sql")] == [f"{replay.key()}.sql"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_namespace WHERE nspname LIKE 't\\_0template\\_%%'")
        assert cursor.fetchone() == (0,)
    for word in ("restrict", "SET ", "set_config"):
        assert not [line for line in texts[0].splitlines() if line.startswith(word)]


def test_the_connection_comes_out_as_it_was(database: str) -> None:
    with brand_schema("t_xinghe"):
        build_schema("t_after")
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('search_path'), current_setting('check_function_bodies')")
            assert cursor.fetchone() == ("t_xinghe", "on")


def test_an_empty_schema_is_filled_and_a_full_one_left_alone(database: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA t_empty")
        cursor.execute("COMMENT ON SCHEMA t_empty IS 'kept'")
    assert build_schema("t_empty")
    assert not build_schema("t_empty")
    with connection.cursor() as cursor:
        cursor.execute("SELECT obj_description('t_empty'::regnamespace)")
        assert cursor.fetchone() == ("kept",)
    with public(), act():
        drop_schema("t_empty")
        drop_schema("t_empty")
    assert not schema_exists("t_empty")


@pytest.mark.parametrize(
    "name", ["public", "xinghe", "t_", "t_A", 't_a"; DROP SCHEMA public', "t_酒", "t_0template_name", "t_" + "a" * 61]
)
def test_only_a_brands_name_is_a_schema(database: str, name: str) -> None:
    with pytest.raises(ValueError, match="cannot be a brand's schema"):
        build_schema(name)
    with public(), pytest.raises(ValueError, match="cannot be a brand's schema"), act():
        claim_empty(name)


def test_the_text_is_not_made_inside_a_transaction(database: str, settings: Settings, tmp_path: Path) -> None:
    settings.SCHEMA_TEXTS = tmp_path
    with public(), act(), pytest.raises(WallError):
        replay.text()


def test_a_maker_that_was_killed_leaves_nothing_for_long(database: str, settings: Settings, tmp_path: Path) -> None:
    settings.SCHEMA_TEXTS = tmp_path
    (tmp_path / f"{replay.key()}.half").write_text("CREATE TABLE t_0template_name.half")
    with psycopg.connect(database_url(database), autocommit=True) as other:
        other.execute("CREATE SCHEMA t_0template_1600000000_dead")
        replay.text()
        left = other.execute("SELECT nspname FROM pg_namespace WHERE starts_with(nspname, 't_0')").fetchall()
    assert left == []
