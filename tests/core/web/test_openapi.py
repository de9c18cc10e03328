"""The interface describes itself, on every brand's host."""

import pytest
from django.utils.translation import override
from pytest_django import Settings
from rest_framework.exceptions import ParseError
from rest_framework.request import Request
from rest_framework.test import APIRequestFactory

from core.web.api import StrictJSONParser
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


def test_a_body_that_is_no_json_is_told_in_one_language(xinghe: TestPortal) -> None:
    asked = APIRequestFactory().post("/", b'{"lines": [', content_type="application/json")
    with override("zh-hans"), pytest.raises(ParseError) as refusal:
        StrictJSONParser().parse(asked, "application/json", {"request": Request(asked)})  # type: ignore[arg-type]  # a request reads like a stream here
    assert str(refusal.value.detail) == "请求内容不是有效的 JSON：请查看第 1 行第 12 个字符。"
