"""What is typed about coupons and the rebate pool is never lost on the way to an order, whichever button is pressed."""

import re

import pytest

from billing.ledger.services import AddRebate, add_rebate
from frontend.storefront.wishes import MOST_COUPONS
from ordering.promotions.rules.policies import PercentOff, RebateOffset
from tests.cast import Cast
from tests.clients import HostClient
from tests.factories.policies import make_coupon, make_policy
from tests.frontend.storefront.test_checkout import hidden, opened, orders
from tests.frontend.storefront.test_promotions import lay, words


@pytest.fixture
def pooled(cast: Cast) -> Cast:
    """¥500 in the pool, which may pay 8 % of an order; a coupon of 10 %; a case of ¥1,780 in the cart."""
    make_policy(cast.root, "POOL", RebateOffset(800))
    make_coupon(make_policy(cast.root, "CARD", PercentOff(1_000), needs_coupon=True), "SPRING")
    add_rebate(actor=cast.finance, command=AddRebate(cast.c1.pk, 50_000, "Q4", "返利"))
    lay(cast, 1, 1)
    return cast


@pytest.mark.parametrize(
    ("typed", "rebate", "total"),
    [({"rebate": "0"}, 0, 178_000), ({"rebate": "１００"}, 10_000, 168_000), ({"coupon": "spring"}, 12_816, 147_384)],
)
def test_what_was_typed_and_not_used_is_shown_before_it_is_ordered(
    pooled: Cast, buyer: HostClient, typed: dict[str, str], rebate: int, total: int
) -> None:
    given = opened(buyer)
    assert (given["rebate"], given["rebate_shown"], given["expected_total"]) == ("142.40", "142.40", "163760")
    answer = buyer.post("/checkout/", given | typed | {"note": "走东门"})
    assert (answer["Location"], orders()) == ("/checkout/", [])
    text = words(buyer, "/checkout/")
    assert "请核对合计后再提交订单" in text
    assert "走东门" in text
    again = hidden(text)
    assert again["expected_total"] == str(total)
    assert buyer.post("/checkout/", again)["Location"].startswith("/orders/")
    (order,) = orders()
    assert (order.rebate, order.total) == (rebate, total)


def test_an_order_whose_fields_stand_as_they_were_shown_goes_at_once(pooled: Cast, buyer: HostClient) -> None:
    given = opened(buyer) | {"coupon": ""}
    first, second = buyer.post("/checkout/", given), buyer.post("/checkout/", given)
    assert first["Location"] == second["Location"] != "/checkout/"
    (order,) = orders()
    assert order.rebate == 14_240


def test_what_cannot_be_read_orders_nothing(pooled: Cast, buyer: HostClient) -> None:
    assert buyer.post("/checkout/", opened(buyer) | {"rebate": "许多"})["Location"] == "/checkout/"
    assert "“许多”不是金额" in words(buyer, "/checkout/")
    assert orders() == []


def test_a_button_of_one_field_takes_the_other_one_along(pooled: Cast, buyer: HostClient) -> None:
    given = opened(buyer)
    buyer.post("/checkout/wishes/", given | {"wish": "coupon", "coupon": "spring", "rebate": "12"})
    assert hidden(words(buyer, "/checkout/"))["expected_total"] == str(160_200 - 1_200)
    buyer.post("/checkout/wishes/", hidden(words(buyer, "/checkout/")) | {"wish": "rebate:all", "rebate": "7"})
    assert hidden(words(buyer, "/checkout/"))["expected_total"] == "147384"


def test_one_coupon_too_many_is_told(pooled: Cast, buyer: HostClient) -> None:
    for number in range(MOST_COUPONS + 1):
        buyer.post("/checkout/wishes/", {"wish": "coupon", "coupon": f"CODE-{number}"})
    text = words(buyer, "/checkout/")
    assert "每张订单最多使用 10 张优惠券" in text
    assert "drop:CODE-9" in text
    assert "drop:CODE-10" not in text


_SUBMITS = re.compile(r'<button[^>]*type="submit"[^>]*>')


def test_enter_anywhere_at_the_checkout_presses_the_order_or_keeps_what_is_typed(
    pooled: Cast, buyer: HostClient
) -> None:
    assert "formaction" not in _pressed_by_enter(words(buyer, "/checkout/"))
    lay(pooled, 3, 90_000)
    pressed = _pressed_by_enter(words(buyer, "/checkout/"))
    assert 'formaction="/checkout/wishes/"' in pressed
    assert 'value="typed"' in pressed
    buyer.post("/checkout/wishes/", opened(buyer) | {"wish": "typed", "coupon": "spring", "rebate": "0"})
    assert "drop:SPRING" in words(buyer, "/checkout/")


def _pressed_by_enter(text: str) -> str:
    """The first submit button of the checkout's form, in the order of the page."""
    start = text.index('<form class="stack" id="checkout"')
    end = text.index("</form>", start)
    for found in _SUBMITS.finditer(text):
        if start < found.start() < end or 'form="checkout"' in found[0]:
            return found[0]
    return ""
