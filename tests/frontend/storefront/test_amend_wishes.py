"""What is said about coupons, the rebate pool and gifts where a waiting order is changed, by page and by API."""

import re
from typing import Any

import pytest
from django.db.models import F

from billing.ledger.services import AddRebate, add_rebate
from core.events.models import Event
from dms.stock.models import Stock
from ordering.orders.models import Order
from ordering.orders.services import OrderedLine, PlaceOrder, place_order
from ordering.promotions.models import Coupon
from ordering.promotions.rules.policies import Gift, Goods, PercentOff, RebateOffset
from tests.api.calling import Api
from tests.cast import Cast
from tests.clients import HostClient
from tests.factories.policies import make_coupon, make_policy
from tests.frontend.storefront.conftest import Opens
from tests.frontend.storefront.test_amend import inputs, send

CASE = 178_000
POOLED = 2 * CASE - 28_480


@pytest.fixture
def number(cast: Cast) -> str:
    """Two cases of SKU 1 at ¥1,780: the pool of ¥500 pays 8 %, a case of SKU 2 comes with it; SPRING takes 10 % off."""
    make_policy(cast.root, "POOL", RebateOffset(800))
    make_policy(cast.root, "GIFT", Gift(2, 1, sku=cast.skus[2].code), goods=Goods(skus=frozenset({cast.skus[1].code})))
    make_coupon(make_policy(cast.root, "CARD", PercentOff(1_000), needs_coupon=True), "SPRING")
    add_rebate(actor=cast.finance, command=AddRebate(cast.c1.pk, 50_000, "Q4", "返利"))
    lines = (OrderedLine(cast.skus[1].code, 2),)
    return place_order(actor=cast.buyer_c1, command=PlaceOrder(lines=lines)).number


def change(client: HostClient, number: str, **typed: Any) -> str:
    """The page once somebody looked at what was typed."""
    path = f"/orders/{number}/change/"
    answer = send(client, path, inputs(client.get(path).content.decode()), "look", **typed)
    html: str = answer.content.decode()
    return html


def agree(client: HostClient, number: str, looked: str, **typed: Any) -> Order:
    """The order once the page that was looked at is sent."""
    assert send(client, f"/orders/{number}/change/", inputs(looked), "send", **typed).status_code == 302
    return Order.objects.get(number=number)


def test_a_coupon_typed_while_changing_takes_its_part_off(cast: Cast, buyer: HostClient, number: str) -> None:
    looked = change(buyer, number, coupons="spring")
    assert inputs(looked)["coupons"] == ["spring"]
    assert inputs(looked)["expected_total"] == ["294768"]
    for shown in ("其中促销优惠", "¥356.00", "返利抵扣", "¥284.80", "¥256.32", cast.skus[2].code):
        assert shown in looked
    order = agree(buyer, number, looked)
    assert (order.coupon_codes, order.discount, order.rebate, order.total) == (["SPRING"], 35_600, 25_632, 294_768)
    story = buyer.get(f"/orders/{number}/").content.decode()
    assert "优惠券、返利或赠品" in story
    assert inputs(buyer.get(f"/orders/{number}/change/").content.decode())["coupons"] == ["SPRING"]


def test_the_pool_and_the_gifts_follow_what_is_said(cast: Cast, buyer: HostClient, number: str) -> None:
    looked = change(buyer, number, rebate="１００", without_gifts="on")
    assert f"{cast.skus[2].code}" in looked, "the gift that falls away is shown"
    order = agree(buyer, number, looked, without_gifts="on")
    assert (order.rebate, order.rebate_wanted, order.wants_no_gifts, order.line_count) == (10_000, 10_000, True, 1)
    story, gift = buyer.get(f"/orders/{number}/").content.decode(), cast.skus[2].name
    assert re.search(f"赠品 {re.escape(gift)} [^ ]+ [^ ]+ → —", story), "which gift, and how much it was"
    assert " · 赠品 · " not in story
    order = agree(buyer, number, change(buyer, number, rebate=""))
    assert (order.rebate, order.rebate_wanted, order.wants_no_gifts, order.line_count) == (28_480, None, False, 2)


def test_a_gift_that_is_short_is_told_by_name_and_in_cases(
    cast: Cast, buyer: HostClient, as_: Opens, number: str
) -> None:
    Stock.objects.filter(owner=cast.root, sku=cast.skus[2]).update(on_hand=F("reserved"))
    words = f"赠品 {cast.skus[2].name} 库存不足：应赠 4 箱，扣除本单所订后还剩 1 箱。"
    assert words in change(buyer, number, quantity="8")
    desk, path = as_("sales_admin"), f"/console/orders/{number}/change/"
    looked = send(desk, path, inputs(desk.get(path).content.decode()), "look", quantity="8", reason="补货")
    assert words in looked.content.decode()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"coupons": "NONE-1"}, "NONE-1"),
        ({"coupons": " ".join(f"C{number}" for number in range(11))}, "最多使用 10 张"),
        ({"coupons": "X" * 31}, "最多 30 个字符"),
        ({"rebate": "许多"}, "许多"),
        ({"rebate": "-1"}, "不能为负"),
    ],
)
def test_what_cannot_be_is_told_at_its_field(buyer: HostClient, number: str, typed: dict[str, str], words: str) -> None:
    looked = change(buyer, number, **typed)
    assert words in looked
    assert looked.count('class="field__error"') == 1
    assert 'value="send"' not in looked


def test_a_change_that_says_nothing_of_them_changes_nothing(buyer: HostClient, number: str) -> None:
    order = agree(buyer, number, change(buyer, number))
    assert (order.version, order.total) == (1, POOLED)
    assert not Event.objects.filter(kind="ordering.order_amended.v1").exists()


def test_the_desk_has_the_fields_too(as_: Opens, number: str) -> None:
    desk, path = as_("sales_admin"), f"/console/orders/{number}/change/"
    looked = send(desk, path, inputs(desk.get(path).content.decode()), "look", rebate="0", reason="财务要求")
    assert send(desk, path, inputs(looked.content.decode()), "send").status_code == 302
    assert (
        Order.objects.get(number=number).rebate,
        "优惠券、返利或赠品" in desk.get(f"/console/orders/{number}/").content.decode(),
    ) == (0, True)


def test_the_api_changes_what_is_said_and_leaves_the_rest(cast: Cast, number: str) -> None:
    buyer, line = Api(cast, cast.buyer_c1), {"sku": cast.skus[1].code, "unit": "CASE", "quantity": 2}

    def amended(version: int, total: str, **wishes: Any) -> Order:
        agreed = {"amount": total, "currency": "CNY"}
        body = {"version": version, "lines": [line], "expected_total": agreed, **wishes}
        buyer.post(f"orders/{number}/amendments", body, 200)
        return Order.objects.get(number=number)

    order = amended(1, "2947.68", coupons=["spring"])
    assert (order.coupon_codes, order.rebate, order.wants_no_gifts) == (["SPRING"], 25_632, False)
    order = amended(2, "3104.00", rebate={"amount": "100.00", "currency": "CNY"}, without_gifts=True)
    assert (order.coupon_codes, order.rebate, order.wants_no_gifts) == (["SPRING"], 10_000, True)
    order = amended(3, "3460.00", coupons=[], rebate=None)
    assert (order.coupon_codes or [], order.rebate, order.wants_no_gifts) == ([], 10_000, True)
    wrong = {"version": 4, "lines": [line], "coupons": "SPRING", "without_gifts": "yes"}
    refused = buyer.post(f"orders/{number}/amendments", wrong, 422)
    assert {fault["field"] for fault in refused["errors"]} == {"coupons", "without_gifts"}


def test_a_coupon_that_ended_is_no_matter_of_who_changes_another_wish(
    cast: Cast, buyer: HostClient, number: str
) -> None:
    agree(buyer, number, change(buyer, number, coupons="spring"))
    Coupon.objects.update(is_withdrawn=True)
    order = agree(buyer, number, change(buyer, number, rebate="0"))
    assert (order.rebate, order.discount) == (0, 0)
    line = {"sku": cast.skus[1].code, "unit": "CASE", "quantity": 2}
    body = {"version": order.version, "lines": [line], "without_gifts": True}
    agreed = {"amount": "3560.00", "currency": "CNY"}
    Api(cast, cast.buyer_c1).post(f"orders/{number}/amendments", {**body, "expected_total": agreed}, 200)
    assert Order.objects.get(number=number).wants_no_gifts is True
