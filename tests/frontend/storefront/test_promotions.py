"""Promotions as the buyer meets them: the page, hints with one tap, what the pool pays, sums of what can be ordered."""

from datetime import timedelta

from core.kernel import clock
from ordering.orders.selectors import cart_of
from ordering.orders.services import CartLine, PutInCart, put_in_cart
from ordering.promotions.rules.policies import Audience, Gift, Goods, Ladder, Measure, PercentOff, TierStep
from ordering.promotions.rules.terms import Limits
from tests.cast import Cast
from tests.clients import HostClient
from tests.factories.policies import make_coupon, make_policy
from tests.frontend.storefront.conftest import Opens, statements


def lay(cast: Cast, number: int, quantity: int) -> str:
    """Put a product into the buyer's cart; its code."""
    code = cast.skus[number].code
    put_in_cart(actor=cast.buyer_c1, command=PutInCart((CartLine(code, quantity),)))
    return code


def words(client: HostClient, path: str) -> str:
    """The text of a page."""
    answer = client.get(path)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_the_page_tells_what_runs_how_long_and_what_is_left(cast: Cast, buyer: HostClient) -> None:
    sku = cast.skus[1]
    make_policy(
        cast.root,
        "OFF",
        PercentOff(1_000),
        goods=Goods(skus=frozenset({sku.code})),
        limits=Limits(amount=123_400, dealer_amount=200_000),
    )
    make_coupon(make_policy(cast.root, "CARD", PercentOff(500), needs_coupon=True), "SPRING", dealer=cast.c1)
    text = words(buyer, "/promotions/")
    assert "直降 10%" in text
    assert "¥1,234.00" in text
    assert f'href="/products/{sku.code}/"' in text
    assert "SPRING" in text
    assert 'value="123400" max="200000"' in text


def test_what_all_dealers_share_is_not_said_to_be_ones_own(cast: Cast, buyer: HostClient) -> None:
    make_policy(cast.root, "BUDGET", PercentOff(1_000), limits=Limits(amount=123_400))
    text = words(buyer, "/promotions/")
    assert "1,234" not in text
    assert "您还可享" not in text
    make_policy(cast.root, "CASES", PercentOff(500), limits=Limits(bottles=24_000))
    text = words(buyer, "/promotions/")
    assert "全部经销商剩余" in text
    assert "24,000" in text
    assert "data-countdown" not in text


def test_what_ends_within_two_days_counts_down(cast: Cast, buyer: HostClient) -> None:
    ends = clock.now() + timedelta(hours=30)
    make_policy(cast.root, "SOON", PercentOff(1_000), audience=Audience(clock.now() - timedelta(days=1), ends))
    text = words(buyer, "/promotions/")
    assert "data-countdown=" in text
    assert "剩 1 天" in text or "还剩 1 天" in text


def test_the_page_costs_the_same_for_many_promotions(cast: Cast, buyer: HostClient) -> None:
    counts = []
    for most in (1, 20):
        for number in range(most):
            make_policy(cast.root, f"P{most}-{number}", PercentOff(100 + number), limits=Limits(amount=1_000))
        words(buyer, "/promotions/")
        with statements() as seen:
            words(buyer, "/promotions/")
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 10


def test_one_tap_adds_the_cheapest_way_to_the_next_step(cast: Cast, buyer: HostClient) -> None:
    ladder = Ladder(Measure.CASES, (TierStep(5, off_bp=200),))
    make_policy(cast.root, "STEP", ladder)
    code = lay(cast, 3, 4)
    text = words(buyer, "/pad/")
    assert "再订 1 箱，享优惠 2%" in text
    answer = buyer.post("/pad/line/", {"sku": code, "unit": "CASE", "was": "4", "quantity": "5", "back": "checkout"})
    assert answer["Location"] == "/checkout/"
    text = words(buyer, "/checkout/")
    assert "再订 1 箱" not in text
    assert "促销优惠</dt>" in text


def test_the_total_is_that_of_the_lines_that_can_be_ordered(cast: Cast, buyer: HostClient) -> None:
    make_policy(cast.root, "GIFT", Gift(1, 1, sku=cast.skus[2].code))
    make_policy(cast.root, "STEP", Ladder(Measure.CASES, (TierStep(50, off_bp=1_000),)))
    lay(cast, 3, 1)
    lay(cast, 1, 90_000)
    text = words(buyer, "/pad/")
    assert "促销优惠</dt>" not in text, "a line that is set aside reaches no step for the others"
    assert "赠品" in text


def test_the_pool_pays_as_much_as_the_buyer_says(cast: Cast, buyer: HostClient) -> None:
    lay(cast, 3, 1)
    assert buyer.post("/checkout/wishes/", {"wish": "rebate", "rebate": "12.50", "currency": "CNY"}).status_code == 302
    assert "按此金额抵扣" in words(buyer, "/checkout/")
    buyer.post("/checkout/wishes/", {"wish": "rebate", "rebate": "许多", "currency": "XXX"})
    assert "不是金额" in words(buyer, "/checkout/")
    buyer.post("/checkout/wishes/", {"wish": "rebate:all"})
    assert "按此金额抵扣" not in words(buyer, "/checkout/")


def test_an_unknown_coupon_is_told_and_put_away_again(cast: Cast, buyer: HostClient) -> None:
    lay(cast, 3, 1)
    buyer.post("/checkout/wishes/", {"wish": "coupon", "coupon": "nothing"})
    assert "“nothing”" in words(buyer, "/checkout/")
    assert "“nothing”" not in words(buyer, "/checkout/")
    assert len(cart_of(cast.buyer_c1).items) == 1


def test_seats_that_see_no_purchase_prices_have_no_such_page(cast: Cast, as_: Opens) -> None:
    make_policy(cast.root, "OFF", PercentOff(1_000))
    answer = as_("warehouse_c1").get("/promotions/")
    assert answer.status_code in (403, 404)
