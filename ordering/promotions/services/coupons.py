"""Coupons (优惠券): codes that open a policy, to whoever names them or to one dealer."""

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from core.db.acts import act
from core.db.locks import Rank, locked
from core.events.services import record
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.errors import DomainError, Missing, refuse_all
from core.kernel.text import normalised
from dms.dealers.models import Dealer
from ordering.promotions import errors, events
from ordering.promotions.models import Coupon, PromotionPolicy
from ordering.promotions.permissions import Permission
from ordering.promotions.rules.life import Status
from ordering.promotions.services.locking import locked_policy, newest_version, require_answering

MOST_COUPONS = 1_000
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Without the four that are taken for one another."""
_LENGTH = 10
_CODE = re.compile(r"[A-Z0-9-]{4,30}", re.ASCII)


@dataclass(frozen=True, slots=True)
class CouponAsk:
    """One coupon. ``code`` empty: a random one. ``dealer_code`` empty: for whoever names it.

    ``most_uses`` orders in all, ``most_each`` of one dealer; None: as often as wished. ``ends_at`` None: as long as
    the policy.
    """

    code: str = ""
    dealer_code: str = ""
    most_uses: int | None = None
    most_each: int | None = None
    ends_at: datetime | None = None


def give_coupons(*, actor: Actor, policy_code: str, coupons: Sequence[CouponAsk]) -> list[Coupon]:
    """Coupons of a policy that asks for one; four statements for any number.

    Raises ``Missing``, ``PolicyOver``, ``CouponsNotAsked``, ``TooManyCoupons``, and by line ``CouponCodeInvalid``,
    ``CouponCodeTaken``, ``CodeUnknown``, ``NotAboveZero`` or ``PolicyTooLate``.
    """
    actor.require(Permission.WRITE)
    if len(coupons) > MOST_COUPONS:
        raise errors.TooManyCoupons(most=MOST_COUPONS)
    with act():
        policy = locked_policy(actor, policy_code)
        require_coupons(actor, policy)
        rows, faults = made(policy, coupons)
        refuse_all(faults)
        written(actor, policy, rows)
    return rows


def require_coupons(actor: Actor, policy: PromotionPolicy) -> None:
    """Whether the seat may give coupons of the policy. Raises ``OutOfScope``, ``PolicyOver``, ``CouponsNotAsked``."""
    newest = newest_version(policy)
    require_answering(actor, newest)
    if policy.status == Status.ENDED:
        raise errors.PolicyOver
    if not newest.needs_coupon:
        raise errors.CouponsNotAsked


def written(actor: Actor, policy: PromotionPolicy, rows: Sequence[Coupon]) -> None:
    """Write the rows and tell of them. Raises ``CouponCodeTaken``."""
    _write(policy, rows)
    record(
        kind=events.COUPONS_GIVEN,
        aggregate_type=events.POLICY,
        aggregate_id=policy.code,
        version=policy.version,
        actor=actor,
        payload={"policy": policy.code, "name": policy.name, "coupons": len(rows)},
        seller_id=policy.seller_id,
    )


def made(policy: PromotionPolicy, coupons: Sequence[CouponAsk]) -> tuple[list[Coupon], list[DomainError]]:
    """The rows as they would be written, and every fault by line."""
    named = sorted({ask.dealer_code for ask in coupons} - {""})
    customers = Dealer.objects.filter(supplier_id=policy.seller_id, code__in=named)
    dealers = dict(customers.values_list("code", "pk")) if named else {}
    codes = [normalised(ask.code).upper() or _random() for ask in coupons]
    taken = set(Coupon.objects.filter(seller_id=policy.seller_id, code__in=codes).values_list("code", flat=True))
    rows, faults, now = [], list[DomainError](), clock.now()
    for line, (code, ask) in enumerate(zip(codes, coupons, strict=True), start=1):
        if not _CODE.fullmatch(code):
            faults.append(errors.CouponCodeInvalid(line=line, field="code"))
        if code in taken:
            faults.append(errors.CouponCodeTaken(line=line, field="code", coupon=code))
        if ask.dealer_code and ask.dealer_code not in dealers:
            faults.append(errors.CodeUnknown(line=line, field="dealer", value=ask.dealer_code[:40]))
        for name in ("most_uses", "most_each"):
            if not 0 < (1 if getattr(ask, name) is None else getattr(ask, name)) < _MOST:
                faults.append(errors.NotAboveZero(line=line, field=name))
        if ask.ends_at is not None and ask.ends_at <= now:
            faults.append(errors.PolicyTooLate(line=line, field="ends_at"))
        taken.add(code)
        rows.append(
            Coupon(
                policy=policy,
                seller_id=policy.seller_id,
                code=code,
                dealer_id=dealers.get(ask.dealer_code),
                most_uses=ask.most_uses,
                most_each=ask.most_each,
                ends_at=ask.ends_at,
                created_at=now,
            )
        )
    return rows, faults


def _write(policy: PromotionPolicy, rows: Sequence[Coupon]) -> None:
    """Write them by their codes, so that two who give the same ones do not wait for each other.

    The lock is the policy's, the codes are the seller's: another policy may take one at this moment.
    """
    try:
        with transaction.atomic():
            Coupon.objects.bulk_create(sorted(rows, key=lambda row: row.code))
    except IntegrityError:
        codes = [row.code for row in rows]
        others = Coupon.objects.filter(seller_id=policy.seller_id, code__in=codes)
        taken = set(others.values_list("code", flat=True))
        refuse_all(
            errors.CouponCodeTaken(line=line, field="code", coupon=code)
            for line, code in enumerate(codes, start=1)
            if code in taken
        )
        raise


_MOST = 1_000_000_000


def _random() -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))


def withdraw_coupon(*, actor: Actor, code: str) -> Coupon:
    """It opens nothing any more; orders it helped stay as they are. Twice is once. Raises ``Missing``."""
    actor.require(Permission.WRITE)
    with act():
        rows = Coupon.objects.filter(seller_id=actor.dealer_id, code=normalised(code).upper())
        policy = PromotionPolicy.objects.filter(coupons__in=rows).first()
        if policy is None:
            raise Missing(coupon=code[:30])
        policy = locked_policy(actor, policy.code)
        require_answering(actor, newest_version(policy))
        row = locked(rows, Rank.QUOTA)[0]
        if not row.is_withdrawn:
            row.is_withdrawn = True
            row.save(update_fields=["is_withdrawn"])
            record(
                kind=events.COUPON_WITHDRAWN,
                aggregate_type=events.POLICY,
                aggregate_id=policy.code,
                version=policy.version,
                actor=actor,
                payload={"policy": policy.code, "name": policy.name, "coupon": row.code},
                seller_id=policy.seller_id,
            )
    return row
