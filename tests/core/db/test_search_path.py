"""The wrapper believes the server, not a note of its own."""

import pytest
from django.db import DatabaseError, transaction
from django.test.utils import CaptureQueriesContext

from core.db.acts import brand_schema, connection
from tests.portals import TestPortal


def server_path() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW search_path")
        return str(cursor.fetchone()[0])


def sets_in(captured: CaptureQueriesContext) -> int:
    return sum(query["sql"].startswith("SET search_path") for query in captured.captured_queries)


def test_the_path_is_set_once_however_many_statements_follow(xinghe: TestPortal) -> None:
    server_path()
    with CaptureQueriesContext(connection) as captured:
        assert [server_path() for _ in range(5)] == ["t_xinghe"] * 5
    assert sets_in(captured) == 0


def test_the_path_follows_a_change_of_brand(xinghe: TestPortal) -> None:
    seen = []
    for schema in ("t_chishui", "t_xinghe", "public", "t_chishui"):
        with brand_schema(schema):
            seen.append(server_path())
    assert seen == ["t_chishui", "t_xinghe", "public", "t_chishui"]
    assert server_path() == "t_xinghe"


def test_a_path_undone_by_a_rollback_is_set_again(xinghe: TestPortal) -> None:
    """A session's SET is undone with its transaction; a note of one's own would still believe it."""
    server_path()
    with pytest.raises(DatabaseError), transaction.atomic():
        connection.set_schema("t_chishui", include_public=False)
        assert server_path() == "t_chishui"
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1/0")
    assert server_path() == "t_chishui"
    connection.set_schema("t_xinghe", include_public=False)
    assert server_path() == "t_xinghe"


def test_a_path_changed_behind_our_back_is_noticed(xinghe: TestPortal) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET search_path = t_chishui")
    assert server_path() == "t_xinghe"
