"""Writing to the people of the dealers a promotion is for, once, when it begins."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from core.db.acts import act
from core.events.models import Event
from core.events.services import record
from core.kernel import clock
from core.kernel.actor import Scope
from core.kernel.text import N_
from core.messages.registry import message_template
from core.messages.services import notify
from dms.dealers.models import Address, Dealer
from ordering.pricing.permissions import Permission as PricePermission
from ordering.promotions import events
from ordering.promotions.models import APPROVED, Coupon, PolicyVersion, PromotionPolicy
from ordering.promotions.permissions import Permission
from ordering.promotions.rules.life import Status
from ordering.promotions.rules.policies import Context, Policy
from ordering.promotions.rules.terms import Terms, policy_of, terms_of
from ordering.promotions.selectors.live import lineage_of
from ordering.promotions.services.locking import locked_row
from tenants.access.selectors import seat_ids_carrying

LATE = timedelta(days=1)
"""What began longer ago is news no more: a worker was away, or the promotion was approved long after its first day."""

BEGAN = message_template(
    "promotions.began",
    subject=N_("Promotion: %(title)s"),
    body=N_("“%(title)s” has begun and runs until %(until)s. Your promotions page says what it gives."),
)


def tell_begun() -> int:
    """Write to those every promotion is for that began by now and of which nobody has heard; how many promotions.

    Called again, or at once by two workers, it writes to nobody twice: that a promotion began is an event, written
    under the policy's lock together with the messages. Not told: what is paused or has ended, a further version that
    goes on where an earlier one ran, and offers for a first order (they wait for newcomers).
    """
    now = clock.now()
    rows = PolicyVersion.objects.filter(
        Q(starts_at__gt=now - LATE) | Q(rules_from__gt=now - LATE),
        status=APPROVED,
        policy__status=Status.LIVE.value,
        rules_from__lte=now,
        starts_at__lte=now,
        ends_at__gt=now,
    )
    return sum(_tell(policy_id, now) for policy_id in sorted(set(rows.values_list("policy_id", flat=True))))


def _tell(policy_id: int, now: datetime) -> int:
    """One promotion: whether it was told now.

    Who hears of it is gathered before the lock and in a few statements whatever the number of dealers; the lock is the
    one that orders which use the policy do not wait for.
    """
    policy = PromotionPolicy.objects.get(pk=policy_id)
    version = _new_one(policy, now)
    if version is None:
        return 0
    terms = terms_of(version.terms)
    if not terms.tells_start or terms.audience.first_order_only:
        return 0
    houses = _houses(policy, policy_of(policy.code, version.number, terms), now)
    seats = _readers(houses, terms)
    with act():
        under_lock = locked_row(policy_id)
        if under_lock is None or under_lock.status != Status.LIVE or _new_one(under_lock, now) != version:
            return 0
        _write(under_lock, version, seats, len(houses))
    return 1


def _write(policy: PromotionPolicy, version: PolicyVersion, seats: Sequence[UUID], houses: int) -> None:
    """The messages, and the event that says they are written."""
    terms = terms_of(version.terms)
    title = f"{terms.name} · {terms.name_en}" if terms.name_en and terms.name_en != terms.name else terms.name
    last_day = clock.business_day(version.ends_at - timedelta(microseconds=1)).isoformat()
    notify(
        template=BEGAN,
        seat_ids=seats,
        context={"title": title, "until": last_day},
        link=f"/promotions/#{policy.code}",
    )
    record(
        kind=events.POLICY_BEGAN,
        aggregate_type=events.POLICY,
        aggregate_id=policy.code,
        version=policy.version,
        actor=None,
        payload={**_facts(policy, version), "houses": houses},
        seller_id=policy.seller_id,
    )


def _facts(policy: PromotionPolicy, version: PolicyVersion) -> events.Json:
    return events.policy_facts(code=policy.code, name=policy.name, number=version.number, status=policy.status)


def _new_one(policy: PromotionPolicy, now: datetime) -> PolicyVersion | None:
    """The version that rules now, where it began within the day, follows on none and nobody has heard of it."""
    begun = [one for one in policy.versions.order_by("number") if one.has_begun(now)]
    if not begun:
        return None
    ruling, earlier = begun[-1], begun[:-1]
    began = max(ruling.starts_at, ruling.rules_from or ruling.starts_at)
    if not now - LATE < began <= now < ruling.ends_at or any(one.starts_at < began <= one.ends_at for one in earlier):
        return None
    heard = Event.objects.filter(
        aggregate_type=events.POLICY,
        aggregate_id=policy.code,
        kind=events.POLICY_BEGAN,
        seller_id=policy.seller_id,
        payload__number=ruling.number,
    )
    return None if heard.exists() else ruling


def _houses(policy: PromotionPolicy, said: Policy, now: datetime) -> list[int]:
    """The seller's open customers the policy is for where their goods usually go; of one with a coupon its holders."""
    usual = Address.objects.filter(dealer_id=OuterRef("pk"), is_default=True).values("region_code")[:1]
    rows = Dealer.objects.filter(supplier_id=policy.seller_id, status=Dealer.Status.ACTIVE)
    rows = rows.annotate(place=Coalesce(Subquery(usual), "region_code")).order_by("pk")
    holders = set(_holders(policy, now)) if said.audience.coupon else None
    return [
        pk
        for pk, code, tier, channel, labels, place in rows.values_list(
            "pk", "code", "tier", "channel", "labels", "place"
        )
        if (holders is None or pk in holders)
        and not said.audience.why_not(
            Context(
                dealer=code,
                tier=tier,
                lineage=lineage_of(place),
                channel=channel,
                at=now,
                labels=frozenset(labels),
                coupons=frozenset({said.audience.coupon}),
            )
        )
    ]


def _holders(policy: PromotionPolicy, now: datetime) -> QuerySet[Coupon, int | None]:
    open_ones = Coupon.objects.filter(Q(ends_at=None) | Q(ends_at__gt=now), policy=policy, is_withdrawn=False)
    return open_ones.exclude(dealer=None).values_list("dealer_id", flat=True)


def _readers(houses: Sequence[int], terms: Terms) -> list[UUID]:
    """Who of the houses finds the promotion on their page: a seat kept to other product lines does not."""
    lines = terms.goods.product_lines

    def reaches(scope: Scope) -> bool:
        return not lines or not scope.product_lines or not lines.isdisjoint(scope.product_lines)

    return seat_ids_carrying(houses, codes=(Permission.READ, PricePermission.PURCHASE), reaches=reaches)
