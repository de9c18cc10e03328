"""The API reads strictly and answers exactly."""

import pytest
from pytest_django import Settings

from tests.cast import Cast
from tests.clients import HostClient, visitor

GOOD = '{"lines": [{"sku": "A", "quantity": 2}]}'


@pytest.fixture
def program(cast: Cast) -> HostClient:
    client = visitor(cast.portal, raise_request_exception=False)
    client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {cast.token(cast.buyer_c1)}"
    return client


def send(client: HostClient, body: str | bytes, content_type: str = "application/json"):  # type: ignore[no-untyped-def]  # Django's test response is untyped
    return client.post("/api/v1/echo", data=body, content_type=content_type)


def test_answers_what_it_understood_and_keeps_the_bytes(program: HostClient) -> None:
    answer = send(program, GOOD)
    assert answer.status_code == 200
    assert answer.json() == {"body": {"lines": [{"sku": "A", "quantity": 2}]}, "bytes": len(GOOD)}


@pytest.mark.parametrize(
    "body",
    ["{", "nul", '{"lines": NaN}', '{"lines": [1,]}', "{'lines': []}", b"\xff\xfe", "[" * 5000, '{"a": "\\u0000"}'],
)
def test_refuses_what_is_not_json(program: HostClient, body: str | bytes) -> None:
    answer = send(program, body)
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")


def test_refuses_other_content(program: HostClient) -> None:
    assert send(program, "<a/>", "text/xml").status_code == 415


def test_refuses_a_body_that_is_too_large(program: HostClient, settings: Settings) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    answer = send(program, '{"lines": "%s"}' % ("x" * 200))
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_refuses_fields_by_line(program: HostClient) -> None:
    answer = send(
        program,
        '{"note": "too long", "lines": [{"sku": "A", "quantity": 1}, {"sku": "B", "quantity": -1}, {"quantity": 1}]}',
    )
    assert answer.status_code == 422
    faults = {(fault["line"], fault["field"], fault["code"]) for fault in answer.json()["errors"]}
    assert faults == {(None, "note", "max_length"), (2, "quantity", "min_value"), (3, "sku", "required")}


def test_a_wrong_method_is_a_problem_too(program: HostClient) -> None:
    answer = program.delete("/api/v1/echo")
    assert (answer.status_code, answer["Content-Type"]) == (405, "application/problem+json")


def test_words_follow_the_readers_language(program: HostClient) -> None:
    program.cookies["jm_language"] = "en"
    assert send(program, "{").json()["title"] == "The request cannot be read"
