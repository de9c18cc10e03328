"""close_short: the rest is not delivered any more; what has left goes on to be signed and paid."""

import pytest

from billing.ledger.models import Hold, TradingAccount
from billing.ledger.services import PayIn, pay_in
from core.events.models import Event
from core.kernel.errors import DomainError, Missing, NotPermitted
from dms.stock.models import Stock
from ordering.fulfilment.services import CloseShort, Ship, close_short, ship
from ordering.orders.errors import NotTheSeller
from ordering.orders.services import Approve, OrderedLine, OrderState, PlaceOrder, approve, place_order
from tests.cast import Cast
from tests.ordering.fulfilment.conftest import Deal, assert_whole


def close(
    deal: Deal, by: str = "sales_admin", consent: str = "泉城老板来电同意", version: int | None = None
) -> OrderState:
    """Close the rest of the deal."""
    return close_short(actor=deal.cast.actor(by), command=CloseShort(deal.number, consent, "原料短缺", version))


def account(deal: Deal) -> TradingAccount:
    """C1's account with the brand."""
    return TradingAccount.objects.get(buyer__dealer_id=deal.cast.c1.pk)


def test_stock_and_money_of_the_rest_are_free_and_the_truck_is_still_paid(deal: Deal) -> None:
    sent = deal.ship((1, 42))
    state = close(deal)
    assert (state.status, state.payment_status, state.fulfilment_status) == ("CLOSED_SHORT", "FUNDED", "SHIPPED")
    assert Stock.objects.get(sku=deal.cast.skus[1], warehouse=deal.cast.w1).reserved == 0
    assert account(deal).credit_held == sent.amount == 1_190_000
    assert_whole()
    signed = deal.receive(sent.number)
    assert signed.fulfilment_status == deal.order.fulfilment_status == "RECEIVED"
    assert (account(deal).credit_held, account(deal).receivable_balance) == (0, 1_190_000)
    assert Hold.objects.get().status == Hold.Status.POSTED
    assert_whole()


def test_what_was_paid_in_is_used_first_and_given_back_last(cast: Cast) -> None:
    pay_in(actor=cast.finance, command=PayIn(cast.c1.pk, 1_500_000, "BANK-1"))
    lines = (OrderedLine(cast.skus[1].code, 10), OrderedLine(cast.skus[3].code, 5))
    deal = Deal(cast, place_order(actor=cast.buyer_c1, command=PlaceOrder(lines=lines)).number)
    approve(actor=cast.sales_admin, command=Approve(deal.number))
    deal.ship((1, 42))
    close(deal)
    hold = Hold.objects.get()
    assert (hold.prepay_part, hold.credit_part) == (1_190_000, 0)
    assert (account(deal).prepay_held, account(deal).credit_held) == (1_190_000, 0)
    told = Event.objects.get(kind="ordering.order_closed_short.v1").payload
    assert (told["returned_prepay"], told["returned_credit"]) == (310_000, 380_000)
    assert_whole()


def test_a_signed_part_and_a_closed_rest_are_a_received_order(deal: Deal) -> None:
    deal.receive(deal.ship((1, 60)).number)
    assert close(deal).fulfilment_status == "RECEIVED"
    assert Hold.objects.get().status == Hold.Status.POSTED
    assert_whole()


def test_the_event_tells_the_rest_and_the_consent(deal: Deal) -> None:
    deal.ship((1, 7))
    close(deal)
    event = Event.objects.get(kind="ordering.order_closed_short.v1")
    assert (event.payload["consent"], event.payload["reason"]) == ("泉城老板来电同意", "原料短缺")
    assert [(line["line"], line["bottles"]) for line in event.payload["lines"]] == [(1, 53), (2, 60)]
    assert event.payload["closed_amount"] == 1_880_000 - 198_333
    assert (event.seller_id, event.buyer_id) == (deal.cast.root.pk, deal.cast.c1.pk)


@pytest.mark.parametrize("wishes", [None, ()])
def test_refuses_when_nothing_or_everything_has_left(deal: Deal, wishes: tuple[()] | None) -> None:
    if wishes is not None:
        deal.ship(*wishes)
    before = deal.everything()
    with pytest.raises(DomainError, match=r"order\.state"):
        close(deal)
    assert deal.everything() == before


def test_refuses_without_the_buyers_consent_and_a_stale_page(deal: Deal) -> None:
    deal.ship((1, 7))
    before = deal.everything()
    with pytest.raises(DomainError, match=r"order\.consent"):
        close(deal, consent="  ")
    with pytest.raises(DomainError, match=r"conflict\.version"):
        close(deal, version=1)
    assert deal.everything() == before


def test_refuses_the_buyer_strangers_and_roles_without_the_right(deal: Deal) -> None:
    deal.ship((1, 7))
    with pytest.raises(NotTheSeller):
        close(deal, by="buyer_c1")
    with pytest.raises(Missing):
        close(deal, by="buyer_c2")
    with pytest.raises(NotPermitted):
        close(deal, by="warehouse")


def test_nothing_ships_from_a_closed_order_and_it_closes_once(deal: Deal, cast: Cast) -> None:
    deal.ship((1, 7))
    close(deal)
    with pytest.raises(DomainError, match=r"order\.state"):
        ship(actor=cast.warehouse, command=Ship(deal.number, "W1"))
    with pytest.raises(DomainError, match=r"order\.state"):
        close(deal)
