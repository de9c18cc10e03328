"""The first page: what is due, what runs low, the lists; the same statements however much there is."""

from datetime import timedelta

import pytest

from core.kernel import clock
from core.kernel.quantity import Unit
from ordering.fulfilment.services import Receive, ShipEverything, Wish, receive, ship_everything
from ordering.lists.services import MakeList, make_list
from ordering.orders.models import Order
from ordering.orders.selectors import cart_of
from ordering.orders.selectors.runs_low import runs_low
from ordering.orders.selectors.usual import usual_goods
from ordering.orders.services import Approve, CartLine, SetInCart, approve, set_in_cart
from tests.cast import Cast
from tests.clients import HostClient
from tests.frontend.storefront.conftest import Opens, statements
from tests.frontend.storefront.test_orders import Places, placed

__all__ = ["placed"]


@pytest.fixture
def every_ten_days(cast: Cast, placed: Places) -> None:
    """C1 has bought SKU 1 and 3 every ten days, the last time eleven days ago."""
    for number, days in enumerate((31, 21, 11)):
        order = placed("buyer_c1", (1, 2 + number), (3, 4))
        Order.objects.filter(number=order).update(submitted_at=clock.now() - timedelta(days=days))


def test_what_is_bought_in_a_rhythm_is_due_when_its_time_has_come(cast: Cast, every_ten_days: None) -> None:
    goods = {one.sku_code: one for one in usual_goods(cast.buyer_c1)}
    one = goods[cast.skus[1].code]
    assert (one.rhythm_days, one.quantity, one.is_due(clock.now())) == (10, 3, True)
    assert not one.is_due(clock.now() - timedelta(days=2))
    assert not one.is_due(clock.now() + timedelta(days=60)), "given up"


def test_two_orders_are_no_rhythm(cast: Cast, placed: Places) -> None:
    for days in (30, 15):
        number = placed("buyer_c1", (1, 2))
        Order.objects.filter(number=number).update(submitted_at=clock.now() - timedelta(days=days))
    assert [one.rhythm_days for one in usual_goods(cast.buyer_c1)] == [0]


def test_one_touch_lays_the_usual_order_into_the_cart_once(cast: Cast, buyer: HostClient, every_ten_days: None) -> None:
    assert "该补常订货了" in buyer.get("/").content.decode()
    for _again in range(2):
        assert buyer.post("/usual/")["Location"] == "/pad/"
    lying = {item.sku_code: item.quantity for item in cart_of(cast.buyer_c1).items}
    assert lying == {cast.skus[1].code: 3, cast.skus[3].code: 4}


def test_a_quantity_that_gives_way_to_the_usual_one_is_told(
    cast: Cast, buyer: HostClient, every_ten_days: None
) -> None:
    set_in_cart(actor=cast.buyer_c1, command=SetInCart(cast.skus[1].code, Unit.CASE, 9))
    buyer.post("/usual/")
    assert "有 1 个商品原来的数量不同" in buyer.get("/pad/").content.decode()
    assert {item.sku_code: item.quantity for item in cart_of(cast.buyer_c1).items}[cast.skus[1].code] == 3


def test_nothing_due_says_so(buyer: HostClient) -> None:
    assert "该补常订货了" not in buyer.get("/").content.decode()
    assert buyer.post("/usual/")["Location"] == "/"


def test_what_will_be_used_up_in_two_weeks_is_told_with_what_is_lacking(
    cast: Cast, buyer: HostClient, every_ten_days: None
) -> None:
    """54 bottles of SKU 1 in ninety days; 60 of its own lie in D-C1 and 54 are on the way: it lasts."""
    assert runs_low(cast.buyer_c1) == ()
    Order.objects.filter(buyer=cast.c1).update(status="COMPLETED")
    assert runs_low(cast.buyer_c1) == ()
    cast.d_c1.stock.update(on_hand=6)
    low = runs_low(cast.buyer_c1)
    assert [(one.sku_code, one.free, one.coming, one.days_left, one.quantity) for one in low] == [
        (cast.skus[1].code, 6, 0, 10, 2)
    ]
    text = buyer.get("/").content.decode()
    assert "快卖完了" in text
    assert "约剩 10 天的量" in text
    assert runs_low(cast.actor("buyer_c2")) == (), "another house's stock is its own"


def test_lists_are_at_hand(cast: Cast, buyer: HostClient) -> None:
    make_list(actor=cast.buyer_c1, command=MakeList("中秋备货", lines=(CartLine(cast.skus[1].code, 2),)))
    text = buyer.get("/").content.decode()
    assert "中秋备货" in text
    assert "/order/" in text


def test_costs_the_same_for_little_and_much(cast: Cast, buyer: HostClient, placed: Places) -> None:
    placed("buyer_c1", (1, 1))
    buyer.get("/")
    with statements() as few:
        buyer.get("/")
    for days in (31, 21, 11):
        number = placed("buyer_c1", (1, 9), (3, 9))
        Order.objects.filter(number=number).update(submitted_at=clock.now() - timedelta(days=days))
    for name in ("甲", "乙", "丙"):
        make_list(actor=cast.buyer_c1, command=MakeList(name, lines=(CartLine(cast.skus[1].code, 2),)))
    with statements() as many:
        assert "该补常订货了" in buyer.get("/").content.decode()
    assert len(many) == len(few), "\n".join(many)


def test_opens_for_who_sees_neither_prices_nor_stock(as_: Opens) -> None:
    for person in ("finance_c1", "warehouse_c1"):
        assert as_(person).get("/").status_code == 200
        assert as_(person).post("/usual/").status_code == 403


def test_what_was_lost_on_the_road_is_not_coming(cast: Cast, placed: Places) -> None:
    number = placed("buyer_c1", (3, 60))
    approve(actor=cast.sales_admin, command=Approve(number))
    (sent,) = ship_everything(actor=cast.warehouse, command=ShipEverything(number))
    receive(actor=cast.buyer_c1, command=Receive(sent.number, (Wish(1, 12),), note="路上几乎全损"))
    assert [one.coming for one in runs_low(cast.admin_c1) if one.sku_code == cast.skus[3].code] == [0]
