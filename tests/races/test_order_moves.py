"""Two people move one order at the same moment: exactly one of them does."""

from uuid import uuid4

import pytest

from ordering.fulfilment.models import Shipment
from ordering.orders.models import Order
from tests.live import Reply
from tests.races.conftest import Contest

pytestmark = pytest.mark.races


def placed(contest: Contest, rival: int, *, is_approved: bool) -> str:
    """A fresh order of a rival; approved where asked."""
    line = {"sku": contest.cast.skus[3].code, "unit": "CASE", "quantity": 1}
    with contest.caller(contest.tokens[rival]) as buyer:
        reply = buyer.post("/api/v1/orders", {"lines": [line]}, key=uuid4().hex)
    assert reply.status == 201, reply.body
    number = str(reply.json["number"])
    if is_approved:
        assert act(contest, contest.staff["sales_admin"], number, "approval").status == 200
    return number


def act(contest: Contest, token: str, number: str, what: str, body: object = None) -> Reply:
    with contest.caller(token) as caller:
        return caller.post(f"/api/v1/orders/{number}/{what}", body, key=uuid4().hex)


@pytest.mark.parametrize("round_number", range(8))
def test_two_approvals_are_one(contest: Contest, round_number: int) -> None:
    number = placed(contest, round_number, is_approved=False)
    staff = (contest.staff["sales_admin"], contest.staff["region_manager"])
    replies = contest.all_at_once([lambda t=t: [act(contest, t, number, "approval")] for t in staff])  # type: ignore[misc]
    assert sorted(reply.status for reply in replies) == [200, 409]
    assert {reply.code for reply in replies if reply.status == 409} == {"order.state"}


@pytest.mark.parametrize("round_number", range(8))
def test_cancel_against_ship_leaves_one_of_both(contest: Contest, round_number: int) -> None:
    number = placed(contest, round_number, is_approved=True)
    replies = contest.all_at_once(
        [
            lambda: [act(contest, contest.tokens[round_number], number, "cancellation", {"reason": "多订了"})],
            lambda: [act(contest, contest.staff["warehouse"], number, "shipments", {"warehouse": "W1"})],
        ]
    )
    cancelled, shipped = replies
    assert {cancelled.status, shipped.status} in ({200, 409}, {409, 201})
    order = Order.objects.get(number=number)
    assert Shipment.objects.filter(order=order).exists() is (shipped.status == 201)
    assert (order.status == "CANCELLED") is (cancelled.status == 200)
    contest.assert_whole()


def test_a_receipt_signed_twenty_times_at_once_counts_once(contest: Contest) -> None:
    number = placed(contest, 0, is_approved=True)
    sent = act(contest, contest.staff["warehouse"], number, "shipments", {"warehouse": "W1"})
    shipment = sent.json["number"]

    def sign() -> list[Reply]:
        with contest.caller(contest.tokens[0]) as caller:
            return [caller.post(f"/api/v1/shipments/{shipment}/receipt", {}, key=uuid4().hex)]

    replies = contest.all_at_once([sign] * 20)
    assert sorted(reply.status for reply in replies) == [200] + [409] * 19
    contest.assert_whole()
