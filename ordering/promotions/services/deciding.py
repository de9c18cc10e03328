"""Deciding on a policy, and stopping one: by somebody who neither wrote nor submitted it."""

from dataclasses import dataclass

from core.db import sql
from core.db.acts import act
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.text import prose
from ordering.promotions import errors, events
from ordering.promotions.models import PolicyVersion, PromotionPolicy
from ordering.promotions.permissions import Permission
from ordering.promotions.rules.life import Act, Status, VersionStatus, moved
from ordering.promotions.rules.terms import terms_of
from ordering.promotions.services.locking import (
    checked,
    expect,
    locked_policy,
    open_version,
    require_answering,
    require_policy,
    saved,
    tell,
)
from ordering.promotions.services.spending import close_book


@dataclass(frozen=True, slots=True)
class DecidePolicy:
    """``version``: the policy as it was shown. A refusal says why."""

    code: str
    version: int
    approves: bool
    reason: str = ""


def decide_policy(*, actor: Actor, command: DecidePolicy) -> PromotionPolicy:
    """Let the submitted version rule from its start on (from now, where that is over), or send it back.

    Raises ``Missing``, ``VersionConflict``, ``PolicyNotThere``, ``OwnPolicy``, ``ReasonMissing``, ``OutOfScope``, and
    on approval the faults of the terms by field: what they name may have gone since.
    """
    actor.require(Permission.APPROVE)
    reason = prose(command.reason)[:200]
    with act():
        policy = locked_policy(actor, command.code)
        expect(policy, command.version)
        asked = open_version(policy)
        if asked is None or asked.status != VersionStatus.SUBMITTED or policy.status == Status.ENDED:
            raise errors.PolicyNotThere(status=policy.status)
        if any(actor.stands_for(person) for person in asked.touched_by_ids):
            raise errors.OwnPolicy
        require_policy(actor, policy)
        if command.approves:
            checked(actor, asked.terms)
            _count(policy, asked)
            _approve(policy, asked)
        else:
            if not reason:
                raise errors.ReasonMissing(field="reason")
            asked.status = VersionStatus.REJECTED.value
            if policy.current_version_id is None:
                policy.status = Status.REJECTED.value
        asked.decided_by_id, asked.decided_by_name = actor.person_id, actor.person_name[:80]
        asked.decided_at, asked.reason = clock.now(), reason
        asked.save()
        saved(policy, *_DECIDED)
        kind = events.POLICY_APPROVED if command.approves else events.POLICY_REJECTED
        tell(kind, policy, asked, actor, reason=reason)
    return policy


_DECIDED = (*("status", "name", "name_en", "is_public", "funding", "brand_share_bp", "current_version", "is_counted"),)


def _approve(policy: PromotionPolicy, version: PolicyVersion) -> None:
    terms = terms_of(version.terms)
    version.status = VersionStatus.APPROVED.value
    version.rules_from = max(clock.now(), version.starts_at)
    if policy.status != Status.PAUSED:
        policy.status = Status.LIVE.value
    policy.current_version = version
    policy.name, policy.name_en, policy.is_public = terms.name, terms.name_en, terms.is_public
    policy.funding, policy.brand_share_bp = terms.funding.value, terms.brand_share_bp


_COUNT = """
WITH given AS (
    SELECT buyer_id, sum(amount) AS amount, sum(bottles) AS bottles FROM promotions_policyuse
    WHERE policy_id = %(policy)s AND given_back_at IS NULL GROUP BY ROLLUP (buyer_id)
)
INSERT INTO promotions_policyquota (policy_id, dealer_id, used_amount, used_bottles)
SELECT %(policy)s, buyer_id, coalesce(amount, 0), coalesce(bottles, 0) FROM given
WHERE CASE WHEN buyer_id IS NULL THEN %(whole)s ELSE %(each)s END
ORDER BY buyer_id NULLS FIRST
ON CONFLICT ON CONSTRAINT policy_quota_once DO NOTHING
"""


def _count(policy: PromotionPolicy, version: PolicyVersion) -> None:
    """From the first version with a limit on, what is given is counted; what was given before counts too.

    Orders under way that may be given something by an earlier version are waited for.
    """
    if not version.is_limited:
        return
    whole = version.limit_amount is not None or version.limit_bottles is not None
    each = version.each_amount is not None or version.each_bottles is not None
    if policy.current_version_id is not None:
        close_book()
    sql.execute(_COUNT, {"policy": policy.pk, "whole": whole, "each": each})
    policy.is_counted = True


@dataclass(frozen=True, slots=True)
class StopPolicy:
    """``version``: the policy as it was shown. A pause says why."""

    code: str
    version: int
    reason: str = ""


def pause_policy(*, actor: Actor, command: StopPolicy) -> PromotionPolicy:
    """It gives nothing from now on, until it is resumed. One that is paused stays so.

    Raises ``Missing``, ``VersionConflict``, ``PolicyNotThere``, ``PauseReasonMissing`` or ``OutOfScope``.
    """
    return _move(actor, command, Act.PAUSE, Status.PAUSED, events.POLICY_PAUSED)


def resume_policy(*, actor: Actor, command: StopPolicy) -> PromotionPolicy:
    """It gives again, as far as its days and limits go. One that is live stays so. Raises as ``pause_policy``."""
    return _move(actor, command, Act.RESUME, Status.LIVE, events.POLICY_RESUMED)


def end_policy(*, actor: Actor, command: StopPolicy) -> PromotionPolicy:
    """It gives nothing from now on, for good; a version nobody approved goes with it. Raises as ``pause_policy``."""
    return _move(actor, command, Act.END, Status.ENDED, events.POLICY_ENDED)


def _move(actor: Actor, command: StopPolicy, what: Act, to: Status, kind: str) -> PromotionPolicy:
    actor.require(Permission.WRITE)
    reason = prose(command.reason)[:200]
    with act():
        policy = locked_policy(actor, command.code)
        if policy.status == to:
            return policy
        expect(policy, command.version)
        policy.status = moved(policy.status, what).value
        ruling = policy.current_version
        if ruling is None:
            raise errors.PolicyNotThere(status=policy.status)
        require_answering(actor, ruling)
        if to is Status.PAUSED and not reason:
            raise errors.PauseReasonMissing(field="reason")
        if to is Status.LIVE:
            policy.stopped_at = None
        elif policy.stopped_at is None:
            policy.stopped_at = clock.now()
        if to is Status.ENDED:
            policy.versions.exclude(status=VersionStatus.APPROVED).delete()
        saved(policy, "status", "stopped_at")
        tell(kind, policy, ruling, actor, reason=reason)
    return policy
