"""Two clerks at the desk's pages at one moment: every order is approved once, shipped once, and nobody is lied to."""

import re
from functools import partial
from urllib.parse import urlencode

import pytest

from core.events.models import Event
from ordering.fulfilment.models import Shipment
from ordering.orders.models import Order
from tenants.brands.hosts import brand_at
from tests.live import Reply
from tests.portals import XINGHE
from tests.races.conftest import Contest
from tests.races.test_last_case_by_page import CSRF, shopper
from tests.races.test_order_moves import placed
from tests.sessions import cookie_for

pytestmark = pytest.mark.races
ORDERS = 6


def cookie(contest: Contest, who: str) -> str:
    """A clerk's session."""
    brand = brand_at(XINGHE.host)
    assert brand is not None
    return cookie_for(contest.cast.seats[who], brand)


def tick_all(contest: Contest, session: str, do: str, ticks: list[str]) -> list[Reply]:
    """Send the desk's bulk form over the whole stack twice: impatience itself."""
    said = [("csrfmiddlewaretoken", CSRF), ("act", do), *(("number", tick) for tick in ticks)]
    with shopper(contest, session) as caller:
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Accept": "text/html",
            "Origin": f"http://{caller.host}:{caller.port}",
        }
        return [caller.send("POST", "/console/orders/", urlencode(said).encode(), headers=headers) for _ in range(2)]


def done(reply: Reply) -> set[str]:
    """The orders a reply says were done."""
    told = re.findall(r'<li data-tone="good">.*?/console/orders/([^/]+)/', reply.body.decode())
    return set(told)


@pytest.mark.parametrize(
    ("do", "who"), [("approve", ("sales_admin", "region_manager")), ("ship", ("warehouse", "admin"))]
)
def test_each_order_is_done_once_by_one_of_them(contest: Contest, do: str, who: tuple[str, str]) -> None:
    numbers = [placed(contest, rival, is_approved=do == "ship") for rival in range(ORDERS)]
    versions = Order.objects.filter(number__in=numbers).values_list("number", "version")
    ticks = [f"{number}:{version}" for number, version in versions]
    replies = contest.all_at_once([partial(tick_all, contest, cookie(contest, one), do, ticks) for one in who])
    assert {reply.status for reply in replies} <= {200, 422}
    won = [number for reply in replies for number in done(reply)]
    assert sorted(won) == sorted(numbers)
    if do == "approve":
        kinds = Event.objects.filter(kind="ordering.order_approved.v1", aggregate_id__in=numbers)
        assert kinds.count() == ORDERS
    else:
        assert Shipment.objects.filter(order__number__in=numbers).count() == ORDERS
    contest.assert_whole()
