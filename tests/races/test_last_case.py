"""Two hundred real requests for the last case, then for the last ten: never one too many, never a broken answer."""

from collections import Counter
from uuid import uuid4

import pytest

from dms.stock.models import Stock
from ordering.orders.models import Order
from tests.live import Reply
from tests.races.conftest import Contest

pytestmark = pytest.mark.races
REQUESTS = 200
BUSY_SHARE = 0.05


def order_a_case(contest: Contest, token: str, times: int, sku: int) -> list[Reply]:
    body = {"lines": [{"sku": contest.cast.skus[sku].code, "unit": "CASE", "quantity": 1}]}
    with contest.caller(token) as caller:
        return [caller.post("/api/v1/orders", body, key=uuid4().hex) for _ in range(times)]


def everybody_orders(contest: Contest, sku: int) -> list[Reply]:
    each = REQUESTS // len(contest.tokens)
    return contest.all_at_once(
        [lambda token=token: order_a_case(contest, token, each, sku) for token in contest.tokens]  # type: ignore[misc]
    )


@pytest.mark.parametrize("cases", [1, 10])
def test_exactly_the_cases_there_are_get_sold(contest: Contest, cases: int) -> None:
    sku = {1: 2, 10: 1}[cases]
    contest.leave(sku, cases * 6)
    orders_before = Order.objects.count()
    replies = everybody_orders(contest, sku)
    assert len(replies) == REQUESTS
    statuses = Counter(reply.status for reply in replies)
    assert not {status for status in statuses if status >= 500 and status != 503}, statuses
    busy = statuses[503]
    assert busy <= REQUESTS * BUSY_SHARE, statuses
    sold = statuses[201]
    if sold < cases:  # the few that were told to come again do
        assert busy, statuses
        sold += sum(reply.status == 201 for reply in order_a_case(contest, contest.tokens[0], cases - sold, sku))
    assert sold == cases
    refused = [reply for reply in replies if reply.status == 422]
    assert {fault["code"] for reply in refused for fault in reply.json["errors"]} == {"stock.insufficient"}  # type: ignore[attr-defined]
    assert Order.objects.count() == orders_before + cases
    row = Stock.objects.get(sku=contest.cast.skus[sku], warehouse=contest.cast.w1)
    assert row.on_hand == row.reserved
    contest.assert_whole()
