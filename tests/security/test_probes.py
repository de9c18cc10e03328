"""What nobody types: in every parameter of every page and list. Answers are pages and refusals, never a fault."""

from itertools import cycle, islice
from typing import Any

import pytest

from tests.cast import Cast
from tests.clients import HostClient, platform_client, signed_in, visitor
from tests.factories.operators import OPS, at_desk, make_operator
from tests.portals import XINGHE
from tests.security.test_headers import _plain_addresses

NASTY = [
    "' OR '1'='1",
    "1); DROP TABLE orders_order; --",
    "x\x00y",
    "\\",
    "%_%",
    "../../../etc/passwd",
    "{{7*7}}${7*7}",
    "<script>alert(1)</script>",
    "9" * 300,
    "-1",
    "1e309",
    "٣２",
    "\u202e😀\ufffd",
    "a" * 3000,
    "2026-02-30",
    "0001-01-01",
    "9999-12-31",
    "\r\nX-Evil: 1",
    "[]",
    "WyInIl0",
]
_WORDS = (
    "q page sort status dealer line from to by side tab after limit code aroma region state kind person since until "
    "day warehouse sku seat role next format text view event host for ticket browser due show order brand term act "
    "list part shell v domain uscc wanted purpose type key owner"
)
NAMES = _WORDS.split()
_MARKED = "<script>alert(1)</script>"


def _asked(turn: int) -> dict[str, str]:
    return dict(zip(NAMES, islice(cycle(NASTY), turn * 7, turn * 7 + len(NAMES)), strict=True))


def _probe(client: HostClient, urlconf: str) -> list[Any]:
    found = []
    for path in _plain_addresses(urlconf):
        for turn in range(3):
            answer = client.get(path, _asked(turn))
            body = b"" if answer.streaming else answer.content
            is_plain = _MARKED.encode() in body and "html" in answer.headers.get("Content-Type", "")
            if answer.status_code >= 500 or is_plain or answer.has_header("X-Evil"):
                found.append((path, turn, answer.status_code))
    return found


@pytest.mark.parametrize("who", ["admin", "buyer_c1"])
def test_every_page_and_list_of_a_brand(cast: Cast, who: str) -> None:
    assert _probe(signed_in(XINGHE, cast.seats[who]), "core.project.urls_brand") == []


def test_every_page_of_the_platform_and_of_nobody(cast: Cast) -> None:
    assert _probe(platform_client(), "core.project.urls_platform") == []
    assert _probe(visitor(XINGHE), "core.project.urls_brand") == []


@pytest.mark.parametrize(
    "path",
    [
        "/static/../core/project/settings/__init__.py",
        "/static/..%2f..%2fmanage.py",
        "/static/",
        "/static/ui/",
        "/static//etc/passwd",
        "/files/",
        "/files/../../etc/passwd",
        "/.env",
        "/.git/config",
        "/orders/..%2f..%2f",
        "/orders/\x00/",
        "/orders/%00/",
        "/orders/%ff%fe/",
        f"/orders/{'9' * 3000}/",
        "/products/%27%20OR%201=1--/",
        "/invitation/%00/",
        f"/invitation/{'a' * 4000}/",
        "/reset/%00/",
        "/api/v1/orders/%00",
        "/api/v1/jobs/not-a-number",
    ],
)
def test_places_that_are_none(cast: Cast, path: str) -> None:
    for client in (visitor(XINGHE), signed_in(XINGHE, cast.seats["admin"]), platform_client()):
        answer = client.get(path)
        assert answer.status_code in {301, 302, 400, 401, 404, 409, 422}, answer.status_code
        if not answer.streaming:
            assert b"Traceback" not in answer.content and b"Index of" not in answer.content


DEEP = b'{"lines":' * 5_000 + b"1" + b"}" * 5_000


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 200_000,
        DEEP,
        b'{"a":' + b"1" * 100_000 + b"}",
        b'{"x\\u0000": 1}',
        b'{"lines": "' + b"x" * 1_000_000 + b'"}',
        b"\xff\xfe{}",
        b'{"\\ud800": 1}',
        b"NaN",
        b'{"lines": [' + b"{}," * 50_000 + b"{}]}",
        b'{"idempotency": {"__proto__": {"is_admin": true}}}',
    ],
)
def test_bodies_no_program_sends(cast: Cast, body: bytes) -> None:
    client = signed_in(XINGHE, cast.seats["buyer_c1"])
    for path in ("/api/v1/orders", "/api/v1/cart/lines", "/api/v1/order-checks"):
        headers = {"idempotency-key": "probe-0001"}
        answer = client.post(path, body, content_type="application/json", headers=headers)
        assert answer.status_code in {400, 405, 413, 415, 422}, (path, answer.status_code)
        assert answer["Content-Type"] == "application/problem+json"


def test_more_fields_than_a_form_has(cast: Cast) -> None:
    client = visitor(XINGHE)
    for sent in (
        {f"f{number}": "x" for number in range(4_100)},
        {"identifier": "x" * 5_000_000},
    ):
        assert client.post("/sign-in/", sent).status_code in {400, 413}


def test_a_body_larger_than_any_upload_is_refused_unread(cast: Cast) -> None:
    """A form's files would go to the disk as they come, whoever sends them."""
    for client in (visitor(XINGHE), platform_client(), HostClient(OPS), signed_in(XINGHE, cast.seats["admin"])):
        for said in (str(30 * 1024 * 1024), "9" * 400):
            assert client.post("/sign-in/", {"identifier": "x"}, CONTENT_LENGTH=said).status_code == 413
    said = str(30 * 1024 * 1024)
    admin = signed_in(XINGHE, cast.seats["admin"])
    assert "上传内容超过 20 MB" in admin.post("/sign-in/", {"identifier": "x"}, CONTENT_LENGTH=said).content.decode()
    answer = admin.post("/api/v1/orders", {}, CONTENT_LENGTH=said)
    assert (answer.status_code, answer.json()["status"], answer.json()["code"]) == (413, 413, "request.too_large")
    desk = at_desk(make_operator("system of the desk", "system"))
    assert desk.get("/", CONTENT_LENGTH=said).status_code == 200, "a brand's archive is larger"
