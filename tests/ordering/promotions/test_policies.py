"""policies_visible_to, policy_detail, overlaps, promotions_for: who sees what, said in their language."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import translation

from core.kernel import clock
from core.kernel.errors import Missing, NotPermitted
from ordering.promotions.rules.overlaps import Together
from ordering.promotions.rules.policies import Audience, Bundle, Gift, Goods, Ladder, Measure, PercentOff, TierStep
from ordering.promotions.rules.terms import Limits
from ordering.promotions.selectors import (
    PolicyFilter,
    coupons_for,
    names_for,
    policies_visible_to,
    policy_detail,
    promotions_for,
    told,
    told_policies,
)
from tests.cast import Cast
from tests.factories.policies import a_month, add_version, make_coupon, make_policy, make_terms
from tests.ordering.promotions.test_spend import give
from tests.ordering.watching import statements

LADDER = Ladder(Measure.CASES, (TierStep(100, off_bp=200), TierStep(300, off_bp=350)))


def test_a_house_sees_its_own_policies_alone(cast: Cast) -> None:
    make_policy(cast.root, "BRAND", PercentOff(500))
    make_policy(cast.c1, "OWN", PercentOff(500))
    assert [row.code for row in policies_visible_to(cast.pricing)] == ["BRAND"]
    assert [row.code for row in policies_visible_to(cast.admin_c1)] == ["OWN"]
    assert not policies_visible_to(cast.buyer_c2).exists()
    with pytest.raises(NotPermitted):
        policies_visible_to(cast.warehouse)
    with pytest.raises(Missing):
        policy_detail(cast.admin_c1, "BRAND")


def test_a_limited_seat_sees_what_may_rule_on_its_ground(cast: Cast) -> None:
    make_policy(cast.root, "ALL", PercentOff(500))
    make_policy(cast.root, "JINAN", PercentOff(500), audience=replace(a_month(), regions=frozenset({"370100"})))
    make_policy(cast.root, "QINGDAO", PercentOff(500), audience=replace(a_month(), regions=frozenset({"370200"})))
    make_policy(cast.root, "SHANDONG", PercentOff(500), audience=replace(a_month(), regions=frozenset({"370000"})))
    cast.seat_limited()
    seen = {row.code for row in policies_visible_to(cast.manager_jinan)}
    assert seen == {"ALL", "JINAN", "SHANDONG"}


def test_is_narrowed_by_words_status_and_kind(cast: Cast) -> None:
    make_policy(cast.root, "FLASH", PercentOff(500))
    make_policy(cast.root, "GIFT", Gift(10, 1))
    assert [row.code for row in policies_visible_to(cast.pricing, PolicyFilter(kind="GIFT"))] == ["GIFT"]
    assert [row.code for row in policies_visible_to(cast.pricing, PolicyFilter(text="fla"))] == ["FLASH"]
    assert not policies_visible_to(cast.pricing, PolicyFilter(status="DRAFT")).exists()
    assert PolicyFilter.of({"q": " x ", "status": "NONE", "kind": "GIFT"}) == PolicyFilter("x", "", "GIFT")


def test_a_list_is_told_in_few_statements(cast: Cast) -> None:
    for number in range(20):
        make_policy(cast.root, f"P{number}", Gift(10, 1, sku=cast.skus[number % 3 + 1].code))
    with statements() as asked:
        assert len(told_policies(cast.pricing, policies_visible_to(cast.pricing))) == 20
    assert len(asked) == 4


def test_tells_use_and_neighbours(cast: Cast) -> None:
    make_policy(cast.root, "FLASH", PercentOff(500), limits=Limits(amount=1_000))
    make_policy(cast.root, "BETTER", PercentOff(800), goods=Goods(skus=frozenset({cast.skus[1].code})))
    make_policy(cast.root, "LADDER", LADDER)
    later = Audience(clock.now() + timedelta(days=60), clock.now() + timedelta(days=70))
    make_policy(cast.root, "LATER", PercentOff(300), audience=later)
    elsewhere = replace(a_month(), tiers=frozenset({"COUNTY"}))
    make_policy(cast.root, "CITIES", PercentOff(300), audience=replace(a_month(), tiers=frozenset({"CITY"})))
    make_policy(cast.root, "COUNTIES", PercentOff(300), audience=elsewhere)
    give(cast, cast.c1, "SO1", 300, 12)
    give(cast, cast.c2, "SO2", 100, 6)
    found = policy_detail(cast.pricing, "flash")
    assert (found.use.amount, found.use.bottles, found.use.orders, found.use.houses, found.use.limit_amount) == (
        *(400, 18, 2, 2),
        1_000,
    )
    assert {one.code: one.together for one in found.overlaps} == dict.fromkeys(
        ("BETTER", "CITIES", "COUNTIES"), Together.BEST
    )
    met = {one.code for one in policy_detail(cast.pricing, "COUNTIES").overlaps}
    assert met == {"FLASH", "BETTER"}


def test_ladders_add_up_unless_they_share_a_group(cast: Cast) -> None:
    make_policy(cast.root, "ONE", LADDER, group="G")
    make_policy(cast.root, "TWO", LADDER, group="G")
    make_policy(cast.root, "THREE", LADDER)
    met = {one.code: one.together for one in policy_detail(cast.pricing, "ONE").overlaps}
    assert met == {"TWO": Together.BEST, "THREE": Together.ADDED}


def test_says_what_a_policy_does_in_both_languages(cast: Cast) -> None:
    first, last = clock.read_day("2026-01-10"), clock.read_day("2026-01-31")
    days = Audience(clock.start_of_day(first), clock.end_of_day(last), tiers=frozenset({"CITY"}))
    terms = make_terms("x", LADDER, audience=days, limits=Limits(amount=10_000_000))
    names = names_for([terms])
    with translation.override("zh-hans"):
        assert told(terms, "CNY", names) == (
            "2026年1月10日至2026年1月31日，市代订购全部商品：满 100 箱减 2%，满 300 箱减 3.5%。"
            "总额度 ¥100,000。费用由厂家承担。"
        )
    with translation.override("en"):
        assert told(terms, "CNY", names) == (
            "Jan. 10, 2026 to Jan. 31, 2026: city dealer, on all products – from 100 cases on 2% off; from 300 cases on"
            " 3.5% off. At most ¥100,000 are given in all. The brand pays."
        )


def test_calls_goods_by_their_names(cast: Cast) -> None:
    one, two = cast.skus[1], cast.skus[2]
    bundle = make_terms("x", Bundle({one.code: 2, two.code: 1}, 450_000))
    gift = make_terms("x", Gift(10, 1, sku=two.code, most=5))
    names = names_for([bundle, gift])
    with translation.override("zh-hans"):
        assert f"{one.name} 2 箱" in told(bundle, "CNY", names)
        assert f"每满 10 箱送{two.name} 1 箱，每单最多送 5 箱" in told(gift, "CNY", names)


def test_a_buyer_sees_what_runs_for_its_house(cast: Cast) -> None:
    make_policy(cast.root, "ALL", PercentOff(500), limits=Limits(dealer_amount=1_000))
    make_policy(cast.root, "OTHERS", PercentOff(500), audience=replace(a_month(), dealers=frozenset({"C2"})))
    make_policy(cast.root, "FIRST", PercentOff(500), audience=replace(a_month(), first_order_only=True))
    coupon = make_policy(cast.root, "COUPON", PercentOff(500), needs_coupon=True)
    make_coupon(coupon, "MINE", dealer=cast.c1, most_uses=1)
    make_coupon(coupon, "HERS", dealer=cast.c2)
    give(cast, cast.c1, "SO1", 1_000, code="ALL")
    found = promotions_for(cast.buyer_c1)
    assert [(one.code, one.is_used_up) for one in found] == [("COUPON", False), ("FIRST", False), ("ALL", True)]
    assert [one.code for one in coupons_for(cast.buyer_c1)] == ["MINE"]
    assert promotions_for(cast.pricing) == ()
    assert promotions_for(cast.buyer_t1) == ()
    with pytest.raises(NotPermitted):
        promotions_for(cast.warehouse_c1)


def test_a_version_to_come_changes_nothing_that_is_told_today(cast: Cast) -> None:
    policy = make_policy(cast.root, "MAIL", PercentOff(500), limits=Limits(amount=1_000), needs_coupon=True)
    make_coupon(policy, "MINE", dealer=cast.c1)
    later = replace(a_month(), starts_at=clock.now() + timedelta(days=5))
    terms = make_terms("后来的", PercentOff(800), limits=Limits(amount=9_000), audience=later, needs_coupon=True)
    policy.current_version = add_version(policy, terms, number=2, rules_from=later.starts_at)
    policy.name, policy.is_public = "后来的", False
    policy.save()
    (coupon,) = coupons_for(cast.buyer_c1)
    assert (coupon.name, coupon.ends_at) == ("MAIL", a_month().ends_at)
    assert policy_detail(cast.pricing, "MAIL").use.limit_amount == 1_000
    (told_now,) = told_policies(cast.pricing, policies_visible_to(cast.pricing))
    assert (told_now.terms.name, told_now.version.number, told_now.version.limit_amount) == ("MAIL", 1, 1_000)
    assert told_now.following == policy.current_version
    assert [one.name for one in promotions_for(cast.buyer_c1)] == ["MAIL"]
    with clock.at(later.starts_at):
        assert [one.name for one in coupons_for(cast.buyer_c1)] == ["后来的"]
        assert policy_detail(cast.pricing, "MAIL").use.limit_amount == 9_000
