"""Promotions where goods are chosen: a word and the limited-time price on cards, in the search and on the product."""

import re
from dataclasses import replace

from core.kernel.quantity import Unit
from ordering.promotions.rules.policies import FixedPrice, Gift, Goods, Ladder, Measure, PercentOff, TierStep
from ordering.promotions.rules.terms import Limits
from tests.cast import Cast
from tests.clients import HostClient
from tests.factories.policies import a_month, make_coupon, make_policy
from tests.frontend.storefront.conftest import Opens, statements
from tests.frontend.storefront.test_promotions import words

CARD = re.compile(r'<li class="product">.*?</li>', re.DOTALL)


def only(cast: Cast, *numbers: int) -> Goods:
    return Goods(skus=frozenset(cast.skus[number].code for number in numbers))


def card(client: HostClient, cast: Cast, number: int) -> str:
    """The shelf's card of a product."""
    url = f'/products/{cast.skus[number].code}/"'
    return next(str(one) for one in CARD.findall(words(client, "/products/")) if url in one)


def test_a_card_says_what_runs_on_it_and_what_it_costs_now(cast: Cast, buyer: HostClient) -> None:
    make_policy(cast.root, "FLASH", FixedPrice(150_000, Unit.CASE), goods=only(cast, 1))
    make_policy(cast.root, "GIFT", Gift(10, 1), goods=only(cast, 1, 3))
    told = card(buyer, cast, 1)
    for shown in ("特价 ¥1,500", "10 箱赠 1 箱", "¥1,500.00", "¥1,780.00", "¥250.00"):
        assert shown in told, shown
    assert "满 10 箱" not in told, "1,700 a case from ten on is no step while one costs 1,500"
    assert "¥1,500.00" not in card(buyer, cast, 3)
    assert "10 箱赠 1 箱" in card(buyer, cast, 3)
    product = words(buyer, f"/products/{cast.skus[1].code}/")
    assert 'href="/promotions/#FLASH"' in product
    assert "¥1,500.00" in product
    found = words(buyer, f"/products/suggestions/?q={cast.skus[1].code}")
    assert "特价 ¥1,500" in found


def test_a_percentage_works_on_the_steps_too(cast: Cast, buyer: HostClient) -> None:
    make_policy(cast.root, "OFF", PercentOff(1_000), goods=only(cast, 1))
    told = card(buyer, cast, 1)
    for shown in ("直降 10%", "¥1,602.00", "满 10 箱 ¥1,530.00"):
        assert shown in told, shown


def test_what_is_not_for_this_buyer_or_over_is_no_word_on_a_card(cast: Cast, buyer: HostClient) -> None:
    coupon = make_policy(cast.root, "CARD", PercentOff(500), goods=only(cast, 1), needs_coupon=True)
    make_coupon(coupon, "SPRING")
    used = make_policy(cast.root, "USED", PercentOff(700), goods=only(cast, 1), limits=Limits(amount=1))
    used.quotas.update(used_amount=1)
    for_c2 = replace(a_month(), dealers=frozenset({"C2"}))
    make_policy(cast.root, "OTHER", PercentOff(800), goods=only(cast, 1), audience=for_c2)
    make_policy(cast.root, "LADDER", Ladder(Measure.CASES, (TierStep(5, off_bp=200),)), goods=only(cast, 3))
    told = card(buyer, cast, 1)
    assert "直降" not in told
    assert "deal-badges" not in told
    assert "¥1,691.00" not in told, "a coupon's price is not everybody's"
    assert "坎级优惠" in card(buyer, cast, 3)


def test_the_shelf_costs_one_statement_more_for_any_number_of_promotions(cast: Cast, buyer: HostClient) -> None:
    words(buyer, "/products/")
    with statements() as bare:
        words(buyer, "/products/")
    assert sum("promotions_promotionpolicy" in one for one in bare) == 1
    for number in range(20):
        make_policy(cast.root, f"P-{number}", PercentOff(100 + number), limits=Limits(amount=1_000))
    words(buyer, "/products/")
    with statements() as many:
        words(buyer, "/products/")
    assert len(many) == len(bare), "\n".join(many)


def test_a_buyer_reads_of_its_own_alone(cast: Cast, buyer: HostClient) -> None:
    for_two = replace(a_month(), dealers=frozenset({"C1", "C2"}))
    make_policy(cast.root, "PAIR", PercentOff(300), audience=for_two, group="COUPON", limits=Limits(amount=12_000_000))
    coupon = make_policy(cast.root, "CARD", PercentOff(500), needs_coupon=True)
    make_policy(cast.root, "BOTTLES", PercentOff(200), goods=only(cast, 1), limits=Limits(bottles=24_000))
    text = words(buyer, "/promotions/")
    assert "与同类优惠不叠加" in text
    for hidden in ("COUPON", cast.c2.name, "120,000", "由品牌方承担", 'id="CARD"'):
        assert hidden not in text, hidden
    assert "4,000 箱" in text
    assert "24,000 瓶" in text
    make_coupon(coupon, "SPRING", dealer=cast.c1)
    assert 'id="CARD"' in words(buyer, "/promotions/")
    assert "/promotions/#PAIR" in words(buyer, "/")


def test_the_phone_has_an_entry_for_promotions(buyer: HostClient, as_: Opens) -> None:
    bar = words(buyer, "/").split('class="bottombar"')[1].split("</nav>")[0]
    assert 'href="/promotions/"' in bar
    assert bar.count("<a ") == 6
    assert 'href="/promotions/"' not in words(as_("finance_c1"), "/").split('class="bottombar"')[1].split("</nav>")[0]
