"""Signing for goods: money captured, the buyer's stock raised, once."""

import pytest

from billing.ledger.models import Entry, TradingAccount
from core.kernel.errors import DomainError, Missing, NotPermitted
from dms.stock.models import Stock
from tests.ordering.fulfilment.conftest import Deal, assert_whole


def test_a_whole_receipt_captures_the_money_and_raises_the_buyers_stock(deal: Deal) -> None:
    shipped = deal.ship()
    received = deal.receive(shipped.number)
    assert (received.status, received.fulfilment_status) == ("SIGNED", "RECEIVED")
    account = TradingAccount.objects.get(buyer=deal.cast.c1.party)
    assert (account.receivable_balance, account.credit_held) == (1_880_000, 0)
    stock = Stock.objects.get(owner=deal.cast.c1, sku=deal.cast.skus[3])
    assert stock.on_hand == 60
    assert {entry.account_code: entry.amount for entry in Entry.objects.all()} == {
        "1122": 1_880_000,
        "6001": -1_663_717,
        "2221.01": -216_283,
    }
    assert deal.order.status == "CONFIRMED"
    assert_whole()


def test_two_trucks_are_signed_one_after_the_other(deal: Deal) -> None:
    first, second = deal.ship((1, 60)), deal.ship((2, 60))
    assert deal.receive(second.number).fulfilment_status == "PART_RECEIVED"
    assert deal.receive(first.number).fulfilment_status == "RECEIVED"
    assert_whole()


def test_a_truck_signed_before_the_rest_has_left_keeps_the_order_part_shipped(deal: Deal) -> None:
    first = deal.ship((1, 60))
    assert deal.receive(first.number).fulfilment_status == "PART_SHIPPED"
    assert deal.ship().fulfilment_status == "PART_RECEIVED"


def test_a_short_receipt_is_signed_with_a_claim_and_captured_whole(deal: Deal) -> None:
    shipped = deal.ship()
    received = deal.receive(shipped.number, (1, 58), note="两瓶破损")
    assert (received.status, received.short_bottles) == ("SIGNED_WITH_CLAIM", 2)
    assert deal.line(1).received_bottles == 58
    assert Stock.objects.get(owner=deal.cast.c1, sku=deal.cast.skus[1]).on_hand == 60 + 58
    assert TradingAccount.objects.get(buyer=deal.cast.c1.party).receivable_balance == 1_880_000
    assert_whole()


def test_nothing_arrived_is_a_claim_for_everything(deal: Deal) -> None:
    shipped = deal.ship((2, 12))
    received = deal.receive(shipped.number, (2, 0), note="整车未到")
    assert (received.status, received.received_bottles) == ("SIGNED_WITH_CLAIM", 0)
    assert_whole()


def test_a_short_receipt_says_why(deal: Deal) -> None:
    shipped = deal.ship()
    before = deal.everything()
    with pytest.raises(DomainError, match=r"receipt\.note_needed"):
        deal.receive(shipped.number, (1, 58), note="  ")
    assert deal.everything() == before


@pytest.mark.parametrize(
    ("wish", "code"),
    [((1, 61), "receipt.too_much"), ((1, -1), "shipment.quantity"), ((7, 1), "shipment.line_unknown")],
)
def test_refuses_what_cannot_have_arrived(deal: Deal, wish: tuple[int, int], code: str) -> None:
    shipped = deal.ship()
    before = deal.everything()
    with pytest.raises(DomainError) as refused:
        deal.receive(shipped.number, wish, note="?")
    assert refused.value.problems()[0].code == code
    assert deal.everything() == before


def test_a_second_signature_is_refused(deal: Deal) -> None:
    shipped = deal.ship()
    deal.receive(shipped.number)
    before = deal.everything()
    with pytest.raises(DomainError, match=r"shipment\.state"):
        deal.receive(shipped.number)
    assert deal.everything() == before


def test_nobody_else_can_sign(deal: Deal) -> None:
    shipped = deal.ship()
    for stranger in ("buyer_c2", "buyer_t1", "warehouse"):
        with pytest.raises((Missing, NotPermitted)):
            deal.receive(shipped.number, by=stranger)
    with pytest.raises(NotPermitted):
        deal.receive(shipped.number, by="finance_c1")
