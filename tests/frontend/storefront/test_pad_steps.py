"""What a line of the pad tells beside its price: the next step with one tap, the policies, gifts that come and go."""

import re

from core.kernel.quantity import Unit
from ordering.promotions.rules.policies import FixedPrice, Gift, Goods, PercentOff
from tests.cast import Cast
from tests.clients import HostClient
from tests.factories.policies import make_policy
from tests.factories.seats import make_seat
from tests.frontend.storefront.conftest import Opens, statements
from tests.frontend.storefront.pads import HTMX, lying, many_products, paste

MORE = re.compile(r'id="l-([^"]+)-CASE-more"[^>]*>(.*?)</div>', re.S)


def more_of(text: str, code: str) -> str:
    """What stands below the line of a product."""
    return next((found[2] for found in MORE.finditer(text) if found[1] == code), "")


def test_the_next_step_is_told_net_with_its_saving_and_one_tap(cast: Cast, buyer: HostClient) -> None:
    code = cast.skus[1].code
    text = more_of(paste(buyer, f"{code} 4"), code)
    assert "再订 6 箱，实付单价 ¥1,700.00，低 ¥80.00" in text
    assert 'name="quantity" value="10"' in text
    assert "6 箱</button>" in text
    buyer.post("/pad/line/", {"sku": code, "unit": "CASE", "was": "4", "quantity": "10"}, headers=HTMX)
    assert lying(cast) == {code: 10}


def test_no_push_where_a_promotion_is_better_than_the_step(cast: Cast, buyer: HostClient) -> None:
    code = cast.skus[1].code
    make_policy(cast.root, "FLASH", FixedPrice(165_000, Unit.CASE), goods=Goods(skus=frozenset({code})))
    text = more_of(paste(buyer, f"{code} 4"), code)
    assert "再订" not in text
    assert "FLASH" in text
    assert "为什么是这个价" in text
    assert "限时折扣：FLASH" in text


def test_a_plain_price_needs_no_story_and_a_step_of_the_list_has_one(cast: Cast, buyer: HostClient) -> None:
    code = cast.skus[1].code
    assert "为什么是这个价" not in more_of(paste(buyer, f"{code} 4"), code)
    buyer.post("/pad/line/", {"sku": code, "unit": "CASE", "quantity": "10"})
    assert "为什么是这个价" in more_of(buyer.get("/pad/").content.decode(), code)


def test_a_change_tells_the_other_lines_their_new_story(cast: Cast, buyer: HostClient) -> None:
    code, other = cast.skus[1].code, cast.skus[3].code
    make_policy(cast.root, "TENTH", PercentOff(1_000))
    paste(buyer, f"{code} 4\n{other} 1")
    line = {"sku": code, "unit": "CASE", "quantity": "5"}
    text = buyer.post("/pad/line/", line, headers=HTMX).content.decode()
    assert "TENTH" in more_of(text, other)
    assert f'id="l-{other}-CASE-more" hx-swap-oob="true"' in text


def test_a_gift_that_comes_or_goes_is_said(cast: Cast, buyer: HostClient) -> None:
    code = cast.skus[1].code
    make_policy(cast.root, "GIFT", Gift(5, 1, sku=cast.skus[3].code))
    shown = re.compile(r'id="pad-gifts" value="([^"]*)"')
    text = paste(buyer, f"{code} 4")
    line = {"sku": code, "unit": "CASE"}
    for quantity, told in (("10", "获赠 2 箱"), ("5", "2 箱 → 1 箱"), ("4", "已取消：订货量不够了"), ("3", "")):
        seen = shown.findall(text)[-1]
        text = buyer.post("/pad/line/", {**line, "quantity": quantity, "gifts": seen}, headers=HTMX).content.decode()
        assert told in text
        assert ('class="toast"' in text) == bool(told)


def test_steps_and_stories_cost_no_statement(cast: Cast, buyer: HostClient) -> None:
    for number in range(5):
        make_policy(cast.root, f"P{number}", PercentOff(100 + number))
    codes = many_products(cast, 200)
    paste(buyer, f"{codes[0]} 4")
    buyer.get("/pad/")
    with statements() as few:
        buyer.get("/pad/")
    paste(buyer, "\n".join(f"{code} 4" for code in codes))
    with statements() as many:
        buyer.get("/pad/")
    assert len(few) == len(many)


def test_a_seat_without_purchase_prices_is_told_no_step(cast: Cast, as_: Opens) -> None:
    make_policy(cast.root, "TENTH", PercentOff(1_000))
    cast.seats["unpriced_c1"] = make_seat(cast.portal, "泉城店员", cast.c1, "outlet_clerk_unpriced")
    text = paste(as_("unpriced_c1"), f"{cast.skus[1].code} 4")
    assert "实付单价" not in text
    assert "TENTH" not in text
