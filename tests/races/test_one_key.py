"""The same key twenty times at once is one order and one answer."""

from collections import Counter

import pytest

from ordering.orders.models import Order
from tests.live import Reply
from tests.races.conftest import Contest

pytestmark = pytest.mark.races


def test_twenty_sends_of_one_key_make_one_order(contest: Contest) -> None:
    contest.leave(1, 600)
    before = Order.objects.count()
    body = {"lines": [{"sku": contest.cast.skus[1].code, "unit": "CASE", "quantity": 2}]}

    def send() -> list[Reply]:
        with contest.caller(contest.tokens[0]) as caller:
            return [caller.post("/api/v1/orders", body, key="one-key-for-all-twenty")]

    replies = contest.all_at_once([send] * 20)
    assert set(Counter(reply.status for reply in replies)) <= {201, 409}
    assert Order.objects.count() == before + 1
    numbers = {reply.json["number"] for reply in replies if reply.status == 201}
    assert len(numbers) == 1
    assert {reply.code for reply in replies if reply.status == 409} <= {"idempotency.in_progress"}
    again = send()[0]
    assert (again.status, again.json["number"]) == (201, numbers.pop())
    contest.assert_whole()


def test_another_body_under_the_same_key_is_refused(contest: Contest) -> None:
    before = Order.objects.count()
    with contest.caller(contest.tokens[1]) as caller:
        line = {"sku": contest.cast.skus[1].code, "unit": "CASE", "quantity": 1}
        assert caller.post("/api/v1/orders", {"lines": [line]}, key="k-body").status == 201
        other = caller.post("/api/v1/orders", {"lines": [line | {"quantity": 2}]}, key="k-body")
    assert (other.status, other.code) == (422, "idempotency.body_differs")
    assert Order.objects.count() == before + 1
