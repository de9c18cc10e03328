"""The interface describes itself, on every brand's host."""

import pytest
from pytest_django import Settings

from tests.clients import visitor
from tests.portals import TestPortal


@pytest.fixture(autouse=True)
def _real_urls(settings: Settings) -> None:
    settings.URLCONF_BRAND = "core.project.urls_brand"


def test_every_call_is_described(xinghe: TestPortal) -> None:
    described = visitor(xinghe).get("/api/v1/openapi.json").json()
    calls = {(path, method) for path, methods in described["paths"].items() for method in methods}
    assert {
        ("/api/v1/orders", "post"),
        ("/api/v1/orders/{number}/approval", "post"),
        ("/api/v1/orders/{number}/shipments", "post"),
        ("/api/v1/shipments/{number}/receipt", "post"),
    } <= calls


def test_it_can_be_read_by_people(xinghe: TestPortal) -> None:
    page = visitor(xinghe).get("/api/docs/").content.decode()
    assert 'data-schema="/api/v1/openapi.json"' in page
    assert "令牌" in page
    assert '<a href="/">' in page
    assert "style=" not in page
