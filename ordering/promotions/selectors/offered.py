"""Policies as the buyer meets them: what runs for its house, how long, how much is left; coupons it was given."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from core.db.naming import is_english
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.errors import Missing
from dms.dealers.selectors import TradingDealer, trading_dealer
from ordering.pricing.permissions import Permission as PricePermission
from ordering.promotions.models import APPROVED, Coupon
from ordering.promotions.permissions import Permission
from ordering.promotions.rules.policies import Context, Left, Policy
from ordering.promotions.rules.terms import Terms
from ordering.promotions.selectors.live import LivePolicies, lineage_of, live_policies
from ordering.promotions.selectors.telling import names_for, told_buyer, told_short

ONLY_LATER_KNOWN = frozenset({"coupon", "first_order"})
"""What an order says and a page cannot know: such policies are shown with their condition."""


@dataclass(frozen=True, slots=True)
class Promotion:
    """One policy for this buyer. ``left``: minor units and bottles still to be had by it; None: without limit."""

    code: str
    name: str
    headline: str
    sentence: str
    starts_at: datetime
    ends_at: datetime
    left: Left | None
    currency: str
    terms: Terms

    @property
    def is_used_up(self) -> bool:
        """Whether nothing is left to be had."""
        return self.left is not None and self.left.is_used_up


def promotions_for(actor: Actor, *, seller_id: int | None = None) -> tuple[Promotion, ...]:
    """What runs for the actor's house now, by what ends first; nothing where the seat sees no purchase prices.

    ``seller_id`` None: its usual supplier. Raises ``NotPermitted``, or ``Missing`` when that house does not supply it.
    """
    actor.require(Permission.READ, writes=False)
    if actor.is_brand_staff or not actor.can(PricePermission.PURCHASE):
        return ()
    now = clock.now()
    try:
        buyer = trading_dealer(buyer_id=actor.dealer_id, seller_id=seller_id, day=clock.business_day(now))
    except Missing:
        if seller_id is not None:
            raise
        return ()
    return _offered(actor, buyer, *fitting(buyer, now))


def fitting(buyer: TradingDealer, now: datetime) -> tuple[LivePolicies, list[tuple[Policy, Terms]]]:
    """What runs for the buyer where its goods usually go, and all of it that may be for it; one statement."""
    place = next((address.region_code for address in buyer.addresses if address.is_default), buyer.region_code)
    live = live_policies(seller_id=buyer.supplier_id, buyer=buyer, region_code=place, at=now)
    context = Context(
        dealer=buyer.code,
        tier=buyer.tier,
        lineage=lineage_of(place),
        channel=buyer.channel,
        at=now,
        labels=buyer.labels,
    )
    return live, [
        (policy, live.terms[policy.code])
        for policy in live.policies
        if policy.audience.why_not(context) in ONLY_LATER_KNOWN | {""}
    ]


def _offered(
    actor: Actor, buyer: TradingDealer, live: LivePolicies, found: Sequence[tuple[Policy, Terms]]
) -> tuple[Promotion, ...]:
    lines = actor.scope.product_lines
    seen = [
        (policy, terms)
        for policy, terms in found
        if not lines or not policy.goods.product_lines or not policy.goods.product_lines.isdisjoint(lines)
    ]
    names = names_for(terms for _, terms in seen)
    offered = [
        Promotion(
            code=policy.code,
            name=(is_english() and terms.name_en) or terms.name,
            headline=told_short(terms, buyer.currency, names),
            sentence=told_buyer(terms, buyer.currency, names),
            starts_at=policy.audience.starts_at,
            ends_at=policy.audience.ends_at,
            left=live.left.get(policy.code),
            currency=buyer.currency,
            terms=terms,
        )
        for policy, terms in seen
    ]
    return tuple(sorted(offered, key=lambda one: (one.is_used_up, one.ends_at, one.code)))


@dataclass(frozen=True, slots=True)
class HeldCoupon:
    """A coupon given to this house that still opens something."""

    code: str
    policy_code: str
    name: str
    uses_left: int | None
    ends_at: datetime


_RULING = tuple(f"policy__versions__{name}" for name in ("starts_at", "ends_at", "terms__name", "terms__name_en"))


def coupons_for(actor: Actor) -> tuple[HeldCoupon, ...]:
    """Coupons given to the actor's house that can be used now, by what ends first; one statement."""
    actor.require(Permission.READ, writes=False)
    if actor.is_brand_staff or not actor.can(PricePermission.PURCHASE):
        return ()
    now = clock.now()
    rows = Coupon.objects.filter(
        Q(ends_at=None) | Q(ends_at__gt=now),
        dealer_id=actor.dealer_id,
        is_withdrawn=False,
        policy__status="LIVE",
        policy__versions__status=APPROVED,
        policy__versions__rules_from__lte=now,
    ).values_list("pk", "code", "policy__code", "most_uses", "used", "ends_at", *_RULING)
    ruling = {row[0]: row[1:] for row in rows.order_by("policy__versions__number")}
    held = []
    for code, policy, most_uses, used, over_at, starts_at, ends_at, name, name_en in ruling.values():
        uses_left = None if most_uses is None else most_uses - used
        if starts_at <= now < ends_at and uses_left != 0:
            called = (is_english() and name_en) or name
            held.append(HeldCoupon(code, policy, called, uses_left, min(ends_at, over_at or ends_at)))
    return tuple(sorted(held, key=lambda one: (one.ends_at, one.code)))
