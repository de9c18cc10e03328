"""What a limited seat reads of sales policies: those that may give on its ground, and its own dealers alone."""

from dataclasses import replace

import pytest

from core.kernel.actor import Actor, Scope
from core.kernel.errors import Missing, NotPermitted, OutOfScope
from dms.dealers.models import Address
from frontend.console.resources.promotions import coupons
from ordering.promotions.models import PromotionPolicy
from ordering.promotions.rules.policies import Audience, PercentOff
from ordering.promotions.rules.terms import Limits
from ordering.promotions.selectors import (
    Simulate,
    SimulatedLine,
    coupons_visible_to,
    policies_visible_to,
    policy_detail,
    quotas_of,
    simulate,
    told_policies,
)
from ordering.promotions.selectors.waterfall import waterfalls
from tests.cast import Cast
from tests.factories.policies import a_month, make_coupon, make_policy
from tests.ordering.promotions.test_spend import give

JINAN, QINGDAO = Scope(regions=("370100",)), Scope(regions=("370200",))


def limited(actor: Actor, scope: Scope) -> Actor:
    return replace(actor, scope=scope)


def below(cast: Cast) -> Scope:
    """P1 and who buys below it: C1 and T1."""
    return Scope(dealer_subtree_id=cast.p1.pk)


def named(*codes: str) -> Audience:
    return replace(a_month(), dealers=frozenset(codes))


@pytest.fixture
def shared(cast: Cast) -> PromotionPolicy:
    """For the whole house, capped by dealer; both cities have got something and hold a coupon of their own."""
    policy = make_policy(cast.root, "FLASH", PercentOff(500), limits=Limits(dealer_amount=1_000))
    give(cast, cast.c1, "SO1", 300)
    give(cast, cast.c2, "SO2", 100)
    make_coupon(policy, "OPEN")
    make_coupon(policy, "OF-C1", dealer=cast.c1)
    make_coupon(policy, "OF-C2", dealer=cast.c2)
    return policy


def test_what_other_dealers_got_and_hold_is_not_told(cast: Cast, shared: PromotionPolicy) -> None:
    for scope, dealer, own in ((QINGDAO, "C2", "OF-C2"), (JINAN, "C1", "OF-C1"), (below(cast), "C1", "OF-C1")):
        actor = limited(cast.pricing, scope)
        assert [quota.dealer.code for quota in quotas_of(actor, shared) if quota.dealer] == [dealer]
        for found in (coupons_visible_to(actor, "flash"), coupons(actor, {}), coupons(actor, {"policy": "FLASH"})):
            assert {coupon.code for coupon in found} == {"OPEN", own}
        assert policy_detail(actor, "FLASH").coupon_count == 2
    assert [quota.used_amount for quota in quotas_of(cast.pricing, shared)] == [300, 100]
    assert coupons_visible_to(cast.pricing, "FLASH").count() == coupons(cast.pricing, {}).count() == 3
    with pytest.raises(Missing):
        coupons_visible_to(cast.pricing, "NONE")


def test_what_a_policy_gave_is_told_of_the_seats_own_dealers(cast: Cast, shared: PromotionPolicy) -> None:
    wanted = ((QINGDAO, 100, 1), (JINAN, 300, 1), (below(cast), 300, 1), (Scope(), 400, 2))
    for scope, amount, houses in wanted:
        actor = limited(cast.pricing, scope)
        use = policy_detail(actor, "FLASH").use
        assert (use.amount, use.orders, use.houses) == (amount, houses, houses)
        (told,) = told_policies(actor, policies_visible_to(actor))
        assert told.used_amount == amount


def test_a_part_of_the_tree_sees_what_is_for_everybody_and_for_where_its_dealers_are(cast: Cast) -> None:
    """What is for everybody is for its dealers too; what is for other places is not."""
    make_policy(cast.root, "ALL", PercentOff(500))
    for code, region in (("CITY", "370100"), ("DISTRICT", "370102"), ("PROVINCE", "370000"), ("OTHER", "370200")):
        make_policy(cast.root, code, PercentOff(500), audience=replace(a_month(), regions=frozenset({region})))

    def seen() -> set[str]:
        return {row.code for row in policies_visible_to(limited(cast.pricing, Scope(dealer_subtree_id=cast.c1.pk)))}

    assert seen() == {"ALL", "CITY", "PROVINCE"}
    Address.objects.create(dealer=cast.c1, label="仓", recipient="李", region_code="370202", line="港口路 1 号")
    assert seen() == {"ALL", "CITY", "PROVINCE", "OTHER"}, "goods are sent there"


def test_a_policy_for_named_dealers_is_for_who_answers_for_one_of_them(cast: Cast) -> None:
    make_policy(cast.root, "ALL", PercentOff(500))
    make_policy(cast.root, "FOR-C1", PercentOff(500), audience=named("C1"))
    make_policy(cast.root, "FOR-C2", PercentOff(500), audience=named("C2"))
    make_policy(cast.root, "BOTH", PercentOff(500), audience=named("C1", "C2"))
    for scope, own in ((QINGDAO, "FOR-C2"), (JINAN, "FOR-C1"), (below(cast), "FOR-C1")):
        seen = {row.code for row in policies_visible_to(limited(cast.pricing, scope))}
        assert seen == {"ALL", "BOTH", own}
    assert policies_visible_to(limited(cast.pricing, Scope(product_lines=("SAUCE",)))).count() == 4
    with pytest.raises(Missing):
        policy_detail(limited(cast.pricing, QINGDAO), "FOR-C1")


def test_landed_prices_are_told_for_the_seats_ground_alone(cast: Cast) -> None:
    code = cast.skus[1].code
    for scope, region in ((QINGDAO, "370100"), (QINGDAO, "440000"), (below(cast), "370100"), (below(cast), "CN")):
        with pytest.raises(OutOfScope):
            waterfalls(limited(cast.pricing, scope), sku_code=code, quantity=1, region_code=region)
    for region in ("370200", "370000", "CN"):
        assert len(waterfalls(limited(cast.pricing, QINGDAO), sku_code=code, quantity=1, region_code=region)) == 4
    (own,) = waterfalls(limited(cast.pricing, QINGDAO), sku_code=code, quantity=1, dealer_code="C2")
    assert own.net is not None


def test_who_may_not_read_prices_simulates_none(cast: Cast) -> None:
    actor = replace(cast.pricing, codes=cast.pricing.codes - {"prices.read"})
    with pytest.raises(NotPermitted):
        simulate(actor, Simulate("C1", (SimulatedLine(cast.skus[1].code, 1),)))
