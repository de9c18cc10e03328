"""The last case and the last ten once more, through the checkout page: sessions, CSRF tokens, forms."""

import re
from collections import Counter
from urllib.parse import urlencode
from uuid import uuid4

import pytest

from dms.stock.models import Stock
from ordering.orders.models import Order
from tenants.access.models import Seat
from tenants.brands.hosts import brand_at
from tests.live import Caller, Reply
from tests.portals import XINGHE
from tests.races.conftest import Contest
from tests.sessions import cookie_for

pytestmark = pytest.mark.races
REQUESTS = 200
BUSY_SHARE = 0.05
CSRF = "c" * 32


def rivals(contest: Contest) -> list[str]:
    """A session cookie of every rival."""
    brand = brand_at(XINGHE.host)
    assert brand is not None
    seats = Seat.objects.filter(person_name__startswith="对手").order_by("person_name")
    found = [cookie_for(seat, brand) for seat in seats]
    assert len(found) == len(contest.tokens)
    return found


def shopper(contest: Contest, session: str) -> Caller:
    """A browser's connection: the session and the token of its forms as cookies."""
    caller = contest.caller("")
    caller.cookie = f"jm={session}; jmc={CSRF}"
    return caller


def send(caller: Caller, path: str, **fields: str) -> Reply:
    """Send a form as a browser does."""
    body = urlencode({"csrfmiddlewaretoken": CSRF, **fields}).encode()
    origin = f"http://{caller.host}:{caller.port}"
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "text/html", "Origin": origin}
    return caller.send("POST", path, body, headers=headers)


def fill_the_cart(contest: Contest, session: str, code: str) -> str:
    """One case lies in the rival's cart; the total the checkout shows for it."""
    with shopper(contest, session) as caller:
        send(caller, "/pad/clear/")
        assert send(caller, "/pad/lines/", text=f"{code}\t1箱").status == 302
        shown = caller.send("GET", "/checkout/", headers={"Accept": "text/html"})
    total = re.search(r'name="expected_total" value="(\d+)"', shown.body.decode())
    assert total is not None, shown.status
    return total[1]


def place(contest: Contest, session: str, total: str, code: str, times: int) -> list[Reply]:
    """Press the button ``times`` times, each a request of its own; a sold case is put into the cart again."""
    replies = []
    with shopper(contest, session) as caller:
        for _ in range(times):
            replies.append(send(caller, "/checkout/", key=uuid4().hex, expected_total=total))
            if is_sold(replies[-1]):
                send(caller, "/pad/lines/", text=f"{code}\t1箱")
    return replies


def is_sold(reply: Reply) -> bool:
    """Whether the answer leads to the order that was placed."""
    return reply.status == 302 and bool(re.fullmatch(r"/orders/[^/]+/", reply.headers["location"]))


@pytest.mark.parametrize("cases", [1, 10])
def test_exactly_the_cases_there_are_get_sold_by_page(contest: Contest, cases: int) -> None:
    sku = {1: 2, 10: 1}[cases]
    code = contest.cast.skus[sku].code
    contest.leave(sku, 600)
    sessions = rivals(contest)
    totals = [fill_the_cart(contest, session, code) for session in sessions]
    contest.leave(sku, cases * 6)
    orders_before = Order.objects.exclude(number=None).count()
    each = REQUESTS // len(sessions)
    replies = contest.all_at_once(
        [
            lambda session=session, total=total: place(contest, session, total, code, each)  # type: ignore[misc]
            for session, total in zip(sessions, totals, strict=True)
        ]
    )
    assert len(replies) == REQUESTS
    statuses = Counter(reply.status for reply in replies)
    assert not {status for status in statuses if status >= 500 and status != 503}, statuses
    assert statuses[503] <= REQUESTS * BUSY_SHARE, statuses
    sold = sum(map(is_sold, replies))
    if sold < cases:  # the few that were told to come again do
        assert statuses[503], statuses
        sold += sum(map(is_sold, place(contest, sessions[0], totals[0], code, cases - sold)))
    assert sold == cases
    assert statuses[422] + statuses[302] + statuses[503] == REQUESTS, statuses
    assert Order.objects.exclude(number=None).count() == orders_before + cases
    row = Stock.objects.get(sku=contest.cast.skus[sku], warehouse=contest.cast.w1)
    assert row.on_hand == row.reserved
    contest.assert_whole()
