"""Dealers from a file: new ones created, known ones changed, each row judged for itself."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType

from billing.ledger.models import TradingAccount
from core.db.acts import act
from core.db.scopes import dealers_within
from core.jobs.previews import Previewed
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.errors import DomainError, NotPermitted
from core.kernel.text import normalised
from core.vault.services import masked_phone, unseal
from dms.dealers import errors, rules
from dms.dealers.models import Credential, Dealer
from dms.dealers.permissions import Permission
from dms.dealers.rules import LicenceType
from dms.dealers.services.changing import ChangeDealer, Groups, apply, refuse_outside, write
from dms.dealers.services.creation import lock_tree, plant
from dms.dealers.services.firms import tell_uses
from dms.dealers.services.planning import UNNAMED, CreateDealer, plan

Changes = dict[str, tuple[str, str]]


class Fate(StrEnum):
    """What becomes of a row."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class Imported:
    """The fate of every good row by its 1-based place, and the faults of the others, each with its line.

    ``changes``: what a known dealer's row changes, old and new by field, by place; phones masked.
    """

    fates: dict[int, Fate]
    faults: tuple[DomainError, ...]
    changes: dict[int, Changes]


def import_dealers(
    *,
    actor: Actor,
    rows: Sequence[CreateDealer],
    is_dry_run: bool = False,
    previews: Mapping[int, Previewed] = MappingProxyType({}),
) -> Imported:
    """Create the dealers nobody knows and change the known ones; empty texts of a row leave a known fact alone.

    One act and a few statements for any number of rows. Bad rows are answered, good ones done; rows outside the seat's
    limits are bad ones (``OutOfScope``). A dry run writes nothing. ``previews``: what somebody was shown of each row,
    by 1-based place; where something else stands by now, the row is a bad one (``ChangedSincePreview``).
    """
    actor.require(Permission.IMPORT)
    if not actor.is_brand_staff:
        raise NotPermitted(permission=Permission.IMPORT)
    with act():
        lock_tree()
        codes = [normalised(row.code) for row in rows]
        known = {d.code: d for d in Dealer.objects.filter(code__in=codes).select_related("parent")}
        places = [place for place, code in enumerate(codes, start=1) if code not in known]
        planned = plan([_as_new(rows[place - 1]) for place in places], actor.scope)
        for fault in planned.faults:
            fault.line = places[(fault.line or 1) - 1]
        lost = {fault.line for fault in planned.faults}
        fates = {place: Fate.NEW for place in places if place not in lost}
        changes: dict[int, Changes] = {}
        groups = Groups.of(known.values())
        changed, faults = _judge_known(actor, rows, codes, known, groups, fates, changes, previews)
        if not is_dry_run:
            plant(planned.seedlings, actor)
            _write_known(changed, actor, groups)
        return Imported(fates, (*planned.faults, *faults), changes)


def _as_new(row: CreateDealer) -> CreateDealer:
    """What a file leaves empty is the usual for a new dealer."""
    return row if row.channel else replace(row, channel=rules.Channel.TRADITIONAL)


@dataclass(slots=True)
class _Changed:
    """A known dealer with what its row changes."""

    dealer: Dealer
    fields: set[str] = field(default_factory=set)


def _judge_known(
    actor: Actor,
    rows: Sequence[CreateDealer],
    codes: Sequence[str],
    known: dict[str, Dealer],
    groups: Groups,
    fates: dict[int, Fate],
    changes: dict[int, Changes],
    previews: Mapping[int, Previewed],
) -> tuple[list[_Changed], list[DomainError]]:
    limits, holders = _limits(known.values()), _holders(actor)
    changed: dict[str, _Changed] = {}
    faults: list[DomainError] = []
    for place, (row, code) in enumerate(zip(rows, codes, strict=True), start=1):
        dealer = known.get(code)
        if dealer is None:
            continue
        try:
            refuse_outside(dealer, actor)
            _refuse_moves(row, dealer, limits.get(dealer.pk, 0))
            number = _new_licence(row, dealer, holders)
            before = _shown(dealer, groups)
            fields = apply(dealer, _as_change(row, code), groups)
            refuse_outside(dealer, actor)
            differing = _differing(before, {**_shown(dealer, groups), **({"uscc": number} if number else {})})
            _refuse_unseen(previews.get(place), differing)
        except DomainError as fault:
            fault.line = place
            faults.append(fault)
            continue
        if number:
            _take(dealer, number, holders)
            dealer.organisation_id = row.organisation_id or dealer.organisation_id
        fates[place] = Fate.CHANGED if fields or number else Fate.SAME
        changes[place] = differing
        if fields or number:
            one = changed.setdefault(code, _Changed(dealer))
            one.fields |= {*fields, *(("uscc",) if number else ())}
    return list(changed.values()), faults


def _differing(before: Mapping[str, str], after: Mapping[str, str]) -> Changes:
    return {name: (before[name], after[name]) for name in before if before[name] != after[name]}


def _refuse_unseen(preview: Previewed | None, changes: Changes) -> None:
    """Raises ``ChangedSincePreview`` where somebody was shown another old value than the one that stands."""
    overtaken = preview.fault(changes) if preview is not None else None
    if overtaken is not None:
        raise overtaken


def _holders(actor: Actor) -> dict[str, str]:
    """Who has which USCC; nameless where that is not the seat's to see."""
    holders = dict(Dealer.objects.exclude(uscc="").values_list("uscc", "code"))
    if not actor.scope.limits_dealers:
        return holders
    seen = set(Dealer.objects.filter(dealers_within(actor)).values_list("code", flat=True))
    return {number: code if code in seen else UNNAMED for number, code in holders.items()}


def _shown(dealer: Dealer, groups: Groups) -> dict[str, str]:
    """The facts a file may change, as it writes them."""
    plain = {name: str(getattr(dealer, name)) for name in _PLAIN}
    phone = masked_phone(unseal(dealer.contact_phone_sealed)) if dealer.contact_phone_sealed else ""
    marks = {"price_groups": "、".join(groups.codes(dealer)), "labels": "、".join(dealer.labels)}
    return {**plain, **marks, "contact_phone": phone}


_PLAIN = ("name", "short_name", "region_code", "channel", "contact_name", "uscc")


def _limits(dealers: Iterable[Dealer]) -> dict[int, int]:
    """Credit limits by dealer with their suppliers, minor units."""
    return dict(
        TradingAccount.objects.filter(buyer__dealer_id__in=[dealer.pk for dealer in dealers]).values_list(
            "buyer__dealer_id", "credit_limit"
        )
    )


def _refuse_moves(row: CreateDealer, dealer: Dealer, credit_limit: int) -> None:
    parent = dealer.parent
    if parent is None:
        raise errors.DealerCodeTaken(field="code", value=dealer.code)
    if row.tier and row.tier != dealer.tier:
        raise errors.CannotMove(field="tier")
    if row.parent_code and normalised(row.parent_code) != parent.code:
        raise errors.CannotMove(field="parent_code")
    if row.credit_limit and row.credit_limit != credit_limit:
        raise errors.LimitByFinance(field="credit_limit")


def _new_licence(row: CreateDealer, dealer: Dealer, holders: dict[str, str]) -> str:
    """The row's USCC where the dealer has none yet; empty when there is nothing to take."""
    number = rules.checked_uscc(row.uscc)
    if not number or number == dealer.uscc:
        return ""
    if dealer.uscc:
        raise errors.UsccDiffers(field="uscc", value=dealer.uscc)
    if number in holders:
        raise errors.UsccTaken(field="uscc", value=number, dealer=holders[number])
    return number


def _take(dealer: Dealer, number: str, holders: dict[str, str]) -> None:
    dealer.uscc = number
    dealer.search_text = rules.search_text(dealer.code, dealer.name, dealer.short_name, number)
    holders[number] = dealer.code


def _as_change(row: CreateDealer, code: str) -> ChangeDealer:
    """The row as a change: what its file leaves empty stays."""
    return ChangeDealer(
        code,
        name=row.name or None,
        short_name=row.short_name or None,
        region_code=row.region_code or None,
        channel=row.channel or None,
        contact_name=row.contact_name or None,
        contact_phone=row.contact_phone or None,
        price_group_codes=row.price_groups or None,
        labels=row.labels or None,
    )


def _write_known(changed: Sequence[_Changed], actor: Actor, groups: Groups) -> None:
    write([(one.dealer, tuple(one.fields)) for one in changed], actor, groups)
    licences = (
        Credential(
            dealer=one.dealer,
            type=LicenceType.BUSINESS.value,
            number=one.dealer.uscc,
            valid_from=clock.business_day(),
        )
        for one in changed
        if "uscc" in one.fields
    )
    Credential.objects.bulk_create(licences, ignore_conflicts=True)
    firms = [one.dealer.organisation_id for one in changed if "uscc" in one.fields and one.dealer.organisation_id]
    tell_uses(firms, actor)
