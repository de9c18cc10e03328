"""A policy under lock with its newest version, and what the room tells of it."""

from collections.abc import Iterable, Mapping
from typing import Any

from core.db.locks import Rank, note_rank
from core.events.services import record
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.errors import Missing, VersionConflict, refuse_all
from ordering.promotions import events
from ordering.promotions.errors import PolicyTooLate
from ordering.promotions.models import PolicyVersion, PromotionPolicy
from ordering.promotions.rules.checking import faults_of_terms
from ordering.promotions.rules.reading import read_terms
from ordering.promotions.rules.terms import Terms, terms_of
from ordering.promotions.selectors.knowing import known_to, require_ground


def locked_policy(actor: Actor, code: str) -> PromotionPolicy:
    """A policy of the actor's own house, locked. Raises ``Missing``.

    Its key stays as it is, so orders that name the policy do not wait for this lock.
    """
    note_rank(Rank.ORDER)
    rows = PromotionPolicy.objects.select_for_update(of=("self",), no_key=True)
    found = rows.filter(seller_id=actor.dealer_id, code=code).first()
    if found is None:
        raise Missing(policy=code[:30])
    return found


def locked_policies(actor: Actor, codes: Iterable[str]) -> dict[str, PromotionPolicy]:
    """Those of the actor's own house that are there, by code, locked by id as ``locked_policy`` locks one."""
    note_rank(Rank.ORDER)
    rows = PromotionPolicy.objects.select_for_update(of=("self",), no_key=True)
    return {row.code: row for row in rows.filter(seller_id=actor.dealer_id, code__in=set(codes)).order_by("id")}


def locked_row(policy_id: int) -> PromotionPolicy | None:
    """A policy of whichever house, locked as ``locked_policy`` locks one; None: it is gone."""
    note_rank(Rank.ORDER)
    return PromotionPolicy.objects.select_for_update(of=("self",), no_key=True).filter(pk=policy_id).first()


def expect(policy: PromotionPolicy, version: int | None) -> None:
    """Somebody saw the policy as ``version`` (None: any). Raises ``VersionConflict``."""
    if version is not None and policy.version != version:
        raise VersionConflict(version=policy.version)


def newest_version(policy: PromotionPolicy) -> PolicyVersion:
    """The version somebody works on, else the last approved one."""
    return policy.versions.order_by("-number")[0]


def open_version(policy: PromotionPolicy) -> PolicyVersion | None:
    """The version that is not decided yet, or was sent back."""
    return policy.versions.exclude(status="APPROVED").first()


def checked(actor: Actor, document: Mapping[str, Any]) -> Terms:
    """The terms of a document as they may be planned here. Raises every fault by field, or ``OutOfScope``."""
    terms = read_terms(document)
    known = known_to(actor.dealer_id, terms)
    faults = [*faults_of_terms(terms, known)]
    if terms.audience.ends_at <= clock.now():
        faults.append(PolicyTooLate(field="audience.ends_at"))
    refuse_all(faults)
    require_ground(actor, terms, known)
    return terms


def require_answering(actor: Actor, version: PolicyVersion) -> Terms:
    """The terms, where the seat answers for all they are for. Raises ``OutOfScope``."""
    terms = terms_of(version.terms)
    if actor.scope.is_limited:
        require_ground(actor, terms, known_to(actor.dealer_id, terms))
    return terms


def require_policy(actor: Actor, policy: PromotionPolicy) -> None:
    """The seat answers for all that rules and all that somebody works on. Raises ``OutOfScope``."""
    if actor.scope.is_limited:
        newest = newest_version(policy)
        require_answering(actor, newest)
        if policy.current_version is not None and policy.current_version_id != newest.pk:
            require_answering(actor, policy.current_version)


def saved(policy: PromotionPolicy, *fields: str) -> None:
    """Write the fields with a raised version."""
    policy.version += 1
    policy.save(update_fields=[*fields, "version"])


def tell(kind: str, policy: PromotionPolicy, version: PolicyVersion, actor: Actor, *, reason: str = "") -> None:
    """Record what happened to a policy, and to which version."""
    payload = events.policy_facts(
        code=policy.code,
        name=policy.name,
        number=version.number,
        status=policy.status,
        reason=reason,
        rules_from=version.rules_from,
    )
    record(
        kind=kind,
        aggregate_type=events.POLICY,
        aggregate_id=policy.code,
        version=policy.version,
        actor=actor,
        payload=dict(payload),
        seller_id=policy.seller_id,
    )
