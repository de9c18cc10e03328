"""Addresses of many dealers from a file: new ones written down, known ones changed, each row judged for itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from core.db.acts import act
from core.db.locks import Rank, locked
from core.db.scopes import dealers_within
from core.events.services import Happening, record_all
from core.jobs.importing import SAME, Change, Judged
from core.kernel.actor import Actor
from core.kernel.errors import DomainError, NotPermitted
from core.kernel.text import normalised
from core.vault.services import masked_phone, seal, unseal
from dms.dealers import errors, rules
from dms.dealers.events import ADDRESS_SAVED, DEALER
from dms.dealers.models import Address, Dealer
from dms.dealers.permissions import Permission
from dms.dealers.rules import Delivery

_Known = Mapping[tuple[int, str], tuple[int, Delivery]]
_SHOWN = ("label", "recipient", "phone", "region_code", "line", "is_default")


@dataclass(frozen=True, slots=True)
class AddressRow:
    """One row of a file: where the dealer takes goods in. Empty texts of a known address leave its facts alone."""

    dealer_code: str
    delivery: Delivery


@dataclass(slots=True)
class _Saved:
    """An address as it will stand; ``pk`` None: it is new. ``asks``: its row wants it to be the default."""

    dealer: Dealer
    delivery: Delivery
    pk: int | None
    asks: bool


def import_addresses(*, actor: Actor, rows: Sequence[AddressRow], is_dry_run: bool = False) -> Judged:
    """Write down the addresses nobody knows and change the known ones: the same line of the same dealer.

    The first address of a dealer is its default, and the last row that says so moves it. A few statements for any
    number of rows. Faults by line: ``DealerUnknown``, ``AddressInvalid``, ``PhoneInvalid``, ``UnknownRegion``.
    """
    actor.require(Permission.IMPORT)
    if not actor.is_brand_staff:
        raise NotPermitted(permission=Permission.IMPORT)
    with act():
        codes = {normalised(row.dealer_code) for row in rows}
        found = locked(Dealer.objects.filter(dealers_within(actor), code__in=codes, parent__isnull=False), Rank.KEY)
        dealers = {dealer.code: dealer for dealer in found}
        known = _known(found)
        fates: dict[int, str] = {}
        changes: dict[int, Mapping[str, Change]] = {}
        faults: list[DomainError] = []
        saved: dict[tuple[int, str], _Saved] = {}
        for place, row in enumerate(rows, start=1):
            dealer = dealers.get(normalised(row.dealer_code))
            if dealer is None:
                faults.append(errors.DealerUnknown(line=place, field="dealer_code", value=row.dealer_code[:40]))
                continue
            try:
                key = (dealer.pk, normalised(row.delivery.line))
                before = known.get(key)
                delivery = rules.checked_address(_filled(row.delivery, before, dealer))
            except DomainError as fault:
                fault.line = place
                faults.append(fault)
                continue
            fates[place], changes[place] = _judged(before, delivery)
            if fates[place] != SAME:
                saved[key] = _Saved(dealer, delivery, before[0] if before else None, row.delivery.is_default)
        if not is_dry_run:
            _write(actor, list(saved.values()), known)
        return Judged(fates, changes, faults)


def _known(dealers: Sequence[Dealer]) -> _Known:
    """Id and facts of what is written down, by dealer and line; phones in the clear."""
    rows = Address.objects.filter(dealer__in=dealers).order_by("-pk")
    return {(row.dealer_id, normalised(row.line)): (row.pk, _facts(row)) for row in rows}


def _facts(row: Address) -> Delivery:
    return Delivery(row.label, row.recipient, unseal(row.phone_sealed), row.region_code, row.line, row.is_default)


def _filled(asked: Delivery, before: tuple[int, Delivery] | None, dealer: Dealer) -> Delivery:
    """What the row leaves empty stays as it is; of a new address it is the dealer's own."""
    if before is None:
        recipient = asked.recipient or dealer.contact_name or dealer.name[:60]
        return replace(asked, recipient=recipient, region_code=asked.region_code or dealer.region_code)
    stood = before[1]
    return Delivery(
        asked.label or stood.label,
        asked.recipient or stood.recipient,
        asked.phone or stood.phone,
        asked.region_code or stood.region_code,
        asked.line,
        asked.is_default or stood.is_default,
    )


def _judged(before: tuple[int, Delivery] | None, after: Delivery) -> tuple[str, dict[str, Change]]:
    """The row's fate, old and new by field; phones masked."""
    stood = before[1] if before else None
    differs = [name for name in _SHOWN if (getattr(stood, name) if stood else None) != getattr(after, name)]
    said = {name: (_said(name, stood), _said(name, after)) for name in differs}
    if stood is None:
        return "new", {name: change for name, change in said.items() if change[1]}
    return ("changed" if said else SAME), said


def _said(name: str, facts: Delivery | None) -> str | None:
    if facts is None:
        return None
    value = getattr(facts, name)
    if isinstance(value, bool):
        return "✓" if value else ""
    return masked_phone(value) if name == "phone" and value else str(value)


def _write(actor: Actor, saved: Sequence[_Saved], known: _Known) -> None:
    """Save them; a default that moves leaves the address it stood at first."""
    with_default = {dealer_id for (dealer_id, _), (_, facts) in known.items() if facts.is_default}
    defaults: dict[int, _Saved] = {}
    for one in saved:
        if one.asks or (one.dealer.pk not in with_default and one.dealer.pk not in defaults):
            defaults[one.dealer.pk] = one
    Address.objects.filter(dealer__in=list(defaults), is_default=True).update(is_default=False)
    rows = [_row(one, is_default=_is_default(one, defaults.get(one.dealer.pk))) for one in saved]
    Address.objects.bulk_update([row for row in rows if row.pk], _FIELDS, batch_size=1_000)
    Address.objects.bulk_create([row for row in rows if not row.pk])
    happenings = [
        Happening(
            one.dealer.code,
            one.dealer.version,
            {
                "dealer_id": one.dealer.pk,
                "address_id": row.pk,
                "region": row.region_code,
                "is_default": row.is_default,
            },
            one.dealer.supplier_id or one.dealer.pk,
            one.dealer.pk,
        )
        for one, row in zip(saved, rows, strict=True)
    ]
    record_all(kind=ADDRESS_SAVED, aggregate_type=DEALER, actor=actor, happenings=happenings)


def _is_default(one: _Saved, chosen: _Saved | None) -> bool:
    return one is chosen if chosen else one.delivery.is_default


_FIELDS = ["label", "recipient", "phone_sealed", "region_code", "line", "is_default"]


def _row(one: _Saved, *, is_default: bool) -> Address:
    return Address(
        pk=one.pk,
        dealer=one.dealer,
        label=one.delivery.label[:40],
        recipient=one.delivery.recipient,
        phone_sealed=seal(one.delivery.phone),
        region_code=one.delivery.region_code,
        line=one.delivery.line,
        is_default=is_default,
    )
