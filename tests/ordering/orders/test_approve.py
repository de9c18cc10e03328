"""approve: a waiting order becomes CONFIRMED and FUNDED, by another person of the seller's side, in time, once."""

from dataclasses import replace
from datetime import timedelta

import pytest

from billing.ledger.models import Hold
from core.events.models import Event
from core.kernel import clock
from core.kernel.actor import Scope
from core.kernel.errors import Missing, NotPermitted
from dms.stock.models import Stock
from ordering.orders.models import Order
from ordering.orders.services import Approve, Cancel, Reject, approve, cancel, reject
from tests.cast import Cast
from tests.ordering.orders.placed import placed_number
from tests.ordering.watching import refused, statements


def test_a_waiting_order_is_confirmed_and_funded(cast: Cast) -> None:
    number = placed_number(cast)
    state = approve(actor=cast.sales_admin, command=Approve(number))
    assert (state.status, state.payment_status, state.fulfilment_status, state.version) == (
        "CONFIRMED",
        "FUNDED",
        "NONE",
        2,
    )
    order = Order.objects.get(number=number)
    assert (order.status, order.decided_by_name, order.decided_at) == ("CONFIRMED", "销售内勤", clock.now())
    assert Stock.objects.get(sku=cast.skus[1], owner=cast.root).reserved == 12
    assert Hold.objects.get().status == Hold.Status.PENDING
    event = Event.objects.get(kind="ordering.order_approved.v1")
    assert (event.aggregate_version, event.payload["before"], event.payload["status"]) == (2, "SUBMITTED", "CONFIRMED")
    assert [line["bottles"] for line in event.payload["lines"]] == [12, 12]


def test_who_places_does_not_approve(cast: Cast) -> None:
    number = placed_number(cast, actor=cast.admin_c1)
    as_sales_admin = replace(cast.sales_admin, person_id=cast.admin_c1.person_id)
    with refused("order.own_approval"):
        approve(actor=as_sales_admin, command=Approve(number))


def test_two_approvals_one_wins(cast: Cast) -> None:
    number = placed_number(cast)
    approve(actor=cast.sales_admin, command=Approve(number))
    with refused("order.state"):
        approve(actor=cast.region_manager, command=Approve(number))


@pytest.mark.parametrize("end", ["reject", "cancel"])
def test_an_ended_order_is_not_approved(cast: Cast, end: str) -> None:
    number = placed_number(cast)
    if end == "reject":
        reject(actor=cast.sales_admin, command=Reject(number, "超区"))
    else:
        cancel(actor=cast.buyer_c1, command=Cancel(number))
    with refused("order.state"):
        approve(actor=cast.sales_admin, command=Approve(number))


def test_the_buyer_does_not_approve_its_own_purchase(cast: Cast) -> None:
    number = placed_number(cast)
    with refused("order.not_the_seller"):
        approve(actor=cast.admin_c1, command=Approve(number))
    with pytest.raises(NotPermitted):
        approve(actor=cast.buyer_c1, command=Approve(number))


def test_what_a_dealer_sells_only_the_dealer_approves(cast: Cast) -> None:
    number = placed_number(cast, (1, 1), actor=cast.buyer_t1)
    with pytest.raises(Missing):
        approve(actor=cast.sales_admin, command=Approve(number))
    assert approve(actor=cast.admin_c1, command=Approve(number)).status == "CONFIRMED"


def test_a_seat_limited_to_regions_decides_on_no_others(cast: Cast) -> None:
    jinan, qingdao = placed_number(cast), placed_number(cast, (1, 1), actor=cast.buyer_c2)
    limited = replace(cast.sales_admin, scope=Scope(regions=("370100",)))
    below_p1 = replace(cast.sales_admin, scope=Scope(dealer_subtree_id=cast.p1.pk))
    for actor in (limited, below_p1):
        with pytest.raises(Missing):
            approve(actor=actor, command=Approve(qingdao))
        with pytest.raises(Missing):
            reject(actor=actor, command=Reject(qingdao, "超区"))
        with pytest.raises(Missing):
            cancel(actor=actor, command=Cancel(qingdao))
    assert approve(actor=limited, command=Approve(jinan)).status == "CONFIRMED"


def test_after_the_deadline_nobody_approves(cast: Cast) -> None:
    number = placed_number(cast)
    with clock.at(clock.now() + timedelta(hours=72)), refused("order.deadline_passed"):
        approve(actor=cast.sales_admin, command=Approve(number))
    with clock.at(clock.now() + timedelta(hours=72, seconds=-1)):
        assert approve(actor=cast.sales_admin, command=Approve(number)).status == "CONFIRMED"


def test_a_stale_page_is_told_so(cast: Cast) -> None:
    number = placed_number(cast)
    with refused("conflict.version"):
        approve(actor=cast.sales_admin, command=Approve(number, version=7))
    approve(actor=cast.sales_admin, command=Approve(number, version=1))


def test_an_unknown_number_is_missing(cast: Cast) -> None:
    with pytest.raises(Missing):
        approve(actor=cast.sales_admin, command=Approve("SO20260112-9999X"))


def test_five_statements(cast: Cast) -> None:
    number = placed_number(cast)
    with statements() as seen:
        approve(actor=cast.sales_admin, command=Approve(number))
    assert len(seen) == 5
