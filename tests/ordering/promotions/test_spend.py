"""What is given: never beyond a limit, given back once, an order's own uses free for itself."""

from collections.abc import Mapping
from datetime import timedelta

import pytest

from core.db.acts import act
from core.kernel import clock
from dms.dealers.models import Dealer
from dms.dealers.selectors import TradingDealer, trading_dealer
from ordering.promotions.errors import CouponOver, CouponUsedUp, PoliciesChanged
from ordering.promotions.models import Coupon, PolicyQuota, PolicyUse, PromotionPolicy
from ordering.promotions.rules.life import Status
from ordering.promotions.rules.outcome import Use
from ordering.promotions.rules.policies import Left, PercentOff
from ordering.promotions.rules.terms import Limits
from ordering.promotions.selectors import LivePolicies, live_policies
from ordering.promotions.services import give_back, lock_left, open_book, spend
from tests.cast import Cast
from tests.factories.policies import add_version, make_coupon, make_policy, make_terms
from tests.ordering.watching import statements


def trading(dealer: Dealer) -> TradingDealer:
    return trading_dealer(buyer_id=dealer.pk, seller_id=None, day=clock.business_day())


def live(cast: Cast, dealer: Dealer, *coupons: str, own: str = "") -> LivePolicies:
    buyer = trading(dealer)
    return live_policies(
        seller_id=cast.root.pk, buyer=buyer, region_code=buyer.region_code, at=clock.now(), coupons=coupons, own=own
    )


def give(
    cast: Cast, dealer: Dealer, number: str, amount: int, bottles: int = 0, *coupons: str, code: str = "FLASH"
) -> None:
    found = live(cast, dealer, *coupons)
    with act():
        open_book()
        lock_left(live=found, ids=found.limited_ids([code]), buyer_id=dealer.pk, at=clock.now())
        use = Use(code, 1, amount, bottles)
        spend(order_number=number, buyer_id=dealer.pk, uses=[use], live=found, at=clock.now())


def left(cast: Cast, dealer: Dealer, own: str | None = None) -> Mapping[str, Left]:
    found = live(cast, dealer)
    with act():
        return lock_left(live=found, ids=found.limited_ids(found.ids), buyer_id=dealer.pk, at=clock.now(), own=own)


def test_what_is_given_is_gone_for_everybody(cast: Cast) -> None:
    make_policy(cast.root, "FLASH", PercentOff(500), limits=Limits(amount=1_000, bottles=60))
    give(cast, cast.c1, "SO1", 300, 12)
    assert live(cast, cast.c2).left == {"FLASH": Left(700, 48)}
    assert left(cast, cast.c2) == {"FLASH": Left(700, 48)}


def test_a_dealers_cap_is_its_own(cast: Cast) -> None:
    make_policy(cast.root, "FLASH", PercentOff(500), limits=Limits(amount=1_000, dealer_amount=400))
    give(cast, cast.c1, "SO1", 300)
    assert live(cast, cast.c1).left == {"FLASH": Left(100)}
    assert live(cast, cast.c2).left == {"FLASH": Left(400)}
    give(cast, cast.c2, "SO2", 400)
    assert live(cast, cast.p1).left == {"FLASH": Left(300)}


def test_a_dealers_cap_alone_keeps_no_whole(cast: Cast) -> None:
    make_policy(cast.root, "FLASH", PercentOff(500), limits=Limits(dealer_bottles=24))
    give(cast, cast.c1, "SO1", 300, 18)
    assert left(cast, cast.c1) == {"FLASH": Left(None, 6)}
    assert PolicyQuota.objects.get().dealer == cast.c1


def test_a_cap_that_begins_later_counts_what_was_given_until_then(cast: Cast) -> None:
    policy = make_policy(cast.root, "FLASH", PercentOff(500))
    capped = make_terms("FLASH", PercentOff(500), limits=Limits(dealer_amount=600, dealer_bottles=40))
    add_version(policy, capped, number=2, rules_from=clock.now() + timedelta(days=3))
    assert live(cast, cast.c1).left == {"FLASH": Left()}
    give(cast, cast.c1, "SO1", 500, 12)
    assert PolicyQuota.objects.values_list("dealer", "used_amount", "used_bottles").get() == (cast.c1.pk, 500, 12)
    with clock.at(clock.now() + timedelta(days=4)):
        assert live(cast, cast.c1).left == left(cast, cast.c1) == {"FLASH": Left(100, 28)}
        give(cast, cast.c1, "SO2", 100, 6)
        assert live(cast, cast.c1).left == left(cast, cast.c1) == {"FLASH": Left(0, 22)}
        assert live(cast, cast.c2).left == left(cast, cast.c2) == {"FLASH": Left(600, 40)}
        with act():
            give_back(order_number="SO1")
        assert live(cast, cast.c1).left == left(cast, cast.c1) == {"FLASH": Left(500, 34)}


def test_what_nobody_counted_is_given_back_all_the_same(cast: Cast) -> None:
    policy = make_policy(cast.root, "FLASH", PercentOff(500))
    give(cast, cast.c1, "SO1", 500, 12)
    PolicyQuota.objects.create(policy=policy, used_amount=100, used_bottles=6)
    with act():
        give_back(order_number="SO1")
    assert PolicyQuota.objects.values_list("used_amount", "used_bottles").get() == (0, 0)
    assert not PolicyUse.objects.filter(given_back_at=None).exists()


def test_a_policy_without_limits_locks_nothing_and_keeps_its_uses(cast: Cast) -> None:
    make_policy(cast.root, "FLASH", PercentOff(500))
    found = live(cast, cast.c1)
    assert found.left == {}
    assert found.limited_ids(["FLASH"]) == ()
    give(cast, cast.c1, "SO1", 300, 12)
    use = PolicyUse.objects.get()
    assert (use.order_number, use.buyer_id, use.amount, use.bottles) == ("SO1", cast.c1.pk, 300, 12)
    assert not PolicyQuota.objects.exists()


def test_an_order_gives_back_what_it_used_once(cast: Cast) -> None:
    make_policy(cast.root, "FLASH", PercentOff(500), limits=Limits(amount=1_000, dealer_amount=400, bottles=60))
    give(cast, cast.c1, "SO1", 300, 12)
    give(cast, cast.c2, "SO2", 100, 6)
    for _ in range(2):
        with act():
            give_back(order_number="SO1")
    assert live(cast, cast.c1).left == {"FLASH": Left(400, 54)}
    assert list(PolicyQuota.objects.order_by("id").values_list("used_amount", flat=True)) == [100, 0, 100]
    give(cast, cast.c1, "SO1", 50, 0)
    assert PolicyUse.objects.filter(given_back_at=None).count() == 2


def test_what_an_order_uses_itself_counts_as_free_for_it(cast: Cast) -> None:
    make_policy(cast.root, "FLASH", PercentOff(500), limits=Limits(amount=1_000, bottles=60))
    give(cast, cast.c1, "SO1", 300, 12)
    assert left(cast, cast.c1, own="SO1") == {"FLASH": Left(1_000, 60)}
    assert left(cast, cast.c1, own="SO2") == {"FLASH": Left(700, 48)}


def test_a_policy_stopped_meanwhile_has_nothing_left_whenever_the_order_began(cast: Cast) -> None:
    policy = make_policy(cast.root, "FLASH", PercentOff(500), limits=Limits(amount=1_000))
    found, at = live(cast, cast.c1), clock.now()
    policy.status, policy.stopped_at = Status.PAUSED, at + timedelta(milliseconds=1)
    policy.save(update_fields=["status", "stopped_at"])
    with act():
        assert lock_left(live=found, ids=[policy.pk], buyer_id=cast.c1.pk, at=at) == {"FLASH": Left(0, 0)}


def test_a_policy_without_limits_that_stopped_meanwhile_gives_nothing(cast: Cast) -> None:
    policy = make_policy(cast.root, "FLASH", PercentOff(500))
    found = live(cast, cast.c1)
    PromotionPolicy.objects.filter(pk=policy.pk).update(status=Status.PAUSED)
    with pytest.raises(PoliciesChanged), act():
        spend(order_number="SO1", buyer_id=cast.c1.pk, uses=[Use("FLASH", 1, 300, 0)], live=found, at=clock.now())
    assert not PolicyUse.objects.exists()


def test_what_is_counted_only_since_it_was_read_is_refused(cast: Cast) -> None:
    policy = make_policy(cast.root, "FLASH", PercentOff(500))
    found = live(cast, cast.c1)
    add_version(
        policy, make_terms("FLASH", PercentOff(500), limits=Limits(dealer_amount=200)), number=2, rules_from=clock.now()
    )
    with pytest.raises(PoliciesChanged), act():
        spend(order_number="SO1", buyer_id=cast.c1.pk, uses=[Use("FLASH", 1, 300, 0)], live=found, at=clock.now())
    assert not PolicyUse.objects.exists()


def test_the_statements_are_few_and_the_same_for_one_policy_and_fifty(cast: Cast) -> None:
    for number in range(50):
        make_policy(cast.root, f"P{number:02d}", PercentOff(500), limits=Limits(amount=1_000, dealer_amount=400))
    buyer = trading(cast.c1)

    def ask() -> LivePolicies:
        return live_policies(seller_id=cast.root.pk, buyer=buyer, region_code="370100", at=clock.now())

    with statements() as cold:
        found = ask()
    assert (len(cold), len(found.policies)) == (2, 50)
    with statements() as warm:
        assert ask() == found
    assert len(warm) == 1
    uses = [Use(code, 1, 10, 6) for code in found.ids]
    with act(), statements() as spent:
        open_book()
        lock_left(live=found, ids=found.limited_ids(found.ids), buyer_id=cast.c1.pk, at=clock.now())
        spend(order_number="SO1", buyer_id=cast.c1.pk, uses=uses, live=found, at=clock.now())
    assert len(spent) == 5
    with act(), statements() as back:
        give_back(order_number="SO1")
    assert len(back) == 2
    assert not PolicyQuota.objects.exclude(used_amount=0, used_bottles=0).exists()


def test_a_coupon_is_used_up_by_orders_and_given_back_with_them(cast: Cast) -> None:
    policy = make_policy(cast.root, "FLASH", PercentOff(500), needs_coupon=True)
    make_coupon(policy, "ELEVEN", most_uses=2, most_each=1)
    give(cast, cast.c1, "SO1", 300, 0, "eleven")
    assert [fault.code for fault in live(cast, cast.c1, "ELEVEN").refused] == ["coupon.used_up"]
    give(cast, cast.c2, "SO2", 300, 0, "ELEVEN")
    assert Coupon.objects.get().used == 2
    assert [fault.code for fault in live(cast, cast.p1, "ELEVEN").refused] == ["coupon.used_up"]
    with act():
        give_back(order_number="SO1")
    assert Coupon.objects.get().used == 1
    assert live(cast, cast.c1, "ELEVEN").coupons == {"FLASH"}


def test_a_used_up_coupon_is_free_for_the_order_that_used_it(cast: Cast) -> None:
    policy = make_policy(cast.root, "FLASH", PercentOff(500), needs_coupon=True)
    make_coupon(policy, "ELEVEN", most_uses=1)
    give(cast, cast.c1, "SO1", 300, 0, "ELEVEN")
    assert live(cast, cast.c1, "ELEVEN", own="SO1").coupons == {"FLASH"}
    assert [fault.code for fault in live(cast, cast.c1, "ELEVEN", own="SO2").refused] == ["coupon.used_up"]


def test_a_coupon_that_went_between_reading_and_writing_refuses_the_order(cast: Cast) -> None:
    policy = make_policy(cast.root, "FLASH", PercentOff(500), needs_coupon=True)
    make_coupon(policy, "ELEVEN", most_uses=1)
    found = live(cast, cast.c1, "ELEVEN")
    give(cast, cast.c2, "SO2", 300, 0, "ELEVEN")
    with pytest.raises(CouponUsedUp), act():
        spend(order_number="SO1", buyer_id=cast.c1.pk, uses=[Use("FLASH", 1, 300, 0)], live=found, at=clock.now())
    assert not PolicyUse.objects.filter(order_number="SO1").exists()


@pytest.mark.parametrize("end", ["withdrawn", "over"])
def test_a_coupon_that_ended_between_reading_and_writing_refuses_the_order(cast: Cast, end: str) -> None:
    policy = make_policy(cast.root, "FLASH", PercentOff(500), needs_coupon=True)
    make_coupon(policy, "ELEVEN")
    found, at = live(cast, cast.c1, "ELEVEN"), clock.now()
    changed = {"is_withdrawn": True} if end == "withdrawn" else {"ends_at": at}
    Coupon.objects.update(**changed)
    with pytest.raises(CouponOver), act():
        spend(order_number="SO1", buyer_id=cast.c1.pk, uses=[Use("FLASH", 1, 300, 0)], live=found, at=at)
    assert not PolicyUse.objects.exists()
