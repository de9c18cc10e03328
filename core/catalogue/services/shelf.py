"""Putting SKUs on the shelf and taking them off."""

from dataclasses import dataclass

from django.db.models import F

from core.catalogue import events
from core.catalogue.errors import SkuUnknown
from core.catalogue.models import Sku, Spu
from core.catalogue.permissions import Permission
from core.catalogue.rules import ProducerLicence, ShelfState, check_shelf_change
from core.catalogue.selectors import brand_rules
from core.catalogue.services.checks import choice
from core.catalogue.services.commands import ChangeShelfState
from core.catalogue.services.licences import licence_of
from core.db.acts import act
from core.db.scopes import lines_within
from core.events.services import record
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.errors import DomainError, VersionConflict, refuse_all


def change_shelf_state(*, actor: Actor, command: ChangeShelfState) -> int:
    """Move SKUs to another shelf state, all or none; how many moved.

    Baijiu goes ON only with its producer's SC licence for liquor in force. Every SKU that may not move is refused on
    its line (its place in ``sku_codes``): ``SkuUnknown``, ``ShelfStateRefused``, ``ProducerLicenceRefused``.
    """
    actor.require(Permission.EDIT)
    wanted = ShelfState(choice(command.to, "to", tuple(ShelfState)))
    codes = tuple(dict.fromkeys(code.strip().upper() for code in command.sku_codes))
    with act():
        inside = Sku.objects.filter(lines_within(actor, "product_line__code"), code__in=codes)
        rows = {row.code: row for row in inside.select_related("spu__producer")}
        needs_licence = brand_rules().requires_sc_licence
        faults = [_fault(rows.get(code), code, wanted, needs_licence=needs_licence) for code in codes]
        refuse_all(_on_lines(faults))
        _move(list(rows.values()), wanted)
        for row in rows.values():
            _tell(actor, row, wanted)
    return len(rows)


@dataclass(frozen=True, slots=True)
class Shelved:
    """What became of one SKU: ``fault`` None and it moved (or stood there already)."""

    sku_code: str
    name: str
    before: str
    fault: DomainError | None = None


def change_each_shelf_state(*, actor: Actor, command: ChangeShelfState) -> tuple[Shelved, ...]:
    """Move those of the SKUs that may move, and say of each what became of it; one that stands there already stays.

    Never half a SKU: state, version and event are written together or not at all.
    """
    actor.require(Permission.EDIT)
    wanted = ShelfState(choice(command.to, "to", tuple(ShelfState)))
    codes = tuple(dict.fromkeys(code.strip().upper() for code in command.sku_codes))
    with act():
        inside = Sku.objects.filter(lines_within(actor, "product_line__code"), code__in=codes)
        rows = {row.code: row for row in inside.select_related("spu__producer")}
        needs_licence = brand_rules().requires_sc_licence
        told: list[Shelved] = []
        movers: list[Sku] = []
        for code in codes:
            row = rows.get(code)
            if row is not None and row.status == wanted.value:
                told.append(Shelved(code, row.name, row.status))
                continue
            fault = _fault(row, code, wanted, needs_licence=needs_licence)
            told.append(Shelved(code, row.name if row else code, row.status if row else "", fault))
            if row is not None and fault is None:
                movers.append(row)
        _move(movers, wanted)
        for row in movers:
            _tell(actor, row, wanted)
    return tuple(told)


def _tell(actor: Actor, row: Sku, wanted: ShelfState) -> None:
    record(
        kind=events.SHELF_STATE_CHANGED,
        aggregate_type="sku",
        aggregate_id=row.code,
        version=row.version + 1,
        actor=actor,
        payload=events.shelf_state_changed(before=row.status, after=wanted.value),
        seller_id=actor.dealer_id,
    )


def _fault(row: Sku | None, code: str, wanted: ShelfState, *, needs_licence: bool) -> DomainError | None:
    if row is None:
        return SkuUnknown(value=code[:48])
    producer = row.spu.producer
    licence = licence_of(producer) if producer else ProducerLicence()
    try:
        check_shelf_change(
            ShelfState(row.status),
            wanted,
            licence=licence,
            needs_licence=needs_licence and row.spu.category == Spu.Category.BAIJIU,
            day=clock.business_day(),
        )
    except DomainError as fault:
        fault.fields.setdefault("sku", code)
        return fault
    return None


def _on_lines(faults: list[DomainError | None]) -> list[DomainError]:
    """The faults with their line, where more than one SKU was asked for."""
    for line, fault in enumerate(faults, start=1):
        if fault is not None and len(faults) > 1:
            fault.line = line
    return [fault for fault in faults if fault is not None]


def _move(rows: list[Sku], wanted: ShelfState) -> None:
    """Change the states that were read and no others: one UPDATE for each state of origin."""
    for status in {row.status for row in rows}:
        ids = [row.pk for row in rows if row.status == status]
        moved = Sku.objects.filter(pk__in=ids, status=status).update(
            status=wanted.value, version=F("version") + 1, updated_at=clock.now()
        )
        if moved != len(ids):
            raise VersionConflict
