"""Every request has an id, a figure and a language."""

import pytest
from pytest_django import Settings

from tests.clients import platform_client, visitor
from tests.portals import TestPortal


def test_a_good_id_is_kept_and_a_strange_one_replaced(xinghe: TestPortal) -> None:
    client = visitor(xinghe)
    assert client.get("/", headers={"x-request-id": "abc-12345678"})["X-Request-ID"] == "abc-12345678"
    for strange in ("short", "with space!", "x" * 65, "a\nb" * 4):
        assert client.get("/", headers={"x-request-id": strange})["X-Request-ID"] != strange


def test_requests_are_counted_by_route_not_by_path(xinghe: TestPortal) -> None:
    client = visitor(xinghe, raise_request_exception=False)
    client.get("/bug/")
    client.get("/nowhere/12345/")
    text = client.get("/metrics").content.decode()
    assert 'jiumai_request_seconds_count{method="GET",route="bug",status="500"}' in text
    assert "12345" not in text


def test_figures_ask_for_their_token_where_one_is_set(xinghe: TestPortal, settings: Settings) -> None:
    settings.METRICS_TOKEN = "abc"
    client = visitor(xinghe)
    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", headers={"authorization": "Bearer abc"}).status_code == 200


@pytest.mark.parametrize(
    ("host_is_platform", "asked", "cookie", "spoken"),
    [
        (False, "en-US,en;q=0.9", "", "zh-hans"),
        (False, "", "en", "en"),
        (True, "en-US,en;q=0.9", "", "en"),
        (True, "fr", "", "zh-hans"),
        (True, "", "", "zh-hans"),
        (True, "en", "zh-hans", "zh-hans"),
        (False, "", "xx", "zh-hans"),
    ],
)
def test_the_readers_choice_comes_first(
    xinghe: TestPortal, host_is_platform: bool, asked: str, cookie: str, spoken: str
) -> None:
    client = platform_client() if host_is_platform else visitor(xinghe)
    if cookie:
        client.cookies["jm_language"] = cookie
    assert client.get("/", headers={"accept-language": asked})["Content-Language"] == spoken
