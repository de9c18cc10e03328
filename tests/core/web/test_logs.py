"""What a log line says, and what none ever says."""

import io
import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import Error, connection
from django.test import RequestFactory
from django.urls import ResolverMatch
from pytest_django import Settings

from core.web import logs
from tests.clients import platform_client, visitor
from tests.portals import TestPortal


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """Everything logged, as production writes it."""
    text = io.StringIO()
    handler = logging.StreamHandler(text)
    handler.addFilter(logs.RequestFields())
    handler.setFormatter(logs.JsonLines())
    root = logging.getLogger()
    root.addHandler(handler)
    yield text
    root.removeHandler(handler)


def _last(lines: io.StringIO) -> dict[str, object]:
    found = json.loads(lines.getvalue().splitlines()[-1])
    assert isinstance(found, dict)
    return found


def test_the_line_of_a_request_has_its_route_time_and_statements(xinghe: TestPortal, lines: io.StringIO) -> None:
    visitor(xinghe).get("/sign-in/?next=/orders/13800138000", headers={"x-request-id": "abc-12345678"})
    line = _last(lines)
    assert {name: line[name] for name in ("level", "logger", "request_id", "schema", "seat")} == {
        "level": "INFO",
        "logger": "jiumai.request",
        "request_id": "abc-12345678",
        "schema": "t_xinghe",
        "seat": "-",
    }
    assert {name: line[name] for name in ("method", "route", "status")} == {
        "method": "GET",
        "route": "sign_in",
        "status": 200,
    }
    assert isinstance(line["ms"], float)
    assert isinstance(line["statements"], int)
    assert "13800138000" not in lines.getvalue()
    assert "next" not in lines.getvalue()


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("call 13800138000 now", "call <phone> now"),
        ("+86 13800138000", "<phone>"),
        ("mail li.min@example.com bounced", "mail <mail> bounced"),
        ("jm_0123456789abcdef_00112233445566778899aabbccddeeff", "<token>"),
        ("GET /reset/?token=abc&x=1 HTTP/1.1", "GET /reset/?… HTTP/1.1"),
        ("password=hunter2 and more", "password=… and more"),
        ("{'ticket': 'abc'}", "{'ticket': …"),
        ("postgresql://jiumai:pw@db/jiumai", "postgresql://…@db/jiumai"),
        ("order XH-20260112-0007 of 120000 fen", "order XH-20260112-0007 of 120000 fen"),
        ("01a204a4-3721-7313-8ef6-a24d1c865f87", "01a204a4-3721-7313-8ef6-a24d1c865f87"),
    ],
)
def test_the_net_below_the_rule(said: str, kept: str) -> None:
    assert logs.masked(said) == kept


def test_the_row_that_postgresql_repeats_is_left_out_of_a_traceback(db: None, lines: io.StringIO) -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("CREATE TEMPORARY TABLE t (v text UNIQUE) ON COMMIT DROP")
            cursor.execute("INSERT INTO t VALUES (%s), (%s)", [chr(0x5468) * 3] * 2)
    except Error:
        logging.getLogger("jiumai.test").exception("it broke")
    assert chr(0x5468) * 3 not in lines.getvalue()
    assert "UniqueViolation" in str(_last(lines)["exception"])


def test_django_s_own_lines_name_the_route(lines: io.StringIO) -> None:
    request = RequestFactory().get("/invitations/very-secret-word/")
    request.resolver_match = ResolverMatch(lambda: None, (), {}, url_name="invitation", route="invitations/<word>/")
    for logger in ("django.request", "django.security.csrf"):
        logging.getLogger(logger).error("Forbidden (%s): %s", "reason", request.path, extra={"request": request})
        assert _last(lines)["message"] == "Forbidden (reason): invitation"
    assert "very-secret-word" not in lines.getvalue()


def test_probes_are_not_told(db: None, lines: io.StringIO, settings: Settings, tmp_path: Path) -> None:
    settings.DRAIN_FILE = str(tmp_path / "draining")
    Path(settings.DRAIN_FILE).touch()
    answer = platform_client().get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"status": "draining"})
    assert lines.getvalue() == ""
