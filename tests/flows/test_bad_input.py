"""Bad input on every door of the running product: a clear refusal, nothing half done, nothing broken."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from pytest_django import DjangoDbBlocker

from core.catalogue.models import Sku
from core.files.models import StoredFile
from core.jobs.models import Job
from ordering.orders.models import Order
from tests.flows.world import Room, room
from tests.live import Caller, Reply

pytestmark = pytest.mark.flows
CSRF = "b" * 32
SESSIONS: dict[str, str] = {}
"""What is set aside in the pad lies in the session: everybody keeps theirs."""
HARM = "<script>alert(1)</script>'; DROP TABLE orders_order; -- 🍶"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture(scope="module")
def world(django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    """The cast and the product; no worker is needed to say no."""
    with django_db_blocker.unblock(), room("bad", tmp_path_factory.mktemp("bad")) as found:
        yield found


@pytest.fixture(autouse=True)
def _nothing_half_done(world: Room) -> Iterator[None]:
    orders, skus = Order.objects.exclude(number=None).count(), Sku.objects.count()
    yield
    assert Order.objects.exclude(number=None).count() == orders
    assert Sku.objects.count() == skus
    world.assert_whole()


def form(world: Room, who: str, path: str, **fields: str) -> Reply:
    """A page's form sent as a browser sends it."""
    body = urlencode({"csrfmiddlewaretoken": CSRF, **fields}).encode()
    with browserlike(world, who) as caller:
        headers = {"Content-Type": "application/x-www-form-urlencoded", **as_page(caller)}
        return caller.send("POST", path, body, headers=headers)


def page(world: Room, who: str, path: str) -> str:
    """A page's text."""
    with browserlike(world, who) as caller:
        return caller.send("GET", path, headers={"Accept": "text/html"}).body.decode()


def browserlike(world: Room, who: str) -> Caller:
    """A connection with a session and a token of its forms."""
    caller = world.caller(who)
    if who not in SESSIONS:
        SESSIONS[who] = world.cookie(who)
    caller.token, caller.cookie = "", f"jm={SESSIONS[who]}; jmc={CSRF}"
    return caller


def as_page(caller: Caller) -> dict[str, str]:
    """What a browser says of itself."""
    return {"Accept": "text/html", "Origin": f"http://{caller.host}:{caller.port}"}


MALFORMED = (b"{", b"[]", b'"x"', b"\xff\xfe", b'{"lines": {}}', b'{"lines": [1]}', b"[" * 50_000)


@pytest.mark.parametrize("body", MALFORMED, ids=range(len(MALFORMED)))
def test_malformed_json_is_refused(world: Room, body: bytes) -> None:
    with world.caller("buyer_c1") as caller:
        reply = caller.send("POST", "/api/v1/orders", body, key=uuid4().hex)
    assert reply.status in (400, 422), (reply.status, reply.body[:200])
    assert reply.headers["content-type"].startswith("application/problem+json")


@pytest.mark.parametrize("quantity", [-1, 0, 1.5, "1.5", "二", 10**30, None, True, [], "１；"])
def test_a_quantity_that_is_none_is_refused(world: Room, quantity: object) -> None:
    line = {"sku": world.cast.skus[1].code, "unit": "CASE", "quantity": quantity}
    reply = world.post("buyer_c1", "/api/v1/orders", {"lines": [line]})
    assert reply.status in (400, 422), (reply.status, reply.body[:200])


@pytest.mark.parametrize("code", ["", "XH-NONE", HARM, "A" * 10_000, "XH\u0000", "' OR 1=1 --"])
def test_an_unknown_product_is_refused(world: Room, code: str) -> None:
    reply = world.post("buyer_c1", "/api/v1/orders", {"lines": [{"sku": code, "unit": "CASE", "quantity": 1}]})
    assert reply.status in (400, 404, 422), (reply.status, reply.body[:200])


def test_ten_thousand_pasted_lines_are_refused_and_kept(world: Room) -> None:
    text = "\n".join(f"{world.cast.skus[1].code} {number}" for number in range(1, 10_001))
    reply = form(world, "buyer_c1", "/pad/lines/", text=text)
    assert reply.status == 422
    assert f"{world.cast.skus[1].code} 9999" in reply.body.decode()
    assert world.post("buyer_c1", "/api/v1/order-checks", {"text": text}).status == 422


def test_what_cannot_be_read_is_shown_harmlessly(world: Room) -> None:
    first = world.cast.skus[1].code
    lines = (f"{first} -5", f"{first} 1.5箱", f"{HARM} 3", "🍶🍶 ２", f"{first} ３箱")
    assert form(world, "buyer_p1", "/pad/lines/", text="\n".join(lines)).status == 302
    shown = page(world, "buyer_p1", "/pad/")
    assert "<script>alert(1)" not in shown
    assert "&lt;script&gt;" in shown
    assert "🍶🍶" in shown
    cart: Any = world.get("buyer_p1", "/api/v1/cart").json
    quantities = [line["quantity"] for line in cart["lines"]]
    assert quantities == [3]  # the one line with a full-width three


@pytest.mark.parametrize(
    "path", ["/products/", "/orders/", "/console/orders/", "/console/dealers/", "/console/products/"]
)
def test_a_search_for_harm_finds_nothing(world: Room, path: str) -> None:
    who = "admin" if path.startswith("/console/") else "buyer_c1"
    shown = page(world, who, f"{path}?{urlencode({'q': HARM, 'page': '-1', 'sort': HARM, 'view': HARM})}")
    assert "<script>alert(1)" not in shown
    assert "</html>" in shown


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("goods.xlsx", b"PK\x03\x04 not a workbook at all"),
        ("goods.xlsx", b"MZ\x90\x00" + b"\x00" * 200),
        ("goods.xlsx", b"<html><script>alert(1)</script></html>"),
        ("goods.csv", b"\xff\xd8\xff\xe0 a picture"),
        ("goods.exe", b"MZ\x90\x00"),
        ("goods.xlsx", b""),
    ],
)
def test_a_disguised_upload_is_refused(world: Room, name: str, content: bytes) -> None:
    files, jobs = StoredFile.objects.count(), Job.objects.count()
    boundary = uuid4().hex
    parts = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n{CSRF}\r\n'
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
        f"Content-Type: {XLSX}\r\n\r\n"
    ).encode()
    body = parts + content + f"\r\n--{boundary}--\r\n".encode()
    with browserlike(world, "admin") as caller:
        headers = {"Content-Type": f"multipart/form-data; boundary={boundary}", **as_page(caller)}
        reply = caller.send("POST", "/console/import/products/", body, headers=headers)
    assert reply.status == 422, (reply.status, reply.body[:200])
    assert (StoredFile.objects.count(), Job.objects.count()) == (files, jobs)


def test_a_strange_key_and_a_strange_token_are_refused(world: Room) -> None:
    line = {"sku": world.cast.skus[1].code, "unit": "CASE", "quantity": 1}
    with world.caller("buyer_c1") as caller:
        assert caller.post("/api/v1/orders", {"lines": [line]}, key="k" * 5_000).status in (400, 422)
        caller.token = "jm_" + "0" * 64
        assert caller.get("/api/v1/orders").status == 401
