"""cancel: either side takes an order back while nothing has shipped; stock and money are free again."""

import pytest

from billing.ledger.models import Hold, TradingAccount
from core.events.models import Event
from core.kernel.errors import Missing
from dms.stock.models import Reservation, Stock
from ordering.orders.models import Order
from ordering.orders.services import Approve, Cancel, approve, cancel
from tests.cast import Cast
from tests.ordering.orders.placed import placed_number
from tests.ordering.watching import refused, statements


def test_the_buyer_takes_a_waiting_order_back(cast: Cast) -> None:
    number = placed_number(cast)
    state = cancel(actor=cast.buyer_c1, command=Cancel(number, "订错了"))
    assert (state.status, state.payment_status) == ("CANCELLED", "UNPAID")
    assert not Stock.objects.filter(reserved__gt=0).exists()
    assert all(row.released == row.bottles for row in Reservation.objects.all())
    assert Hold.objects.get().status == Hold.Status.VOIDED
    assert TradingAccount.objects.get(buyer=cast.c1.party).credit_held == 0
    event = Event.objects.get(kind="ordering.order_cancelled.v1")
    assert (event.payload["by_buyer"], event.payload["reason"]) == (True, "订错了")


def test_a_confirmed_order_gives_its_funding_back(cast: Cast) -> None:
    number = placed_number(cast)
    approve(actor=cast.sales_admin, command=Approve(number))
    state = cancel(actor=cast.sales_admin, command=Cancel(number))
    assert (state.status, state.payment_status) == ("CANCELLED", "REFUNDED")
    assert Order.objects.get(number=number).decided_by_name == "销售内勤"
    assert TradingAccount.objects.get(buyer=cast.c1.party).credit_held == 0


@pytest.mark.parametrize("fulfilment", ["PART_SHIPPED", "SHIPPED", "PART_RECEIVED", "RECEIVED"])
def test_what_has_shipped_is_not_cancelled(cast: Cast, fulfilment: str) -> None:
    number = placed_number(cast)
    approve(actor=cast.sales_admin, command=Approve(number))
    Order.objects.filter(number=number).update(fulfilment_status=fulfilment)
    with refused("order.state"):
        cancel(actor=cast.sales_admin, command=Cancel(number))


def test_an_order_is_cancelled_once(cast: Cast) -> None:
    number = placed_number(cast)
    cancel(actor=cast.buyer_c1, command=Cancel(number))
    with refused("order.state"):
        cancel(actor=cast.sales_admin, command=Cancel(number))


def test_nobody_else_sees_it(cast: Cast) -> None:
    number = placed_number(cast)
    with pytest.raises(Missing):
        cancel(actor=cast.buyer_c2, command=Cancel(number))
    theirs = placed_number(cast, (1, 1), actor=cast.buyer_t1)
    with pytest.raises(Missing):
        cancel(actor=cast.sales_admin, command=Cancel(theirs))
    with refused("actor.not_permitted"):
        cancel(actor=cast.rep, command=Cancel(number))


def test_the_same_statements_for_few_and_many_lines(cast: Cast) -> None:
    counts = []
    for wishes in (((1, 1),), ((1, 1),) * 40):
        number = placed_number(cast, *wishes)
        with statements() as seen:
            cancel(actor=cast.buyer_c1, command=Cancel(number))
        counts.append(len(seen))
    assert counts == [7, 7]
