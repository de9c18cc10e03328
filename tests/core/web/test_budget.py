"""What a signed-in page costs before it does anything: one statement, two round trips to Redis."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast
from tests.clients import HostClient, visitor


@pytest.fixture
def cache_calls(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    calls: list[str] = []
    inside: list[str] = []
    shared = caches["shared"]
    for name in ("get", "get_many", "set", "set_many", "add", "incr", "delete", "touch", "has_key"):
        original = getattr(shared, name)

        def counted(*args: Any, _name: str = name, _original: Any = original, **options: Any) -> Any:
            if not inside:  # the cache of tests gets many by getting each; Redis has one round trip for it
                calls.append(_name)
            inside.append(_name)
            try:
                return _original(*args, **options)
            finally:
                inside.pop()

        monkeypatch.setattr(shared, name, counted)
    yield calls


def statements(client: HostClient, path: str) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return [q["sql"] for q in captured.captured_queries if not q["sql"].startswith(("SET", "BEGIN", "COMMIT"))]


def test_a_signed_in_page_costs_one_statement_and_two_look_ups(cast: Cast, cache_calls: list[str]) -> None:
    client = cast.client(cast.buyer_c1)
    statements(client, "/me/")
    cache_calls.clear()
    found = statements(client, "/me/")
    assert len(found) == 1
    assert "access_seat" in found[0]
    assert cache_calls == ["get", "get_many"]


def test_a_call_with_a_token_costs_one_statement_and_one_look_up(cast: Cast, cache_calls: list[str]) -> None:
    client = visitor(cast.portal)
    client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {cast.token(cast.buyer_c1)}"
    statements(client, "/api/v1/echo")
    cache_calls.clear()
    found = statements(client, "/api/v1/echo")
    assert len(found) == 1
    assert "access_apitoken" in found[0]
    assert cache_calls == ["get"]


def test_a_page_for_nobody_costs_no_statement(cast: Cast) -> None:
    client = visitor(cast.portal)
    statements(client, "/")
    assert statements(client, "/") == []
