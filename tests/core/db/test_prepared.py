"""Statements the server keeps prepared: asked in two brands over one connection, each answers from its own tables.

Each brand has its own, so that the next brand's request does not have everything planned anew.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psycopg
import pytest
from django.db import DataError, transaction
from django.db.backends.utils import CursorDebugWrapper
from django.test.utils import CaptureQueriesContext

from core.db import sql
from core.db.acts import act, connection
from core.db.postgres import prepared
from core.kernel.errors import Busy
from dms.dealers.models import PriceGroup
from tests.portals import CHISHUI, XINGHE, TestPortal

ASKED = "SELECT string_agg(code, ',') FROM dealers_pricegroup WHERE name = %(name)s"


def test_a_prepared_statement_follows_the_search_path(xinghe: TestPortal, chishui: TestPortal) -> None:
    PriceGroup.objects.create(code="X", name="甲组")
    with chishui.inside():
        PriceGroup.objects.create(code="C", name="甲组")
    answers = []
    for _ in range(8):
        for portal in (XINGHE, CHISHUI):
            with portal.inside():
                answers.append(sql.row(ASKED, {"name": "甲组"}))
    assert answers == [("X",), ("C",)] * 8
    assert _kept_by_the_server(ASKED) == 3, "one all shared at first, then one a brand: so no turn plans anew"


def test_brands_too_many_to_be_kept_share_one(xinghe: TestPortal, monkeypatch: pytest.MonkeyPatch) -> None:
    with sole_connection():
        prepared.apart(connection.connection)
        monkeypatch.setattr(connection.connection, "prepared_max", 20)
        for _ in range(8):
            for portal in (XINGHE, CHISHUI):
                with portal.inside():
                    for number in range(12):
                        sql.row(f"SELECT 'shared-{number}' WHERE %(name)s <> ''", {"name": "甲组"})
        assert _kept_by_the_server("SELECT 'shared-") == 12


def test_a_connection_keeps_no_more_than_its_most(xinghe: TestPortal, monkeypatch: pytest.MonkeyPatch) -> None:
    with sole_connection():
        prepared.apart(connection.connection)
        monkeypatch.setattr(connection.connection, "prepared_max", 3)
        for number in range(8):
            for _ in range(5):
                sql.row(f"SELECT 'kept-{number}' WHERE %(name)s <> ''", {"name": "甲组"})
        assert 0 < _kept_by_the_server("SELECT 'kept-") <= 4, "the newest may stand beside the one that is going"


def test_what_is_undone_leaves_the_plans(xinghe: TestPortal) -> None:
    def undone() -> None:
        with suppress(Undone), transaction.atomic():
            sql.row("SELECT 'undone' WHERE %(name)s <> ''", {"name": "甲组"})
            raise Undone

    with sole_connection():
        for _ in range(8):
            undone()
        first = _names_kept("SELECT 'undone'")
        assert first
        for _ in range(8):
            undone()
        assert _names_kept("SELECT 'undone'") == first
        connection.connection.execute("CREATE TEMPORARY TABLE gone (a int)")
        connection.connection.execute("ALTER TABLE gone ADD b int")
        assert not _names_kept("SELECT 'undone'"), "what changes tables has all planned anew"


def test_a_statement_that_fails_time_and_again_has_one_plan(xinghe: TestPortal) -> None:
    with sole_connection():
        for _ in range(8):
            with suppress(DataError), act():
                sql.row("SELECT 1 / (length(%(name)s) - 2)", {"name": "甲组"})
        assert len(_names_kept("SELECT 1 / (length")) <= 2, "one of its own, one shared"


def test_one_query_of_two_types_is_two_statements(xinghe: TestPortal) -> None:
    with sole_connection():
        prepared.apart(connection.connection)
        bare = psycopg.RawCursor(connection.connection)
        for _ in range(8):
            bare.executemany("SELECT $1 + 0", [(1,)], returning=True)
        bare.executemany("SELECT $1 + 0", [(1,), (2**40,)], returning=True)
        assert (bare.fetchone(), bare.nextset(), bare.fetchone()) == ((1,), True, (2**40,))


def test_a_brand_that_was_migrated_is_planned_anew(xinghe: TestPortal) -> None:
    """Outside of a transaction at once; inside of one the act is refused as busy, and its next try goes well."""
    with sole_connection():
        _elsewhere("CREATE TABLE migrated AS SELECT 1 AS a")
        try:
            assert _asked_often() == (1,)
            _elsewhere("ALTER TABLE migrated ADD b int DEFAULT 2")
            assert _asked_often() == (1, 2)
            _elsewhere("ALTER TABLE migrated ADD c int DEFAULT 3")
            with pytest.raises(Busy), act():
                _asked_often()
            with act():
                assert _asked_often() == (1, 2, 3)
        finally:
            _elsewhere("DROP TABLE migrated")


def _asked_often() -> sql.Row | None:
    return [sql.row("SELECT * FROM migrated WHERE %(name)s <> ''", {"name": "甲组"}) for _ in range(8)][-1]


def _elsewhere(statement: str) -> None:
    """What another process does to the brand's tables."""
    about = connection.get_connection_params() | {"autocommit": True, "prepare_threshold": None}
    with psycopg.connect(**about) as other:
        other.execute(f"SET search_path = {connection.schema_name}")
        other.execute(statement)


def test_a_long_answer_is_not_kept(xinghe: TestPortal) -> None:
    few = connection.prepared_cursor()
    sql.rows("SELECT generate_series(1, %(many)s::int)", {"many": 10})
    assert connection.prepared_cursor() is few
    assert len(sql.rows("SELECT generate_series(1, %(many)s::int)", {"many": sql.MANY_ROWS + 1})) == sql.MANY_ROWS + 1
    assert connection.prepared_cursor() is not few


def test_a_connection_found_dead_takes_its_cursor_along(xinghe: TestPortal) -> None:
    with sole_connection():
        sql.row("SELECT 1", {})
        dead = connection.connection
        connection.health_check_enabled, connection.health_check_done = True, False
        dead.close()
        try:
            assert sql.row("SELECT 1", {}) == (1,)
            assert connection.connection is not dead
        finally:
            connection.health_check_enabled = False


def test_what_was_prepared_before_is_gone_on_with(xinghe: TestPortal) -> None:
    with sole_connection():
        bare = connection.connection
        for number in (1, 2):
            bare.execute(f"SELECT 'before-{number}' WHERE %s <> ''", ["甲组"], prepare=True)
        for number in (1, 2, 3):
            for _ in range(6):
                assert sql.row(f"SELECT 'after-{number}' WHERE %(name)s <> ''", {"name": "甲组"}) is not None
                assert bare.execute("SELECT 'before-1' WHERE %s <> ''", ["甲组"]).fetchone() is not None


class Undone(Exception):
    """Ends a transaction."""


def _kept_by_the_server(statement: str) -> int:
    return len(_names_kept(statement))


def _names_kept(statement: str) -> set[str]:
    start = statement[:30]
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM pg_prepared_statements WHERE starts_with(statement, %s)", [start])
        return {str(name) for (name,) in cursor.fetchall()}


def test_a_connection_keeps_one_cursor_and_a_new_connection_has_its_own(xinghe: TestPortal) -> None:
    first = connection.prepared_cursor()
    assert connection.prepared_cursor() is first
    with CaptureQueriesContext(connection) as seen:
        assert sql.row("SELECT 1", {}) == (1,)
    assert [query["sql"] for query in seen.captured_queries] == ["SELECT 1"]
    kept = connection.prepared_cursor()
    assert not isinstance(kept, CursorDebugWrapper), "a log of statements is over when its block is"
    with sole_connection():
        assert connection.prepared_cursor() is not kept
        assert sql.row("SELECT 2", {}) == (2,)


@contextmanager
def sole_connection() -> Iterator[None]:
    """Another connection of this thread inside the block, in no transaction; the test's own, with its own, after it."""
    about = ("connection", "in_atomic_block", "atomic_blocks", "savepoint_ids", "needs_rollback", "autocommit")
    kept = {name: getattr(connection, name) for name in (*about, "run_on_commit", "health_check_done")}
    try:
        connection.connect()
        yield
        connection.connection.close()
    finally:
        for name, value in kept.items():
            setattr(connection, name, value)


def test_names_are_placed_once_each_whatever_their_number(xinghe: TestPortal) -> None:
    many = {f"n{number}": number for number in range(70)}
    words = " + ".join(f"%({name})s::int + %({name})s::int" for name in many)
    assert sql.row(f"SELECT {words}, 7 %% 4, 'a%%b'", many) == (2 * sum(many.values()), 3, "a%b")


def test_lists_arrive_as_they_were(xinghe: TestPortal) -> None:
    texts = ["", "a", 'a"b', "a\\b", "NULL", "null", "a,b", "{a}", "五粮液", '","', "\\", '"']
    for some in (texts, texts[:2], texts[2:3], texts[9:10], [], [*texts, None]):
        assert sql.row("SELECT %(some)s::text[]", {"some": some}) == (some,)
    for numbers in ([], [0], [1, -2, 9_000_000_000_000_000], [1, None]):
        assert sql.row("SELECT %(some)s::bigint[]", {"some": numbers}) == (numbers,)
