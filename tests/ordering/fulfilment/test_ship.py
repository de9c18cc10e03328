"""Sending goods off: who may, what is refused, what it does to stock and order."""

import pytest

from core.events.models import Event
from core.kernel.errors import DomainError, Missing, NotPermitted
from dms.stock.models import Stock
from ordering.fulfilment.models import Shipment
from ordering.fulfilment.services import Ship, ship
from ordering.orders.services import Cancel, OrderedLine, PlaceOrder, cancel, place_order
from tests.cast import Cast
from tests.ordering.fulfilment.conftest import Deal, assert_whole


def test_everything_kept_leaves_in_one_truck(deal: Deal) -> None:
    shipped = deal.ship()
    assert (shipped.bottles, shipped.amount) == (120, 1_880_000)
    assert shipped.fulfilment_status == deal.order.fulfilment_status == "SHIPPED"
    stock = Stock.objects.get(sku=deal.cast.skus[1], warehouse=deal.cast.w1)
    assert (stock.on_hand, stock.reserved) == (540, 0)
    assert_whole()


def test_parts_leave_one_after_the_other_and_sum_to_the_order(deal: Deal) -> None:
    first = deal.ship((1, 7))
    assert first.fulfilment_status == "PART_SHIPPED"
    assert first.amount == 198_333
    second = deal.ship((1, 53), (2, 1))
    third = deal.ship()
    assert first.amount + second.amount + third.amount == deal.order.total == 1_880_000
    assert third.fulfilment_status == "SHIPPED"
    assert [deal.line(number).shipped_amount for number in (1, 2)] == [1_700_000, 180_000]
    assert_whole()


def test_an_event_tells_what_left(deal: Deal) -> None:
    shipped = deal.ship((2, 12))
    told = Event.objects.get(kind="ordering.order_shipped.v1")
    assert told.payload["shipment"] == shipped.number
    assert told.payload["lines"][0]["net"] == 36_000 - 4_142
    assert (told.seller_id, told.buyer_id) == (deal.cast.root.pk, deal.cast.c1.pk)


@pytest.mark.parametrize(
    ("wishes", "code"),
    [
        ([(1, 61)], "shipment.not_reserved_here"),
        ([(1, 0)], "shipment.quantity"),
        ([(1, -6)], "shipment.quantity"),
        ([(9, 1)], "shipment.line_unknown"),
        ([(1, 6), (1, 6)], "shipment.line_twice"),
    ],
)
def test_refuses_what_is_not_kept_and_changes_nothing(deal: Deal, wishes: list[tuple[int, int]], code: str) -> None:
    before = deal.everything()
    with pytest.raises(DomainError) as refused:
        deal.ship(*wishes)
    assert [fault.code for fault in refused.value.problems()] == [code]
    assert deal.everything() == before


def test_refuses_a_warehouse_of_somebody_else(deal: Deal) -> None:
    with pytest.raises(DomainError, match=r"shipment\.warehouse_unknown"):
        deal.ship(warehouse="D-C1")


def test_refuses_an_order_that_waits_for_approval(cast: Cast) -> None:
    placed = place_order(actor=cast.buyer_c1, command=PlaceOrder(lines=(OrderedLine(cast.skus[1].code, 1),)))
    with pytest.raises(DomainError, match=r"order\.state"):
        ship(actor=cast.warehouse, command=Ship(placed.number, "W1"))


def test_refuses_a_second_truck_with_nothing_left(deal: Deal) -> None:
    deal.ship()
    with pytest.raises(DomainError, match=r"shipment\.nothing_to_ship"):
        deal.ship()


def test_what_has_shipped_can_no_longer_be_cancelled(deal: Deal) -> None:
    deal.ship((1, 6))
    with pytest.raises(DomainError, match=r"order\.state"):
        cancel(actor=deal.cast.buyer_c1, command=Cancel(deal.number))


def test_refuses_a_buyer_and_a_role_without_the_right(deal: Deal) -> None:
    with pytest.raises(NotPermitted):
        deal.ship(by="buyer_c1")
    with pytest.raises(NotPermitted):
        deal.ship(by="sales_admin")


def test_the_buyers_own_warehouse_hand_cannot_send_the_brands_goods(deal: Deal) -> None:
    with pytest.raises(DomainError, match=r"order\.not_the_seller"):
        deal.ship(by="warehouse_c1")


def test_another_dealers_order_is_missing(deal: Deal) -> None:
    with pytest.raises(Missing):
        deal.ship(by="buyer_t1")


def test_a_stale_version_is_refused(deal: Deal) -> None:
    with pytest.raises(DomainError, match=r"conflict\.version"):
        ship(actor=deal.cast.warehouse, command=Ship(deal.number, "W1", version=1))
    assert not Shipment.objects.exists()
