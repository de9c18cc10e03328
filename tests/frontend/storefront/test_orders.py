"""A purchase from order to receipt, and a sale from the other side, through the pages."""

import re
from collections.abc import Callable

import pytest
from django.db.models import F

from billing.ledger.models import Hold
from ordering.fulfilment.services import Ship, ship
from ordering.orders.models import Order, OrderLine
from ordering.orders.selectors import cart_of, order_detail
from ordering.orders.services import Approve, CartLine, PlaceOrder, SaveCart, approve, place_order, save_cart
from tests.cast import Cast
from tests.clients import HostClient
from tests.frontend.storefront.conftest import Opens, statements

Places = Callable[..., str]


@pytest.fixture
def placed(cast: Cast) -> Places:
    """``placed("buyer_c1", (1, 10))`` orders ten cases of SKU 1; the number."""

    def place(key: str, *lines: tuple[int, int]) -> str:
        actor = cast.actor(key)
        wanted = tuple(CartLine(cast.skus[number].code, quantity) for number, quantity in lines)
        save_cart(actor=actor, command=SaveCart(lines=wanted))
        return place_order(actor=actor, command=PlaceOrder()).number

    return place


@pytest.fixture
def shipped(cast: Cast, placed: Places) -> str:
    """A shipment of two cases of SKU 1 and one of SKU 3 on its way to C1."""
    number = placed("buyer_c1", (1, 2), (3, 1))
    approve(actor=cast.sales_admin, command=Approve(number))
    return ship(actor=cast.warehouse, command=Ship(number, "W1", carrier="赵师傅")).number


def status_of(cast: Cast, number: str) -> str:
    return order_detail(actor=cast.buyer_c1, number=number).order.status


def test_the_list_tells_status_counts_and_finds_by_number(buyer: HostClient, placed: Places) -> None:
    first, second = placed("buyer_c1", (1, 1)), placed("buyer_c1", (3, 1))
    text = buyer.get("/orders/").content.decode()
    assert first in text
    assert second in text
    assert second not in buyer.get(f"/orders/?q={first}").content.decode()
    assert first not in buyer.get("/orders/?status=CANCELLED").content.decode()
    assert buyer.get("/orders/?status=<x>&page=99").status_code == 200


def test_the_list_says_how_much_each_order_is(cast: Cast, buyer: HostClient, placed: Places) -> None:
    plain, broken = placed("buyer_c1", (1, 10)), placed("buyer_c1", (1, 2), (3, 4))
    OrderLine.objects.filter(order__number=broken, sku_code=cast.skus[3].code).update(bottles=F("bottles") - 1)
    text = buyer.get("/orders/").content.decode()
    assert "10 箱 ·" in row_of(text, plain)
    assert f"5 箱 + {cast.skus[3].bottles_per_case - 1} 瓶 ·" in row_of(text, broken)
    buyer.cookies["jm_language"] = "en"
    assert "10 cases ·" in row_of(buyer.get("/orders/").content.decode(), plain)


def row_of(text: str, number: str) -> str:
    """What the list says of one order."""
    return next(one for one in text.split("data-row>") if number in one)


def test_the_page_tells_next_step_and_who_owes_it(buyer: HostClient, placed: Places) -> None:
    text = buyer.get(f"/orders/{placed('buyer_c1', (1, 2))}/").content.decode()
    assert "审核订单" in text
    assert "杏禾酒业" in text
    assert "采购员乙 提交订单" in text


def test_the_page_says_what_happens_with_the_money(cast: Cast, buyer: HostClient, as_: Opens, placed: Places) -> None:
    number = placed("buyer_c1", (1, 2))
    text = buyer.get(f"/orders/{number}/").content.decode()
    assert text.count("审核通过后走授信 ¥3,560.00，按账期付款，现在无需打款。") == 2
    assert "审核后自动扣款" in text
    assert "待付款</dt>" not in text
    assert "审核通过后" not in as_("warehouse_c1").get(f"/orders/{number}/").content.decode()
    Hold.objects.filter(document_number=number).update(prepay_part=356_000, credit_part=0)
    text = buyer.get(f"/orders/{number}/").content.decode()
    assert "审核通过后从预付款扣 ¥3,560.00，无需再打款。" in text
    Hold.objects.filter(document_number=number).update(prepay_part=56_000, credit_part=300_000)
    text = buyer.get(f"/orders/{number}/").content.decode()
    assert "从预付款扣 ¥560.00，其余 ¥3,000.00 走授信" in text
    Hold.objects.filter(document_number=number).update(prepay_part=0, credit_part=356_000)
    approve(actor=cast.sales_admin, command=Approve(number))
    text = buyer.get(f"/orders/{number}/").content.decode()
    assert "审核通过后" not in text
    assert "¥3,560.00 走授信，按账期付款。" in text
    other = placed("buyer_c1", (3, 1))
    buyer.post(f"/orders/{other}/cancel/", {"reason": "改期"})
    assert "款项和授信已全部释放" in buyer.get(f"/orders/{other}/").content.decode()


def test_another_houses_order_is_missing(as_: Opens, placed: Places) -> None:
    number = placed("buyer_c1", (1, 2))
    stranger = as_("buyer_c2")
    assert stranger.get(f"/orders/{number}/").status_code == 404
    assert stranger.post(f"/orders/{number}/cancel/").status_code == 404
    assert stranger.post(f"/orders/{number}/again/").status_code == 404


def test_the_brands_staff_are_sent_on_to_their_desk(as_: Opens, placed: Places) -> None:
    number = placed("buyer_c1", (1, 2))
    assert as_("sales_admin").get(f"/orders/{number}/")["Location"] == f"/console/orders/{number}/"
    assert as_("sales_admin").get(f"/orders/{placed('buyer_t1', (1, 1))}/").status_code == 404


def test_ordering_again_twice_lays_the_same_lines_once(cast: Cast, buyer: HostClient, placed: Places) -> None:
    number = placed("buyer_c1", (1, 2), (3, 4))
    for _ in range(2):
        assert buyer.post(f"/orders/{number}/again/")["Location"] == "/pad/"
    lying = {item.sku_code: item.quantity for item in cart_of(cast.buyer_c1).items}
    assert lying == {cast.skus[1].code: 2, cast.skus[3].code: 4}


def test_home_offers_the_last_order_and_what_waits(buyer: HostClient, shipped: str, placed: Places) -> None:
    waiting = placed("buyer_c1", (3, 1))
    text = buyer.get("/").content.decode()
    assert "按原数量再订" in text
    assert shipped in text
    assert waiting in text


def test_cancels_with_a_reason_and_only_once(cast: Cast, buyer: HostClient, placed: Places) -> None:
    number = placed("buyer_c1", (1, 2))
    assert buyer.post(f"/orders/{number}/cancel/", {"reason": "下错了"}).status_code == 302
    assert status_of(cast, number) == "CANCELLED"
    assert "下错了" in buyer.get(f"/orders/{number}/").content.decode()
    again = buyer.post(f"/orders/{number}/cancel/", {"reason": "再来一次"})
    assert again.status_code == 422
    assert again.content.decode().count("<main") == 1


def test_signs_for_all_in_one_tap(cast: Cast, buyer: HostClient, shipped: str) -> None:
    assert "全部签收" in buyer.get(f"/receive/{shipped}/").content.decode()
    answer = buyer.post(f"/receive/{shipped}/", {"all": "1"})
    assert answer.status_code == 302
    lines = order_detail(actor=cast.buyer_c1, number=answer["Location"].split("/")[2]).lines
    assert [line.received_bottles for line in lines] == [12, 12]


def test_signs_line_by_line_and_asks_what_happened(cast: Cast, buyer: HostClient, shipped: str) -> None:
    refused = buyer.post(f"/receive/{shipped}/", {"missing-1": "２"})
    assert refused.status_code == 422
    assert 'value="２"' in refused.content.decode()
    answer = buyer.post(f"/receive/{shipped}/", {"missing-1": "２", "note": "第 1 箱破损 2 瓶"})
    lines = order_detail(actor=cast.buyer_c1, number=answer["Location"].split("/")[2]).lines
    assert [line.received_bottles for line in lines] == [10, 12]
    assert buyer.post(f"/receive/{shipped}/", {"all": "1"}).status_code == 422


@pytest.mark.parametrize("missing", ["-1", "<b>", "9" * 30, "1.5", "13"])
def test_what_is_no_number_signs_nothing(buyer: HostClient, shipped: str, missing: str) -> None:
    answer = buyer.post(f"/receive/{shipped}/", {"missing-1": missing, "note": "破损"})
    assert answer.status_code == 422
    assert "<b>" not in answer.content.decode()
    assert "全部签收" in buyer.get(f"/receive/{shipped}/").content.decode()


def test_more_missing_than_shipped_is_refused_at_its_line(buyer: HostClient, shipped: str) -> None:
    given = {"missing-1": "9999", "missing-2": "1", "note": "第 1 箱破损"}
    text = buyer.post(f"/receive/{shipped}/", given).content.decode()
    assert re.search(r'value="9999"[^>]*aria-invalid="true"', text)
    assert text.count("只发了 12 瓶，缺损不会更多。") == 1
    assert 'value="1"' in text
    assert "第 1 箱破损</textarea>" in text


def test_a_shipment_of_another_house_is_missing(as_: Opens, shipped: str) -> None:
    assert as_("buyer_c2").get(f"/receive/{shipped}/").status_code == 404
    assert as_("buyer_c2").post(f"/receive/{shipped}/", {"all": "1"}).status_code == 404


def test_a_dealer_sees_sells_and_ships_its_customers_orders(cast: Cast, as_: Opens, placed: Places) -> None:
    number = placed("buyer_t1", (1, 2))
    seller = as_("admin_c1")
    assert number in seller.get("/sales/").content.decode()
    page = seller.get(f"/sales/{number}/").content.decode()
    assert "接单" in page
    assert seller.post(f"/sales/{number}/approve/").status_code == 302
    assert "发出该仓全部备货" in seller.get(f"/sales/{number}/").content.decode()
    assert seller.post(f"/sales/{number}/ship/", {"warehouse": "D-C1", "carrier": "自送"}).status_code == 302
    assert Order.objects.get(number=number).fulfilment_status == "SHIPPED"


def test_turning_down_needs_a_reason_and_keeps_the_page(cast: Cast, as_: Opens, placed: Places) -> None:
    number = placed("buyer_t1", (1, 2))
    seller = as_("admin_c1")
    assert seller.post(f"/sales/{number}/reject/", {"reason": " "}).status_code == 422
    assert seller.post(f"/sales/{number}/reject/", {"reason": "没有货"}).status_code == 302
    assert Order.objects.get(number=number).status == "REJECTED"


def test_a_stale_page_decides_nothing(as_: Opens, placed: Places) -> None:
    number = placed("buyer_t1", (1, 2))
    answer = as_("admin_c1").post(f"/sales/{number}/approve/", {"version": "999"})
    assert answer.status_code == 422
    assert Order.objects.get(number=number).status == "SUBMITTED"


def test_nobody_approves_what_they_buy(as_: Opens, placed: Places) -> None:
    number = placed("buyer_c1", (1, 2))
    assert as_("admin_c1").post(f"/sales/{number}/approve/").status_code == 404


def test_only_who_has_customers_is_shown_their_orders(as_: Opens) -> None:
    assert "客户订单" in as_("admin_c1").get("/me/").content.decode()
    assert "客户订单" not in as_("buyer_t1").get("/me/").content.decode()


def test_an_order_of_one_line_and_of_three_cost_the_same_statements(buyer: HostClient, placed: Places) -> None:
    small, large = placed("buyer_c1", (1, 1)), placed("buyer_c1", (1, 1), (2, 1), (3, 1))
    buyer.get(f"/orders/{small}/")
    with statements() as few:
        buyer.get(f"/orders/{small}/")
    with statements() as many:
        buyer.get(f"/orders/{large}/")
    assert len(few) == len(many)


def test_home_knows_the_usual_goods_and_costs_the_same_for_one_and_three(buyer: HostClient, placed: Places) -> None:
    placed("buyer_c1", (1, 3))
    buyer.get("/")
    with statements() as few:
        text = buyer.get("/").content.decode()
    placed("buyer_c1", (1, 1), (2, 1), (3, 1))
    with statements() as many:
        buyer.get("/")
    assert "常订商品" in text
    assert "订 3 箱" in text
    assert len(few) == len(many)
