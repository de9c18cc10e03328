"""Checkout: one button, one order, whatever is pressed twice; refusals at their line, nothing typed lost."""

import re
from datetime import timedelta

import pytest

from core.events.relay import relay
from core.kernel import clock
from core.messages.selectors import inbox
from core.vault.services import unseal
from dms.dealers.models import Address
from dms.stock.models import Stock
from ordering.orders.models import Order
from ordering.orders.selectors import cart_of
from ordering.orders.services import CartLine, SaveCart, save_cart
from ordering.pricing.models import PriceEntry
from ordering.promotions.rules.policies import Gift, PercentOff
from tests.cast import Cast
from tests.clients import HostClient, visitor
from tests.factories.policies import make_coupon, make_policy
from tests.factories.prices import make_price
from tests.frontend.storefront.conftest import Opens

_NAMES = "key|mark|expected_total|prices|currency|rebate|rebate_shown"
_HIDDEN = re.compile(rf'name="({_NAMES})"[^>]*value="([^"]*)"|value="([^"]*)"[^>]*name="({_NAMES})"')


@pytest.fixture
def filled(cast: Cast) -> Cast:
    lines = (CartLine(cast.skus[1].code, 10), CartLine(cast.skus[3].code, 5))
    save_cart(actor=cast.buyer_c1, command=SaveCart(lines=lines))
    return cast


def hidden(text: str) -> dict[str, str]:
    """The hidden fields of the checkout form."""
    return {name or name2: value or value2 for name, value, value2, name2 in _HIDDEN.findall(text)}


def opened(client: HostClient) -> dict[str, str]:
    answer = client.get("/checkout/")
    assert answer.status_code == 200
    return hidden(answer.content.decode())


def refused(client: HostClient, given: dict[str, str]) -> str:
    """The page a refused order leads to: one that can be reloaded, and gone back to, without sending it again."""
    answer = client.post("/checkout/", given)
    assert (answer.status_code, answer["Location"]) == (302, "/checkout/")
    text = client.get("/checkout/").content.decode()
    assert "订单没有提交" in text
    return text


def orders() -> list[Order]:
    return list(Order.objects.exclude(status=Order.Status.DRAFT))


def test_shows_lines_sources_and_why_each_price(filled: Cast, buyer: HostClient) -> None:
    text = buyer.get("/checkout/").content.decode()
    assert "¥18,800.00" in text
    assert "为什么是这个价" in text
    assert "贵司的进货价" in text
    assert "价盘 TIER" not in text


def test_places_the_order_and_empties_the_cart(filled: Cast, buyer: HostClient) -> None:
    given = opened(buyer) | {"note": "走东门", "buyer_reference": "PO-1"}
    answer = buyer.post("/checkout/", given)
    (order,) = orders()
    assert answer["Location"] == f"/orders/{order.number}/"
    assert (order.total, order.note, order.buyer_reference) == (1_880_000, "走东门", "PO-1")
    assert cart_of(filled.buyer_c1).items == ()
    assert buyer.get(answer["Location"]).status_code == 200


def test_the_same_form_twice_is_one_order(filled: Cast, buyer: HostClient) -> None:
    given = opened(buyer)
    first, second = buyer.post("/checkout/", given), buyer.post("/checkout/", given | {"note": "again"})
    assert first["Location"] == second["Location"]
    assert len(orders()) == 1


def test_an_old_form_after_the_order_leads_to_the_orders(filled: Cast, buyer: HostClient) -> None:
    given = opened(buyer)
    buyer.post("/checkout/", given)
    answer = buyer.post("/checkout/", given | {"key": "another-key"})
    assert answer["Location"] == "/orders/"
    assert len(orders()) == 1


def test_a_price_that_changed_is_refused_with_the_new_total_and_what_was_typed(filled: Cast, buyer: HostClient) -> None:
    given = opened(buyer) | {"expected_total": "1", "note": "别丢了这句"}
    text = refused(buyer, given)
    assert "别丢了这句" in text
    assert orders() == []
    assert hidden(text)["expected_total"] == "1880000"
    assert buyer.post("/checkout/", hidden(text)).status_code == 302


def test_going_back_to_a_refused_order_keeps_what_was_typed_until_it_is_placed(filled: Cast, buyer: HostClient) -> None:
    text = refused(buyer, opened(buyer) | {"expected_total": "1", "note": "走东门"})
    again = buyer.get("/checkout/").content.decode()
    assert "走东门" in again
    assert "订单没有提交" not in again, "told once"
    placed = buyer.post("/checkout/", hidden(text) | {"note": "走东门"})
    assert placed["Location"].startswith("/orders/")
    assert buyer.get("/checkout/")["Location"] == "/pad/"
    save_cart(actor=filled.buyer_c1, command=SaveCart(lines=(CartLine(filled.skus[1].code, 1),)))
    assert "走东门" not in buyer.get("/checkout/").content.decode()


def test_other_goods_of_the_same_total_are_not_ordered_unseen(filled: Cast, buyer: HostClient) -> None:
    given = opened(buyer) | {"note": "走东门"}
    seen = cart_of(filled.buyer_c1).items[0]
    make_price(filled.national, filled.skus[5], {1: 1_880_000 // seen.quantity})
    save_cart(actor=filled.buyer_c1, command=SaveCart((CartLine(filled.skus[5].code, seen.quantity),)))
    text = refused(buyer, given)
    assert orders() == []
    assert "刚在另一个窗口改过" in text
    assert "走东门" in text
    again = hidden(text) | {"note": "走东门"}
    assert again["expected_total"] == given["expected_total"]
    buyer.post("/checkout/", again)
    (order,) = orders()
    assert order.lines.get().sku_code == filled.skus[5].code


def test_stock_that_went_meanwhile_is_told_at_its_line(filled: Cast, buyer: HostClient) -> None:
    given = opened(buyer)
    Stock.objects.filter(sku=filled.skus[1], owner=filled.root).update(on_hand=12)
    text = refused(buyer, given)
    assert "改为 2 箱" in text
    assert orders() == []


def test_a_day_in_the_past_is_told_beside_the_field(filled: Cast, buyer: HostClient) -> None:
    yesterday = (clock.business_day() - timedelta(days=1)).isoformat()
    assert 'aria-invalid="true"' in refused(buyer, opened(buyer) | {"wished_on": yesterday})


def test_an_expired_session_leads_to_sign_in_and_back_with_the_cart_intact(filled: Cast, buyer: HostClient) -> None:
    given = opened(buyer)
    buyer.cookies.clear()
    answer = buyer.post("/checkout/", given, headers={"referer": f"http://{filled.portal.host}/checkout/"})
    assert answer["Location"].endswith(("?next=/checkout/", "?next=%2Fcheckout%2F"))
    assert len(cart_of(filled.buyer_c1).items) == 2


def test_an_address_of_another_house_is_never_taken(filled: Cast, buyer: HostClient) -> None:
    other = Address.objects.create(
        dealer=filled.c2, label="仓", recipient="别人", region_code="370200", line="别人家 1 号"
    )
    buyer.post("/checkout/", opened(buyer) | {"address": str(other.pk)})
    assert all(order.ship_to_line != "别人家 1 号" for order in orders())


def test_an_empty_cart_leads_back_to_the_pad(buyer: HostClient) -> None:
    assert buyer.get("/checkout/")["Location"] == "/pad/"


def test_whoever_may_not_order_finds_no_checkout(filled: Cast, as_: Opens) -> None:
    assert as_("finance_c1").get("/checkout/").status_code == 403
    assert visitor(filled.portal).get("/checkout/").status_code == 302


def reprice(cast: Cast, amount: int) -> None:
    """Another price of the first line's product, from now on."""
    entries = PriceEntry.objects.filter(sku=cast.skus[1], unit="CASE")
    entries.update(amount=amount)


def test_a_price_that_changed_since_the_pad_is_told_with_old_and_new(filled: Cast, buyer: HostClient) -> None:
    code = filled.skus[1].code
    buyer.post("/pad/checkout/", {"prices": f"{code}|CASE=165000 {filled.skus[3].code}|CASE=36000"})
    text = buyer.get("/checkout/").content.decode()
    assert "有 1 个商品的价格变了" in text
    assert "¥1,650.00" in text
    assert "¥1,700.00" in text


def test_a_price_that_changed_at_the_checkout_is_refused_told_and_asked_about(filled: Cast, buyer: HostClient) -> None:
    given = opened(buyer)
    assert "价格变了" not in buyer.get("/checkout/").content.decode()
    reprice(filled, 180_000)
    text = refused(buyer, given)
    assert "原 ¥18,800.00，现 ¥19,800.00" in text
    assert "有 1 个商品的价格变了" in text
    assert "¥1,700.00" in text
    assert "¥1,800.00" in text
    assert buyer.post("/checkout/", hidden(text))["Location"].startswith("/orders/")
    (order,) = orders()
    assert order.total == 1_980_000


def test_too_little_money_shows_what_is_missing_and_ways_out(
    cast: Cast, as_: Opens, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "is_fixed", lambda: False)  # acts that happen now although the clock stands still
    save_cart(actor=cast.buyer_c1, command=SaveCart(lines=(CartLine(cast.skus[1].code, 60),)))
    buyer = as_("buyer_c1")
    text = buyer.get("/checkout/").content.decode()
    assert "账户余额不足" in text
    assert text.count("notice__body") == 0, "one card says it, no notice beside it"
    assert text.count("请财务打款") == 3
    pay = text.split('id="checkout-pay"')[1].split("</section>")[0]
    assert "还差" in pay
    assert "−¥" not in pay, "credit pays no more than there is"
    place = re.search(r'<button[^>]*form="checkout"[^>]*disabled[^>]*>提交订单', text)
    assert place is not None
    assert not re.search(r'<button class="btn btn--primary[^>]*form="checkout"', text)
    assert 'value="typed"' in text.split('id="checkout-enter"')[1][:300], "Enter orders nothing"
    told = len(inbox(cast.actor("finance_c1")))
    for _ in range(2):
        assert "已通知贵司财务" in buyer.post("/checkout/asking/", follow=True).content.decode()
    relay(cast.portal.schema)
    assert len(inbox(cast.actor("finance_c1"))) == told + 1, "once for one state of the cart"
    buyer.post("/lists/", {"source": "cart", "name": "待款到下单"})
    assert "待款到下单" in buyer.get("/lists/").content.decode()
    assert [item.quantity for item in cart_of(cast.buyer_c1).items] == [60]


def test_who_may_keeps_addresses_and_uses_them_at_once(filled: Cast, as_: Opens) -> None:
    head = as_("admin_c1")
    save_cart(actor=filled.actor("admin_c1"), command=SaveCart(lines=(CartLine(filled.skus[3].code, 1),)))
    form = {"recipient": "孙立新", "phone": "13800002716", "line": "山东省济南市历下区工业南路 63 号"}
    answer = head.post("/addresses/new/?next=checkout", {**form, "label": "东仓"})
    row = Address.objects.get(dealer=filled.c1, label="东仓")
    assert answer["Location"] == f"/checkout/?address={row.pk}"
    assert (row.region_code, row.is_default) == ("370102", False)
    page = head.get(f"/addresses/{row.pk}/").content.decode()
    assert "138****2716" in page
    assert "13800002716" not in page
    before = row.phone_sealed
    head.post(f"/addresses/{row.pk}/", {**form, "phone": "138****2716", "label": "东二仓"})
    row.refresh_from_db()
    assert (row.label, unseal(row.phone_sealed)) == ("东二仓", unseal(before))
    assert "东二仓" in head.get("/checkout/").content.decode()
    refused = head.post("/addresses/new/", {**form, "line": "工业南路 63 号"})
    assert refused.status_code == 422
    assert "请写明省、市、区县" in refused.content.decode()
    assert as_("buyer_c1").get("/addresses/").status_code == 403
    other = Address.objects.create(
        dealer=filled.c2, label="仓", recipient="别人", region_code="370200", line="别人家 1 号"
    )
    assert head.get(f"/addresses/{other.pk}/").status_code == 404


def test_a_line_mended_at_the_checkout_stays_there(filled: Cast, buyer: HostClient) -> None:
    line = {"sku": filled.skus[1].code, "unit": "CASE", "quantity": "2", "back": "checkout"}
    assert buyer.post("/pad/line/", line)["Location"] == "/checkout/"


def test_an_address_is_removed_and_the_next_takes_its_place(filled: Cast, as_: Opens) -> None:
    head = as_("admin_c1")
    first = Address.objects.get(dealer=filled.c1)
    other = Address.objects.create(
        dealer=filled.c1, label="东仓", recipient="甲", region_code="370102", line="东仓路 1 号"
    )
    assert f"/addresses/{first.pk}/remove/" in head.get(f"/addresses/{first.pk}/").content.decode()
    page = head.post(f"/addresses/{first.pk}/remove/", follow=True).content.decode()
    assert "东仓" in page
    assert list(Address.objects.filter(dealer=filled.c1, is_default=True)) == [other]
    assert head.post(f"/addresses/{first.pk}/remove/").status_code == 404


def test_gifts_discounts_and_coupons_show_before_the_order(filled: Cast, buyer: HostClient) -> None:
    make_policy(filled.root, "GIFT", Gift(1, 100, sku=filled.skus[2].code))
    card = make_policy(filled.root, "CARD", PercentOff(1_000), needs_coupon=True)
    make_coupon(card, "SPRING")
    page = buyer.get("/checkout/").content.decode()
    assert "deal-gifts" in page
    assert f"赠品 {filled.skus[2].name} 库存不足：应赠 1,500 箱" in page, "by its name and in cases"
    assert "促销优惠</dt>" not in page
    assert "可选择不要赠品" in refused(buyer, opened(buyer))
    typed = {**hidden(page), "note": "周五前到货"}
    assert buyer.post("/checkout/wishes/", {**typed, "wish": "coupon", "coupon": "spring"}).status_code == 302
    assert buyer.post("/checkout/wishes/", {**typed, "wish": "gifts:none"}).status_code == 302
    page = buyer.get("/checkout/").content.decode()
    assert "促销优惠</dt>" in page
    assert "deal-gifts" not in page
    assert "周五前到货" in page
    assert "本单不要赠品" in page
    answer = buyer.post("/checkout/", hidden(page))
    assert answer.status_code == 302
    (order,) = orders()
    assert (order.coupon_codes, order.wants_no_gifts) == (["SPRING"], True)
    assert order.discount > 0
