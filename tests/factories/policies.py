"""Sales policies as plain rows, approved and ruling."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypedDict, Unpack

from core.kernel import clock
from dms.dealers.models import Dealer
from ordering.promotions.models import Coupon, PolicyQuota, PolicyVersion, PromotionPolicy
from ordering.promotions.rules.life import Status, VersionStatus
from ordering.promotions.rules.policies import Audience, Goods, Reward
from ordering.promotions.rules.terms import Limits, Terms


class Said(TypedDict, total=False):
    """What the terms may say beside the reward."""

    audience: Audience
    goods: Goods
    group: str
    rank: int
    limits: Limits
    needs_coupon: bool


def a_month() -> Audience:
    """For everybody, from a week ago for a month."""
    return Audience(clock.now() - timedelta(days=7), clock.now() + timedelta(days=23))


def make_terms(name: str, reward: Reward, **said: Unpack[Said]) -> Terms:
    """Terms for everybody and everything unless ``said`` otherwise."""
    whole: Said = {"audience": a_month(), "goods": Goods(), **said}
    return Terms(name=name, reward=reward, **whole)


def make_policy(
    seller: Dealer, code: str, reward: Reward, *, is_public: bool = True, **said: Unpack[Said]
) -> PromotionPolicy:
    """A live policy of ``seller`` in CNY with one approved version, ruling from its start."""
    terms = replace(make_terms(code, reward, **said), is_public=is_public)
    policy = PromotionPolicy.objects.create(
        seller=seller, code=code, name=code, status=Status.LIVE, is_public=is_public, created_at=clock.now()
    )
    policy.current_version = add_version(policy, terms, number=1, rules_from=terms.audience.starts_at)
    policy.save(update_fields=["current_version"])
    return policy


def add_version(policy: PromotionPolicy, terms: Terms, *, number: int, rules_from: datetime) -> PolicyVersion:
    """A further approved version; from a first limit on what is given is counted."""
    if terms.limits.is_limited and not policy.is_counted:
        policy.is_counted = True
        policy.save(update_fields=["is_counted"])
    if terms.limits.amount is not None or terms.limits.bottles is not None:
        PolicyQuota.objects.get_or_create(policy=policy, dealer=None)
    return PolicyVersion.objects.create(
        policy=policy,
        number=number,
        status=VersionStatus.APPROVED,
        terms=terms.document(),
        starts_at=terms.audience.starts_at,
        ends_at=terms.audience.ends_at,
        needs_coupon=terms.needs_coupon,
        limit_amount=terms.limits.amount,
        limit_bottles=terms.limits.bottles,
        each_amount=terms.limits.dealer_amount,
        each_bottles=terms.limits.dealer_bottles,
        rules_from=rules_from,
        written_by_name="市场部",
        decided_at=clock.now(),
        created_at=clock.now(),
    )


def until(terms: Terms, instant: datetime) -> Terms:
    """The same terms, ending then."""
    return replace(terms, audience=replace(terms.audience, ends_at=instant))


def make_coupon(policy: PromotionPolicy, code: str, **facts: object) -> Coupon:
    """A coupon of the policy; ``facts`` are Coupon's own fields."""
    return Coupon.objects.create(policy=policy, seller=policy.seller, code=code, created_at=clock.now(), **facts)
