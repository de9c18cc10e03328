"""The API of the running product: orders without Redis, and its page under the strict content policy."""

import os
from pathlib import Path
from uuid import uuid4

from playwright.sync_api import expect
from pytest_django import DjangoDbBlocker

from tests.cast import Cast
from tests.chromium import DESK, browser, visit
from tests.database import test_database
from tests.live import live_product
from tests.portals import XINGHE
from tests.sessions import token_for

NOBODY = "redis://127.0.0.1:9/0"


def test_an_order_is_accepted_while_redis_is_down(django_db_blocker: DjangoDbBlocker, tmp_path: Path) -> None:
    name = f"test_api_live_{os.getpid()}"
    with django_db_blocker.unblock(), test_database(name), XINGHE.inside():
        cast = Cast.build(XINGHE)
        token = token_for(cast.seats["buyer_c1"])
        body: dict[str, object] = {"lines": [{"sku": cast.skus[3].code, "unit": "CASE", "quantity": 1}]}
        with (
            live_product(name, tmp_path, workers=1, REDIS_URL=NOBODY) as product,
            product.caller(XINGHE.host, token) as caller,
        ):
            replies = [caller.post("/api/v1/orders", body, key=uuid4().hex) for _ in range(3)]
    assert [reply.status for reply in replies] == [201] * 3


def test_the_document_s_page_keeps_the_content_policy(django_db_blocker: DjangoDbBlocker, tmp_path: Path) -> None:
    name = f"test_api_page_{os.getpid()}"
    with (
        browser() as chromium,
        django_db_blocker.unblock(),
        test_database(name),
        live_product(name, tmp_path, workers=1) as product,
        visit(chromium, product.address(XINGHE.host, ""), **DESK) as seen,
    ):
        seen.page.goto(product.address(XINGHE.host, "/api/docs/"))
        expect(seen.page.locator(".opblock").first).to_be_visible()
        seen.assert_clean()
