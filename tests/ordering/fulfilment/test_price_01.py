"""PRICE-01 shipped in two parts (S1, S2) and closed short: shares, tax, pool and books to the fen (§5.5, §6.3)."""

import pytest

from billing.ledger.models import Entry, Hold, Journal, TradingAccount
from core.project.soundness import check_orders
from ordering.fulfilment.models import Shipment
from ordering.fulfilment.services import CloseShort, close_short
from ordering.orders.models import OrderLine
from ordering.orders.services import Approve, approve
from tests.cast import Cast
from tests.ordering.fulfilment.conftest import Deal, assert_whole
from tests.ordering.price_01 import Price01

S1 = ((1, 360), (2, 180), (3, 1_440), (4, 18))
"""60 cases of L1, all of L2 with its 3 gifts, 120 cases of L3; in bottles."""


@pytest.fixture
def big(cast: Cast) -> Deal:
    """The order of the handbook, approved."""
    placed = Price01.build(cast).place()
    approve(actor=cast.sales_admin, command=Approve(placed.number))
    return Deal(cast, placed.number)


def _entries(shipment: str) -> dict[str, int]:
    journal = Journal.objects.get(document_number=shipment)
    return dict(Entry.objects.filter(journal=journal).values_list("account_code", "amount"))


def _pool(cast: Cast) -> tuple[int, int]:
    account = TradingAccount.objects.get(buyer__dealer_id=cast.c1.pk)
    return account.rebate_balance, account.rebate_held


def test_s1_and_s2_to_the_fen(cast: Cast, big: Deal) -> None:
    first = big.ship(*S1)
    sent = Shipment.objects.get(number=first.number)
    assert (sent.amount, sent.tax, sent.rebate, sent.rebate_tax) == (22_524_422, 2_591_305, 1_744_379, 200_681)
    shares = sent.lines.order_by("order_line__line_no").values_list("amount", "tax", "rebate")
    assert list(shares) == [
        (10_157_479, 1_168_560, 883_259),
        (9_902_880, 1_139_269, 861_120),
        (2_464_063, 283_476, 0),
        (0, 0, 0),
    ]
    big.receive(first.number)
    assert _entries(first.number) == {
        "2203": 20_000_000,
        "1122": 2_524_422,
        "2241.03": 1_744_379,
        "6001": -21_476_815,
        "2221.01": -2_591_305,
        "2221.09": -200_681,
    }
    second = big.ship()
    sent = Shipment.objects.get(number=second.number)
    assert (sent.amount, sent.tax, sent.rebate) == (8_414_360, 968_024, 588_839)
    big.receive(second.number)
    assert _pool(cast) == (1_166_782, 0)
    assert Hold.objects.get().status == "POSTED"
    assert big.order.fulfilment_status == "RECEIVED"
    assert check_orders() == []
    assert_whole()


def test_what_is_closed_short_gives_its_part_of_the_pool_back(cast: Cast, big: Deal) -> None:
    first = big.ship(*S1)
    close_short(actor=cast.sales_admin, command=CloseShort(big.number, "李经理电话同意"))
    assert _pool(cast) == (3_500_000, 1_744_379)
    big.receive(first.number)
    assert _pool(cast) == (1_755_621, 0)
    hold = Hold.objects.get()
    assert (hold.status, hold.rebate_part, hold.captured_rebate) == ("POSTED", 1_744_379, 1_744_379)
    assert_whole()


def test_gifts_alone_may_leave_and_cost_nothing(cast: Cast, big: Deal) -> None:
    first = big.ship((4, 18))
    assert Shipment.objects.get(number=first.number).amount == 0
    big.receive(first.number)
    assert not Journal.objects.filter(document_number=first.number).exists()
    assert OrderLine.objects.get(order__number=big.number, is_gift=True).received_bottles == 18
    assert check_orders() == []
