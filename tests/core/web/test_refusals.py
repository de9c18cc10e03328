"""A refusal reads the same through page, HTMX and API; a bug stays a bug."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import OperationalError, connection

from tests.cast import Cast
from tests.clients import HostClient, visitor
from tests.portals import TestPortal

STATUSES = {"invalid": 422, "forbidden": 403, "missing": 404, "conflict": 409, "busy": 503, "several": 422}


@pytest.fixture
def guest(xinghe: TestPortal) -> HostClient:
    return visitor(xinghe, raise_request_exception=False)


@pytest.mark.parametrize(("kind", "status"), STATUSES.items())
def test_a_page_answers_a_refusal_with_its_status(guest: HostClient, kind: str, status: int) -> None:
    answer = guest.get(f"/refuse/{kind}/")
    assert answer.status_code == status
    assert answer["Content-Type"] == "text/html; charset=utf-8"
    assert (answer.headers.get("Retry-After") == "2") is (status == 503)


def test_a_page_names_every_line_of_a_refusal(guest: HostClient) -> None:
    words = guest.get(
        "/refuse/several/", headers={"accept-language": "en"}, HTTP_COOKIE="jm_language=en"
    ).content.decode()
    assert "Line 1: Only 7 left." in " ".join(words.split())
    assert "Line 3:" in words


@pytest.mark.parametrize(("kind", "status"), STATUSES.items())
def test_htmx_gets_a_toast_and_keeps_what_it_shows(guest: HostClient, kind: str, status: int) -> None:
    answer = guest.get(f"/refuse/{kind}/", headers={"hx-request": "true"})
    assert (answer.status_code, answer["HX-Reswap"]) == (status, "none")
    assert b"<html" not in answer.content


@pytest.mark.parametrize(("kind", "status"), STATUSES.items())
def test_the_api_answers_a_refusal_with_a_problem(cast: Cast, kind: str, status: int) -> None:
    answer = cast.client(cast.buyer_c1).get(f"/api/v1/refuse/{kind}")
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["status"] == status


def test_a_problem_names_code_line_field_and_figures(cast: Cast) -> None:
    body = cast.client(cast.buyer_c1).get("/api/v1/refuse/several").json()
    first, second = body["errors"]
    assert (body["code"], body["type"]) == ("refused", "urn:jiumai:problem:refused")
    assert (first["code"], first["line"], first["field"], first["fields"]) == (
        "probe.invalid",
        1,
        "quantity",
        {"free": 7},
    )
    assert first["detail"] == "Only 7 left."
    assert (second["code"], second["line"], second["field"]) == ("probe.other", 3, None)


def test_a_bug_is_a_calm_page_and_a_problem(guest: HostClient) -> None:
    assert guest.get("/bug/").status_code == 500
    answer = guest.get("/api/v1/bug")
    assert (answer.status_code, answer["Content-Type"]) == (500, "application/problem+json")
    assert "a bug" not in answer.content.decode()


def test_what_the_database_cannot_hold_is_refused(guest: HostClient) -> None:
    assert guest.get("/too-much/").status_code == 422


@pytest.fixture
def held_lock(xinghe: TestPortal) -> Iterator[None]:
    parameters: dict[str, Any] = connection.get_connection_params()
    with psycopg.connect(**{k: v for k, v in parameters.items() if k in ("dbname", "user", "host", "port")}) as other:
        other.execute("SELECT pg_advisory_xact_lock(4711)")
        yield


def test_a_lock_not_to_be_had_is_busy_outside_acts_too(guest: HostClient, held_lock: None) -> None:
    answer = guest.get("/lock/")
    assert (answer.status_code, answer["Retry-After"]) == (503, "2")


def test_a_database_away_is_a_503_wherever_it_is_noticed(
    guest: HostClient, xinghe: TestPortal, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object, **__: object) -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr("tenants.access.middleware.brand_at", away)
    assert guest.get("/me/").status_code == 503
    answer = guest.get("/api/v1/echo")
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
