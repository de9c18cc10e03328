"""reject: the seller says no and why; stock and money are free again."""

import pytest

from billing.ledger.models import Hold, TradingAccount
from core.events.models import Event
from core.kernel.errors import Missing
from dms.stock.models import Stock
from ordering.orders.models import Order
from ordering.orders.services import Approve, Reject, approve, reject
from tests.cast import Cast
from tests.ordering.orders.placed import placed_number
from tests.ordering.watching import refused


def test_a_rejection_frees_stock_and_money_and_says_why(cast: Cast) -> None:
    number = placed_number(cast)
    state = reject(actor=cast.region_manager, command=Reject(number, " 超区 销售 "))
    assert (state.status, state.payment_status) == ("REJECTED", "UNPAID")
    order = Order.objects.get(number=number)
    assert (order.decision_reason, order.decided_by_name) == ("超区 销售", "大区经理")
    assert order.closed_at is not None
    assert not Stock.objects.filter(reserved__gt=0).exists()
    assert Hold.objects.get().status == Hold.Status.VOIDED
    assert TradingAccount.objects.get(buyer=cast.c1.party).credit_held == 0
    assert Event.objects.get(kind="ordering.order_rejected.v1").payload["reason"] == "超区 销售"


def test_a_rejection_needs_a_reason(cast: Cast) -> None:
    number = placed_number(cast)
    with refused("order.reason"):
        reject(actor=cast.sales_admin, command=Reject(number, "  \t "))


def test_a_confirmed_order_is_not_rejected(cast: Cast) -> None:
    number = placed_number(cast)
    approve(actor=cast.sales_admin, command=Approve(number))
    with refused("order.state"):
        reject(actor=cast.region_manager, command=Reject(number, "晚了"))


def test_only_the_seller_rejects(cast: Cast) -> None:
    number = placed_number(cast)
    with refused("order.not_the_seller"):
        reject(actor=cast.admin_c1, command=Reject(number, "不要了"))
    theirs = placed_number(cast, (1, 1), actor=cast.buyer_t1)
    with pytest.raises(Missing):
        reject(actor=cast.sales_admin, command=Reject(theirs, "不行"))
