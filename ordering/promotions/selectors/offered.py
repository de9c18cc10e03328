"""Policies as the buyer meets them: what runs for its house, how long, how much is left; coupons it was given."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from core.db.naming import is_english
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.errors import Missing
from dms.dealers.selectors import TradingDealer, trading_dealer
from ordering.pricing.permissions import Permission as PricePermission
from ordering.promotions.models import Coupon
from ordering.promotions.permissions import Permission
from ordering.promotions.rules.policies import Context, Left
from ordering.promotions.rules.terms import Terms
from ordering.promotions.selectors.live import LivePolicies, lineage_of, live_policies
from ordering.promotions.selectors.telling import names_for, told, told_short

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
        return self.left is not None and any(
            value is not None and value <= 0 for value in (self.left.amount, self.left.bottles)
        )


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
    place = next((address.region_code for address in buyer.addresses if address.is_default), buyer.region_code)
    live = live_policies(seller_id=buyer.supplier_id, buyer=buyer, region_code=place, at=now)
    return _offered(actor, buyer, live, place, now)


def _offered(
    actor: Actor, buyer: TradingDealer, live: LivePolicies, place: str, now: datetime
) -> tuple[Promotion, ...]:
    context = Context(
        dealer=buyer.code,
        tier=buyer.tier,
        lineage=lineage_of(place),
        channel=buyer.channel,
        at=now,
        labels=buyer.labels,
    )
    fitting = [
        (policy, live.terms[policy.code])
        for policy in live.policies
        if policy.audience.why_not(context) in ONLY_LATER_KNOWN | {""}
    ]
    lines = actor.scope.product_lines
    seen = [
        (policy, terms)
        for policy, terms in fitting
        if not lines or not policy.goods.product_lines or not policy.goods.product_lines.isdisjoint(lines)
    ]
    names = names_for(terms for _, terms in seen)
    found = [
        Promotion(
            code=policy.code,
            name=(is_english() and terms.name_en) or terms.name,
            headline=told_short(terms, buyer.currency, names),
            sentence=told(terms, buyer.currency, names),
            starts_at=policy.audience.starts_at,
            ends_at=policy.audience.ends_at,
            left=live.left.get(policy.code),
            currency=buyer.currency,
            terms=terms,
        )
        for policy, terms in seen
    ]
    return tuple(sorted(found, key=lambda one: (one.is_used_up, one.ends_at, one.code)))


@dataclass(frozen=True, slots=True)
class HeldCoupon:
    """A coupon given to this house that still opens something."""

    code: str
    policy_code: str
    name: str
    uses_left: int | None
    ends_at: datetime


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
        policy__current_version__starts_at__lte=now,
        policy__current_version__ends_at__gt=now,
    ).select_related("policy__current_version")
    held = []
    for row in rows:
        ruling = row.policy.current_version
        uses_left = None if row.most_uses is None else row.most_uses - row.used
        if ruling is not None and uses_left != 0:
            name = (is_english() and row.policy.name_en) or row.policy.name
            ends_at = min(ruling.ends_at, row.ends_at or ruling.ends_at)
            held.append(HeldCoupon(row.code, row.policy.code, name, uses_left, ends_at))
    return tuple(sorted(held, key=lambda one: (one.ends_at, one.code)))
