"""live_policies: the version that rules, within its days, for whom it is; coupons; nothing of another house."""

from dataclasses import replace
from datetime import timedelta

from core.kernel import clock
from ordering.promotions.models import PromotionPolicy
from ordering.promotions.rules.life import Status
from ordering.promotions.rules.policies import Gift, PercentOff
from ordering.promotions.selectors import LivePolicies, live_policies
from tests.cast import Cast
from tests.factories.policies import a_month, add_version, make_coupon, make_policy, make_terms
from tests.ordering.promotions.test_spend import live, trading

DAY = timedelta(days=1)


def as_of(cast: Cast, days: int) -> LivePolicies:
    buyer = trading(cast.c1)
    at = clock.now() + days * DAY
    return live_policies(seller_id=cast.root.pk, buyer=buyer, region_code=buyer.region_code, at=at)


def test_rules_from_its_start_to_its_end(cast: Cast) -> None:
    make_policy(cast.root, "FLASH", PercentOff(500))
    assert [len(as_of(cast, days).policies) for days in (-8, -7, 0, 22, 23)] == [0, 1, 1, 1, 0]


def test_the_old_version_rules_until_the_new_ones_start(cast: Cast) -> None:
    policy = make_policy(cast.root, "FLASH", PercentOff(500))
    new = make_terms("FLASH", PercentOff(800))
    add_version(policy, new, number=2, rules_from=clock.now() + 3 * DAY)
    found = [(one.version, one.reward) for days in (0, 2, 3) for one in as_of(cast, days).policies]
    assert found == [(1, PercentOff(500)), (1, PercentOff(500)), (2, PercentOff(800))]


def test_a_paused_policy_gives_nothing_since_then(cast: Cast) -> None:
    make_policy(cast.root, "FLASH", PercentOff(500))
    PromotionPolicy.objects.update(status=Status.PAUSED, stopped_at=clock.now())
    assert (len(as_of(cast, 0).policies), len(as_of(cast, -1).policies)) == (0, 1)


def test_a_private_policy_is_not_told_to_others(cast: Cast) -> None:
    only_c2 = replace(a_month(), dealers=frozenset({"C2"}))
    make_policy(cast.root, "SECRET", PercentOff(500), is_public=False, audience=only_c2)
    make_policy(cast.root, "OPEN", PercentOff(500), audience=only_c2)
    assert set(live(cast, cast.c1).ids) == {"OPEN"}
    assert set(live(cast, cast.c2).ids) == {"OPEN", "SECRET"}


def test_another_sellers_policies_are_not_there(cast: Cast) -> None:
    make_policy(cast.c1, "OWN", PercentOff(500))
    assert live(cast, cast.c2).policies == ()
    buyer = trading(cast.t1)
    found = live_policies(seller_id=cast.c1.pk, buyer=buyer, region_code="370102", at=clock.now())
    assert set(found.ids) == {"OWN"}


def test_tells_which_goods_may_be_given(cast: Cast) -> None:
    make_policy(cast.root, "A", Gift(10, 1, sku=cast.skus[2].code))
    make_policy(cast.root, "B", Gift(10, 1))
    assert live(cast, cast.c1).gift_skus == {cast.skus[2].code}


def test_coupons_open_what_they_belong_to(cast: Cast) -> None:
    policy = make_policy(cast.root, "COUPON", PercentOff(500), needs_coupon=True, is_public=False)
    make_coupon(policy, "ELEVEN")
    make_coupon(policy, "OLD", ends_at=clock.now())
    make_coupon(policy, "HERS", dealer=cast.c2)
    assert live(cast, cast.c1).ids == {}
    opened = live(cast, cast.c1, " eleven ")
    assert (set(opened.ids), set(opened.coupons), opened.refused) == ({"COUPON"}, {"COUPON"}, ())
    refused = live(cast, cast.c1, "OLD", "HERS", "NONE").refused
    assert [(fault.line, fault.code) for fault in refused] == [
        (1, "coupon.over"),
        (2, "coupon.unknown"),
        (3, "coupon.unknown"),
    ]
    assert live(cast, cast.c2, "HERS").coupons == {"COUPON"}
