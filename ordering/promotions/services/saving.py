"""Planning a policy: a draft, its change, its way to somebody who decides and back."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction

from core.db.acts import act
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.errors import Missing
from core.kernel.money import MINOR_DIGITS
from core.kernel.text import normalised
from dms.dealers.selectors import brand_currency
from ordering.promotions import errors, events
from ordering.promotions.models import PolicyVersion, PromotionPolicy
from ordering.promotions.permissions import Permission
from ordering.promotions.rules.life import Status, VersionStatus
from ordering.promotions.rules.terms import Terms
from ordering.promotions.services.locking import (
    checked,
    expect,
    locked_policy,
    newest_version,
    open_version,
    require_answering,
    require_policy,
    saved,
    tell,
)

_CODE = re.compile(r"[A-Z0-9][A-Z0-9_-]{1,29}", re.ASCII)


@dataclass(frozen=True, slots=True)
class SavePolicy:
    """``terms``: the document of ``rules.terms``, as somebody sent it. ``version`` None: a new policy.

    ``currency`` empty: the brand's own.
    """

    code: str
    terms: Mapping[str, Any] = field(default_factory=dict)
    version: int | None = None
    currency: str = ""


def save_policy(*, actor: Actor, command: SavePolicy) -> PromotionPolicy:
    """A draft: a new policy, or a change; an approved policy gets a further version and rules on meanwhile.

    The same again changes nothing. Raises every fault of the terms by field (see ``rules.reading``), ``OutOfScope``,
    ``PolicyCodeTaken``, ``Missing``, ``VersionConflict``, ``PolicyFrozen``, ``PolicyOver``, ``CurrencyFixed``.
    """
    actor.require(Permission.WRITE)
    with act():
        policy = new_policy(actor, command) if command.version is None else _known(actor, command)
        terms = checked(actor, command.terms)
        document = terms.document()
        is_new = policy.pk is None
        newest = None if is_new else newest_version(policy)
        if newest is not None and newest.terms == document and newest.status != VersionStatus.REJECTED:
            return policy
        if is_new:
            create(policy, terms)
        drafted(actor, policy, terms, newest)
    return policy


def drafted(actor: Actor, policy: PromotionPolicy, terms: Terms, newest: PolicyVersion | None) -> None:
    """Write the terms as the draft of a policy that has its row."""
    version = _put(actor, policy, terms, newest)
    if policy.current_version_id is None:
        _name(policy, terms)
        policy.status = Status.DRAFT.value
    saved(policy, "name", "name_en", "status", "is_public", "funding", "brand_share_bp", "currency")
    tell(events.POLICY_SAVED, policy, version, actor)


def new_policy(actor: Actor, command: SavePolicy) -> PromotionPolicy:
    """A policy that has no row yet. Raises ``PolicyCodeInvalid``, ``FieldUnread``, ``PolicyCodeTaken``."""
    code = normalised(command.code).upper()
    if not _CODE.fullmatch(code):
        raise errors.PolicyCodeInvalid(field="code")
    currency = command.currency or brand_currency()
    if currency not in MINOR_DIGITS:
        raise errors.FieldUnread(field="currency", value=currency[:3])
    if PromotionPolicy.objects.filter(seller_id=actor.dealer_id, code=code).exists():
        raise errors.PolicyCodeTaken(field="code", policy=code)
    return PromotionPolicy(
        seller_id=actor.dealer_id, code=code, currency=currency, version=0, created_at=clock.now(), is_public=True
    )


def _known(actor: Actor, command: SavePolicy) -> PromotionPolicy:
    policy = locked_policy(actor, command.code)
    expect(policy, command.version)
    require_policy(actor, policy)
    require_open(policy, command)
    return policy


def require_open(policy: PromotionPolicy, command: SavePolicy) -> None:
    """Whether the policy takes a draft in the command's currency now, which becomes its own.

    Raises ``PolicyOver``, ``PolicyFrozen``, ``CurrencyFixed``.
    """
    if policy.status == Status.ENDED:
        raise errors.PolicyOver
    under_way = open_version(policy)
    if under_way is not None and under_way.status == VersionStatus.SUBMITTED:
        raise errors.PolicyFrozen
    if command.currency and command.currency != policy.currency:
        if policy.current_version_id is not None or command.currency not in MINOR_DIGITS:
            raise errors.CurrencyFixed(field="currency")
        policy.currency = command.currency


def create(policy: PromotionPolicy, terms: Terms) -> None:
    """Write the row of a new policy. Raises ``PolicyCodeTaken``."""
    _name(policy, terms)
    try:
        with transaction.atomic():
            policy.save(force_insert=True)
    except IntegrityError:
        raise errors.PolicyCodeTaken(field="code", policy=policy.code) from None


def _put(actor: Actor, policy: PromotionPolicy, terms: Terms, newest: PolicyVersion | None) -> PolicyVersion:
    """The open version with these terms: the one there is, or the next number."""
    if newest is None or newest.status == VersionStatus.APPROVED:
        number = newest.number + 1 if newest is not None else 1
        version = PolicyVersion(policy=policy, number=number, touched_by_ids=[], created_at=clock.now())
    else:
        version = newest
    version.status = VersionStatus.DRAFT.value
    version.terms = terms.document()
    version.starts_at, version.ends_at = terms.audience.starts_at, terms.audience.ends_at
    version.needs_coupon = terms.needs_coupon
    version.limit_amount, version.limit_bottles = terms.limits.amount, terms.limits.bottles
    version.each_amount, version.each_bottles = terms.limits.dealer_amount, terms.limits.dealer_bottles
    version.written_by_name = actor.person_name[:80]
    touched(version, actor)
    version.save()
    return version


def touched(version: PolicyVersion, actor: Actor) -> None:
    """Keep whose hands were on the version, those who lent their rights too."""
    hands = [actor.person_id, *([actor.acting_for] if actor.acting_for else [])]
    version.touched_by_ids = sorted({*version.touched_by_ids, *hands})


def _name(policy: PromotionPolicy, terms: Terms) -> None:
    policy.name, policy.name_en = terms.name, terms.name_en
    policy.is_public, policy.funding = terms.is_public, terms.funding.value
    policy.brand_share_bp = terms.brand_share_bp


def submit_policy(*, actor: Actor, code: str, version: int) -> PromotionPolicy:
    """Ask for approval of the draft. What waits already stays as it is.

    Raises ``Missing``, ``VersionConflict``, ``PolicyNotThere``, and as ``save_policy`` does for the terms: goods may
    have left the shelf since.
    """
    actor.require(Permission.WRITE)
    with act():
        policy = locked_policy(actor, code)
        require_policy(actor, policy)
        draft = _open(policy)
        if draft.status == VersionStatus.SUBMITTED:
            return policy
        expect(policy, version)
        checked(actor, draft.terms)
        draft.status = VersionStatus.SUBMITTED.value
        draft.submitted_by_name, draft.submitted_at = actor.person_name[:80], clock.now()
        draft.reason = ""
        touched(draft, actor)
        draft.save()
        if policy.current_version_id is None:
            policy.status = Status.SUBMITTED.value
        saved(policy, "status")
        tell(events.POLICY_SUBMITTED, policy, draft, actor)
    return policy


def take_back_policy(*, actor: Actor, code: str, version: int) -> PromotionPolicy:
    """A version that waits for approval is a draft again; a draft stays one.

    Raises ``Missing``, ``VersionConflict``, ``PolicyNotThere`` or ``OutOfScope``.
    """
    actor.require(Permission.WRITE)
    with act():
        policy = locked_policy(actor, code)
        draft = _open(policy)
        if draft.status == VersionStatus.DRAFT:
            return policy
        expect(policy, version)
        require_answering(actor, draft)
        draft.status = VersionStatus.DRAFT.value
        draft.submitted_at, draft.submitted_by_name = None, ""
        draft.save()
        if policy.current_version_id is None:
            policy.status = Status.DRAFT.value
        saved(policy, "status")
        tell(events.POLICY_SAVED, policy, draft, actor)
    return policy


def delete_draft(*, actor: Actor, code: str) -> None:
    """Away with the version nobody approved, and with the policy where it was its only one.

    Raises ``Missing`` when there is none, ``PolicyFrozen`` while it waits for approval, or ``OutOfScope``.
    """
    actor.require(Permission.WRITE)
    with act():
        policy = locked_policy(actor, code)
        draft = open_version(policy)
        if draft is None:
            raise Missing(policy=code)
        if draft.status == VersionStatus.SUBMITTED:
            raise errors.PolicyFrozen
        require_answering(actor, draft)
        tell(events.POLICY_DELETED, policy, draft, actor)
        draft.delete()
        if policy.current_version_id is None:
            policy.delete()
        else:
            saved(policy)


def _open(policy: PromotionPolicy) -> PolicyVersion:
    found = open_version(policy)
    if found is None or policy.status == Status.ENDED:
        raise errors.PolicyNotThere(status=policy.status)
    return found
