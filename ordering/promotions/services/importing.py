"""Policies and coupons of a file: bad rows are answered, good ones done; what stands already is not written again."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from core.db.acts import act
from core.jobs.importing import SAME, Change, Judged
from core.jobs.previews import Previewed
from core.kernel.actor import Actor
from core.kernel.errors import DomainError
from ordering.promotions import errors
from ordering.promotions.models import Coupon, PromotionPolicy
from ordering.promotions.permissions import Permission
from ordering.promotions.rules.facts import differing, facts_of
from ordering.promotions.rules.reading import read_terms
from ordering.promotions.rules.terms import terms_of
from ordering.promotions.services.coupons import CouponAsk, made, require_coupons, written
from ordering.promotions.services.locking import checked, locked_policies, newest_version, require_policy
from ordering.promotions.services.saving import SavePolicy, create, drafted, new_policy, require_open

Changes = Mapping[str, Change]


@dataclass(frozen=True, slots=True)
class PolicyRow:
    """A row of a file. ``over`` gives the draft it asks for over the facts that stand, which columns the file does not
    have keep: by column as ``rules.facts`` says them with the ``currency``, none for a new policy. Raises by column.
    """

    code: str
    over: Callable[[Mapping[str, str]], SavePolicy]


@dataclass(frozen=True, slots=True)
class ImportPolicies:
    """Drafts of a file, each code once. ``shown``: what a preview said of a row, by 1-based place."""

    rows: tuple[PolicyRow, ...]
    shown: Mapping[int, Previewed] = field(default_factory=dict)


def import_policies(*, actor: Actor, command: ImportPolicies, is_dry_run: bool = False) -> Judged:
    """Each row becomes a draft: a new policy, or the next version of one; nothing rules before somebody approves it.

    What the file has no column for stays as the newest version says it; a row that says the same changes nothing. A
    dry run writes nothing. Faults by line: those of ``save_policy`` by their place in the document, those of reading by
    column, and what ``Previewed.fault`` raises. Raises ``NotPermitted``.
    """
    actor.require(Permission.WRITE)
    fates: dict[int, str] = {}
    changes: dict[int, Changes] = {}
    faults: list[DomainError] = []
    with act():
        known = locked_policies(actor, (row.code for row in command.rows))
        for place, row in enumerate(command.rows, start=1):
            policy = known.get(row.code)
            try:
                changes[place] = _drafted(actor, row, policy, command.shown.get(place), is_dry_run=is_dry_run)
            except DomainError as refusal:
                faults += _at(place, refusal)
                continue
            fates[place] = "new" if policy is None else "changed" if changes[place] else SAME
    return Judged(fates, changes, faults)


def _drafted(
    actor: Actor, asked: PolicyRow, policy: PromotionPolicy | None, shown: Previewed | None, *, is_dry_run: bool
) -> Changes:
    """What the row changes, done unless that is only asked for. Raises every fault of the row."""
    newest, before = None, dict[str, str]()
    if policy is not None:
        require_policy(actor, policy)
        newest = newest_version(policy)
        before = {**facts_of(terms_of(newest.terms), policy.currency), "currency": policy.currency}
    row = asked.over(before)
    changes = differing(before, {**facts_of(read_terms(row.terms), row.currency), "currency": row.currency})
    if not changes:
        return changes
    fault = shown.fault(changes) if shown is not None else None
    if fault is not None:
        raise fault
    if policy is not None:
        require_open(policy, row)
    into = policy or new_policy(actor, row)
    terms = checked(actor, row.terms)
    if not is_dry_run:
        if policy is None:
            create(into, terms)
        drafted(actor, into, terms, newest)
    return changes


def _at(place: int, refusal: DomainError) -> Iterable[DomainError]:
    faults = refusal.problems()
    for fault in faults:
        fault.line = place
    return faults


@dataclass(frozen=True, slots=True)
class CouponRow:
    """A coupon of a file with the code of its policy."""

    policy_code: str
    ask: CouponAsk


def import_coupons(*, actor: Actor, rows: Sequence[CouponRow], is_dry_run: bool = False) -> Judged:
    """Give the coupons of the rows, each code once; one that stands with the same facts stays as it is.

    A few statements a policy for any number of rows. A dry run writes nothing. Faults by line: those of
    ``give_coupons``, and ``CodeUnknown`` for the policy. Raises ``NotPermitted``.
    """
    actor.require(Permission.WRITE)
    fates: dict[int, str] = {}
    changes: dict[int, Changes] = {}
    faults: list[DomainError] = []
    with act():
        policies = locked_policies(actor, (row.policy_code for row in rows))
        standing = _standing(actor, rows)
        new: dict[str, list[int]] = {}
        for place, row in enumerate(rows, start=1):
            if standing.get(row.ask.code) == row:
                fates[place] = SAME
            elif row.policy_code in policies:
                new.setdefault(row.policy_code, []).append(place)
            else:
                faults.append(errors.CodeUnknown(line=place, field="policy", value=row.policy_code[:40]))
        for code, places in new.items():
            refused = _given(actor, policies[code], {one: rows[one - 1].ask for one in places}, is_dry_run=is_dry_run)
            faults += refused
            lines = {fault.line for fault in refused}
            good = [place for place in places if place not in lines]
            fates |= dict.fromkeys(good, "new")
            changes |= {place: _said(rows[place - 1]) for place in good}
    return Judged(fates, changes, faults)


def _standing(actor: Actor, rows: Sequence[CouponRow]) -> dict[str, CouponRow]:
    """Coupons of these codes as rows of a file, by code."""
    found = Coupon.objects.filter(seller_id=actor.dealer_id, code__in=[row.ask.code for row in rows])
    return {
        one.code: CouponRow(
            one.policy.code,
            CouponAsk(one.code, one.dealer.code if one.dealer else "", one.most_uses, one.most_each, one.ends_at),
        )
        for one in found.select_related("policy", "dealer")
    }


def _given(
    actor: Actor, policy: PromotionPolicy, asks: Mapping[int, CouponAsk], *, is_dry_run: bool
) -> list[DomainError]:
    """Give the coupons of one policy, each by its line; the faults of those that are not given."""
    try:
        require_coupons(actor, policy)
    except DomainError as refusal:
        return [type(refusal)(line=place, field="policy") for place in asks]
    places = list(asks)
    found, faults = made(policy, list(asks.values()))
    for fault in faults:
        fault.line = places[(fault.line or 1) - 1]
    bad = {fault.line for fault in faults}
    good = [row for place, row in zip(places, found, strict=True) if place not in bad]
    if good and not is_dry_run:
        written(actor, policy, good)
    return faults


def _said(row: CouponRow) -> Changes:
    ask = row.ask
    facts: dict[str, object] = {
        "policy": row.policy_code,
        "dealer": ask.dealer_code,
        "most_uses": ask.most_uses,
        "most_each": ask.most_each,
        "ends_at": ask.ends_at.isoformat() if ask.ends_at else None,
    }
    return {name: (None, fact) for name, fact in facts.items() if fact}
