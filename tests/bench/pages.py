"""First contentful paint on a throttled phone, and how long a hundred pasted lines take there.

The phone is Lighthouse's: 1.6 Mbit/s, 150 ms there and back, a processor four times slower than this one, nothing kept
from before. Answers are compressed on the way as the proxy of production compresses them.
"""

import gzip
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import median
from threading import Thread
from typing import Any, ClassVar
from uuid import uuid4

from playwright.sync_api import Browser

from core.db.acts import brand_schema
from core.kernel import clock
from tenants.access.models import Seat
from tests.bench import requests, world
from tests.chromium import PHONE, Visit, browser, visit
from tests.live import live_product
from tests.portals import XINGHE
from tests.sessions import cookie_for, token_for

DATABASE = "jiumai_bench_pages"
NETWORK: dict[str, Any] = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1_600_000 / 8,
    "uploadThroughput": 750_000 / 8,
}
SLOWER = 4
TIMES = 3
PASTED, SHOWN = 100, 50
AIM_S = 1.0
PAINTED = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0"
WEIGHT = "performance.getEntriesByType('resource').reduce((sum, one) => sum + one.encodedBodySize, 0)"
ANSWERED = """() => performance.getEntriesByType('resource').filter((one) => one.name.endsWith('/pad/lines/'))
  .map((one) => one.responseEnd - one.startTime).at(-1)"""
TEXTS = ("text/", "application/json", "application/javascript", "image/svg+xml", "application/manifest+json")


@dataclass(frozen=True, slots=True)
class Paint:
    """One page: seconds to the first paint of content (median), and what it fetched besides itself."""

    name: str
    seconds: float
    fetched_kb: float


class Proxy(BaseHTTPRequestHandler):
    """Hands requests on to the product and compresses texts, as the proxy of production does."""

    protocol_version = "HTTP/1.1"
    port: ClassVar[int] = 0

    def do_GET(self) -> None:
        """Everything that is read."""
        self._hand_on(None)

    def do_POST(self) -> None:
        """Everything that is sent."""
        self._hand_on(self.rfile.read(int(self.headers.get("Content-Length") or 0)))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
        """Nothing: the product has a log of its own."""

    def _hand_on(self, body: bytes | None) -> None:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request(self.command, self.path, body, dict(self.headers))
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        headers = [(name, value) for name, value in answer.getheaders() if name.lower() not in _OF_THE_WAY]
        if answer.getheader("Content-Type", "").startswith(TEXTS) and not answer.getheader("Content-Encoding"):
            content = gzip.compress(content, 6)
            headers.append(("Content-Encoding", "gzip"))
        self.send_response(answer.status)
        for name, value in (*headers, ("Content-Length", str(len(content)))):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)


_OF_THE_WAY = {"content-length", "transfer-encoding", "connection", "date", "server"}


def measure(log: Path) -> int:
    """Measure and print; 1 when an aim is missed."""
    from tenants.brands.hosts import brand_at

    print("Pages on a throttled phone: building the world …", flush=True)
    with browser() as program:
        made = world.build()
        brand = brand_at(XINGHE.host)
        if brand is None:
            raise RuntimeError("the test brand has no host")
        with brand_schema(XINGHE.schema):
            buyer, token = made.seats[0], token_for(made.seats[0])
            cookies = {"buyer": cookie_for(buyer, brand), "staff": cookie_for(_staff(), brand)}
        with live_product(DATABASE, log) as product, _proxy(product.port) as port:
            with product.caller(made.host, token) as caller:
                number = caller.post("/api/v1/orders", requests.order_body(made, 1), key=uuid4().hex).json["number"]
            origin = f"http://{made.host}:{port}"
            pasted = _paste(program, origin, cookies["buyer"], made)
            paints = [
                _first_paint(program, origin, cookies["buyer"], "home", "/"),
                _first_paint(program, origin, cookies["buyer"], "50 products", "/products/"),
                _first_paint(program, origin, cookies["buyer"], "pad of 100 lines", "/pad/"),
                _first_paint(program, origin, cookies["buyer"], "order", f"/orders/{number}/"),
                _first_paint(program, origin, cookies["staff"], "order desk", "/console/orders/"),
            ]
    return _show(paints, *pasted)


def _staff() -> Seat:
    root_id, name = Seat.objects.values_list("dealer_id", flat=True)[0], "管理员"
    return Seat.objects.create(
        person_id=uuid4(),
        person_name=name,
        side=Seat.Side.BRAND,
        dealer_id=root_id,
        dealer_name=XINGHE.name,
        roles=["brand_admin"],
        created_at=clock.now(),
    )


@contextmanager
def _proxy(port: int) -> Iterator[int]:
    Proxy.port = port
    server = ThreadingHTTPServer(("127.0.0.1", 0), Proxy)
    server.daemon_threads = True
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield int(server.server_address[1])
    finally:
        server.shutdown()


@contextmanager
def _phone(program: Browser, origin: str, cookie: str) -> Iterator[Visit]:
    with visit(program, origin, cookie=cookie, service_workers="block", **PHONE) as seen:
        session = seen.context.new_cdp_session(seen.page)
        session.send("Network.enable")
        session.send("Network.emulateNetworkConditions", NETWORK)
        session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        yield seen


def _first_paint(program: Browser, origin: str, cookie: str, name: str, path: str) -> Paint:
    seconds, fetched = [], 0.0
    for _ in range(TIMES):
        with _phone(program, origin, cookie) as seen:
            seen.page.goto(path)
            seen.page.wait_for_load_state("networkidle")
            seconds.append(float(seen.page.evaluate(PAINTED)) / 1000)
            fetched = float(seen.page.evaluate(WEIGHT)) / 1000
    return Paint(name, median(seconds), fetched)


def _paste(program: Browser, origin: str, cookie: str, made: world.World) -> tuple[float, float]:
    """Seconds until the answer to a hundred pasted lines was there, and until they were on the screen."""
    text = "\n".join(f"{code}\t2箱" for code in made.codes[:: len(made.codes) // PASTED][:PASTED])
    with _phone(program, origin, cookie) as seen:
        seen.page.goto("/pad/")
        seen.page.wait_for_load_state("networkidle")
        seen.page.locator("#pad-text").fill(text)
        begun = time.perf_counter()
        seen.page.keyboard.press("Enter")
        seen.page.wait_for_function(f"() => document.querySelectorAll('.pad__line').length >= {SHOWN}")
        painted = time.perf_counter() - begun
        return float(seen.page.evaluate(ANSWERED)) / 1000, painted


def _show(paints: list[Paint], answered: float, painted: float) -> int:
    print(f"\n{'throttled phone':24}{'first paint s':>14}{'fetched kB':>12}")
    for one in paints:
        print(f"{one.name:24}{one.seconds:>14.2f}{one.fetched_kb:>12.0f}")
    print(f"{PASTED} pasted lines: answer {answered:.2f} s, on the screen {painted:.2f} s")
    print(f"(aim: {AIM_S} s each)")
    return 1 if max(answered, *(one.seconds for one in paints)) > AIM_S else 0
