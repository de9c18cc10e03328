"""What is typed about coupons and the rebate pool is never lost on the way to an order, whichever button is pressed."""

import re
from dataclasses import replace

import pytest

from billing.ledger.services import AddRebate, add_rebate
from core.events.models import Event
from core.kernel import clock
from dms.dealers.models import Address
from frontend.ui.wishing import MOST_COUPONS
from ordering.orders.events import FUNDS_ASKED
from ordering.orders.services import CartLine, PutInCart, put_in_cart
from ordering.promotions.models import PromotionPolicy
from ordering.promotions.rules.policies import PercentOff, RebateOffset
from tenants.access.models import Seat
from tests.cast import Cast
from tests.clients import HostClient
from tests.factories.policies import a_month, make_coupon, make_policy
from tests.factories.seats import make_seat
from tests.frontend.storefront.conftest import Opens
from tests.frontend.storefront.test_checkout import hidden, opened, orders
from tests.frontend.storefront.test_promotions import lay, words

WISHES = "/checkout/#checkout-wishes"
MISSING = re.compile(r'name="missing" value="([0-9]+)"')


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
    assert (answer["Location"], orders()) == (WISHES, [])
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
    assert buyer.post("/checkout/", opened(buyer) | {"rebate": "许多"})["Location"] == WISHES
    text = words(buyer, "/checkout/")
    assert "“许多”不是金额" in text.split('id="rebate-errors"')[1][:300]
    assert hidden(text)["rebate"] == "许多"
    assert orders() == []


def test_a_button_of_one_field_takes_the_other_one_along(pooled: Cast, buyer: HostClient) -> None:
    given = opened(buyer)
    buyer.post("/checkout/wishes/", given | {"wish": "coupon", "coupon": "spring", "rebate": "12"})
    assert hidden(words(buyer, "/checkout/"))["expected_total"] == str(160_200 - 1_200)
    buyer.post("/checkout/wishes/", hidden(words(buyer, "/checkout/")) | {"wish": "rebate:all", "rebate": "7"})
    assert hidden(words(buyer, "/checkout/"))["expected_total"] == "147384"


def test_one_coupon_too_many_is_told(pooled: Cast, buyer: HostClient) -> None:
    card = PromotionPolicy.objects.get(code="CARD")
    for number in range(MOST_COUPONS + 1):
        make_coupon(card, f"CODE-{number}")
        buyer.post("/checkout/wishes/", {"wish": "coupon", "coupon": f"CODE-{number}"})
    text = words(buyer, "/checkout/")
    assert "每张订单最多使用 10 张优惠券" in text.split('id="coupon-errors"')[1][:300]
    assert 'value="CODE-10"' in text
    assert "drop:CODE-9" in text
    assert "drop:CODE-10" not in text


def test_a_wrong_coupon_is_told_beside_its_field_as_typed_and_not_kept(pooled: Cast, buyer: HostClient) -> None:
    given = opened(buyer)
    answer = buyer.post("/checkout/wishes/", given | {"wish": "coupon", "coupon": "<b>spring 9"})
    assert answer["Location"] == WISHES
    text = words(buyer, "/checkout/")
    assert "“&lt;b&gt;spring 9”" in text.split('id="coupon-errors"')[1][:300]
    assert 'value="&lt;b&gt;spring 9" aria-invalid="true"' in text
    assert "drop:" not in text
    assert "订单没有提交" not in text
    assert "优惠券" not in text.split('id="checkout-top"')[1].split("pad-grid")[0]
    again = words(buyer, "/checkout/")
    assert "coupon-errors" not in again, "told once"
    assert buyer.post("/checkout/", hidden(again))["Location"].startswith("/orders/")


def test_a_wrong_coupon_that_was_not_used_orders_nothing_and_claims_nothing(pooled: Cast, buyer: HostClient) -> None:
    assert buyer.post("/checkout/", opened(buyer) | {"coupon": "sprung"})["Location"] == WISHES
    text = words(buyer, "/checkout/")
    assert "“sprung”" in text.split('id="coupon-errors"')[1][:300]
    assert "请核对合计后再提交订单" not in text
    assert orders() == []


def test_another_address_shows_its_wishes_and_keeps_what_is_typed(pooled: Cast, buyer: HostClient) -> None:
    """A policy of one district alone: the other address is offered something else, and so are sums and prices."""
    other = Address.objects.create(
        dealer=pooled.c1, label="东仓", recipient="甲", region_code="370112", line="东仓路 1 号"
    )
    there = replace(a_month(), regions=frozenset({"370112"}))
    make_policy(pooled.root, "EAST", PercentOff(5_000), audience=there)
    typed = {"address": str(other.pk), "coupon": "spr", "rebate": "12", "rebate_shown": "142.40"}
    text = buyer.get("/checkout/", typed, headers={"hx-request": "true"}).content.decode()
    card = text.split('id="checkout-wishes"')[1].split("</section>")[0]
    assert "¥71.20" in card
    assert (hidden(card)["rebate"], 'value="spr"' in card) == ("12", True)
    for name in ("checkout-top", "checkout-enter", "checkout-pay", "checkout-sum", "checkout-go", "checkout-bar"):
        assert f'id="{name}"' in text
    assert hidden(text)["prices"] == f"{pooled.skus[1].code}|CASE=178000"


def test_the_pool_is_not_told_to_seats_that_see_no_account(pooled: Cast, buyer: HostClient, as_: Opens) -> None:
    assert "返利池余额" in words(buyer, "/checkout/")
    pooled.seats["clerk_c1"] = make_seat(pooled.portal, "泉城店员", pooled.c1, "outlet_clerk")
    put_in_cart(actor=pooled.actor("clerk_c1"), command=PutInCart((CartLine(pooled.skus[1].code, 1),)))
    text = words(as_("clerk_c1"), "/checkout/")
    assert "返利池余额" not in text
    assert "¥500.00" not in text
    assert hidden(text)["rebate"] == "142.40"


def test_finance_is_asked_for_the_sum_the_checkout_shows(
    pooled: Cast, buyer: HostClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The buyer keeps the pool: what the question says is what the page says, and another sum is asked anew."""
    monkeypatch.setattr(clock, "is_fixed", lambda: False)
    lay(pooled, 1, 70)
    buyer.post("/checkout/wishes/", {"wish": "rebate", "rebate": "0", "currency": "CNY"})
    asked: list[int] = []
    for _ in range(2):
        missing = MISSING.findall(words(buyer, "/checkout/"))[0]
        buyer.post("/checkout/asking/", {"missing": missing})
        asked.append(int(missing))
        buyer.post("/checkout/wishes/", {"wish": "coupon", "coupon": "spring"})
    told = Event.objects.filter(kind=FUNDS_ASKED).order_by("pk").values_list("payload__missing", flat=True)
    assert list(told) == asked
    assert asked[0] > asked[1] > 0


def test_who_is_alone_in_the_house_is_shown_the_account(pooled: Cast, buyer: HostClient) -> None:
    lay(pooled, 1, 70)
    assert 'form="ask-money"' in words(buyer, "/checkout/")
    Seat.objects.filter(dealer_id=pooled.c1.pk).exclude(pk=pooled.seats["buyer_c1"].pk).delete()
    text = words(buyer, "/checkout/")
    assert "ask-money" not in text
    assert 'class="btn btn--primary btn--lg" href="/account/"' in text


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
