"""Places goods lie: opened, changed, closed."""

from collections.abc import Mapping
from dataclasses import dataclass

from core.db import sql
from core.db.acts import act
from core.db.locks import Rank, locked, note_rank
from core.db.naming import called
from core.events.services import record
from core.kernel import regions
from core.kernel.actor import Actor
from core.kernel.errors import OutOfScope
from core.kernel.text import normalised
from dms.dealers.models import Dealer
from dms.stock import errors
from dms.stock.events import WAREHOUSE, WAREHOUSE_CHANGED, WAREHOUSE_OPENED
from dms.stock.models import Warehouse
from dms.stock.permissions import Permission

_RECEIVING = """
SELECT id FROM stock_warehouse
WHERE owner_id = %(owner)s AND kind = 'DEALER' AND is_active ORDER BY priority, id LIMIT 1 FOR SHARE
"""

_OPEN_RECEIVING = """
INSERT INTO stock_warehouse (code, name, name_en, kind, owner_id, region_code, priority, is_active, version)
SELECT %(code)s, left(name, 80), '', 'DEALER', id, region_code, 100, true, 1
FROM dealers_dealer WHERE id = %(owner)s
ON CONFLICT (code) DO NOTHING RETURNING id
"""
_LONGEST_CODE = 20
_MOST_TRIES = 9


def receiving_warehouse(*, owner_id: int, actor: Actor) -> int:
    """Id of the owner's active DEALER warehouse that is drawn from first.

    Where there is none, the one that was closed is opened again, else one is made: goods that came must lie somewhere.
    Inside the caller's act. Raises ``WarehouseCodeTaken`` when others use every code it could get.
    """
    found = _receiving(owner_id)
    if found is not None:
        return found
    closed = Warehouse.objects.filter(owner_id=owner_id, kind=Warehouse.Kind.DEALER, is_active=False)
    for warehouse in locked(closed.order_by("priority"), Rank.ORDER)[:1]:
        return _turned(warehouse, actor, is_active=True).pk
    for code in _codes_for(owner_id):
        made = sql.row(_OPEN_RECEIVING, {"owner": owner_id, "code": code})
        if made is not None:
            warehouse = Warehouse.objects.get(pk=made[0])
            facts = {"warehouse_id": warehouse.pk, "kind": warehouse.kind, "region": warehouse.region_code}
            _tell(WAREHOUSE_OPENED, warehouse, actor, facts)
            return warehouse.pk
        if (found := _receiving(owner_id)) is not None:  # another receipt of the house was quicker
            return found
    raise errors.WarehouseCodeTaken(warehouse=f"D-{owner_id}")


def _receiving(owner_id: int) -> int | None:
    found = sql.row(_RECEIVING, {"owner": owner_id})
    return None if found is None else int(found[0])


def _codes_for(owner_id: int) -> list[str]:
    """Codes a house's first warehouse may get: by the house's code, else by its number; codes are the brand's over all
    houses, so any of them may be somebody else's.
    """
    code = Dealer.objects.values_list("code", flat=True).get(pk=owner_id)
    wanted = [f"D-{code}", f"D-{owner_id}", *(f"D-{owner_id}-{number}" for number in range(2, _MOST_TRIES))]
    return [one for one in wanted if len(one) <= _LONGEST_CODE]


@dataclass(frozen=True, slots=True)
class OpenWarehouse:
    """A new place of the actor's own house. ``priority``: lower is drawn from first."""

    code: str
    name: str
    kind: str = Warehouse.Kind.FACTORY
    region_code: str = ""
    priority: int = 100
    name_en: str = ""


def open_warehouse(*, actor: Actor, command: OpenWarehouse) -> Warehouse:
    """Open a warehouse of the actor's house.

    Raises ``WarehouseInvalid``, ``WarehouseCodeTaken``, ``UnknownRegion``, ``OutOfScope`` outside the seat's regions.
    """
    actor.require(Permission.ADJUST)
    code, name = normalised(command.code).upper(), normalised(command.name)
    if not 0 < len(code) <= 20 or " " in code or "/" in code:
        raise errors.WarehouseInvalid
    _refuse_facts(actor, name, command.kind, command.region_code)
    with act():
        warehouse, is_new = Warehouse.objects.get_or_create(
            code=code,
            defaults={
                "name": name,
                "name_en": normalised(command.name_en)[:80],
                "kind": command.kind,
                "owner_id": actor.dealer_id,
                "region_code": command.region_code,
                "priority": command.priority,
            },
        )
        if not is_new:
            raise errors.WarehouseCodeTaken(warehouse=code, field="code")
        facts = {"warehouse_id": warehouse.pk, "kind": warehouse.kind, "region": warehouse.region_code}
        _tell(WAREHOUSE_OPENED, warehouse, actor, facts)
        return warehouse


def _refuse_facts(actor: Actor, name: str, kind: str, region_code: str) -> None:
    if not 0 < len(name) <= 80:
        raise errors.WarehouseInvalid(field="name")
    if kind not in Warehouse.Kind.values:
        raise errors.WarehouseInvalid(field="kind")
    if region_code:
        regions.region(region_code)
    if not actor.scope.covers_region(region_code):
        raise OutOfScope(field="region_code")


@dataclass(frozen=True, slots=True)
class ChangeWarehouse:
    """A warehouse's facts anew; ``version`` is the one that was seen."""

    code: str
    name: str
    kind: str
    region_code: str
    priority: int
    version: int
    name_en: str = ""


def change_warehouse(*, actor: Actor, command: ChangeWarehouse) -> Warehouse:
    """Change name, kind, division and priority of a warehouse of the actor's house.

    Raises ``WarehouseMissing``, ``WarehouseChanged``, ``WarehouseInvalid``, ``UnknownRegion``, ``OutOfScope``.
    """
    actor.require(Permission.ADJUST)
    name = normalised(command.name)
    _refuse_facts(actor, name, command.kind, command.region_code)
    with act():
        warehouse = _locked_warehouse(actor, command.code)
        if warehouse.version != command.version:
            raise errors.WarehouseChanged(warehouse=called(warehouse))
        wanted = {
            "name": name,
            "name_en": normalised(command.name_en)[:80],
            "kind": command.kind,
            "region_code": command.region_code,
            "priority": command.priority,
        }
        changed = [field for field, value in wanted.items() if getattr(warehouse, field) != value]
        if changed:
            for field in changed:
                setattr(warehouse, field, wanted[field])
            warehouse.version += 1
            warehouse.save()
            _tell(WAREHOUSE_CHANGED, warehouse, actor, {"changed": changed})
        return warehouse


_LEFT = """
SELECT (SELECT coalesce(sum(on_hand), 0)::bigint FROM stock_stock WHERE warehouse_id = %(warehouse)s),
       (SELECT count(*) FROM stock_transfer
        WHERE status IN ('DRAFT', 'SENT') AND (source_id = %(warehouse)s OR target_id = %(warehouse)s)),
       (SELECT count(*) FROM stock_stockcount WHERE status IN ('OPEN', 'COUNTED') AND warehouse_id = %(warehouse)s)
"""


def close_warehouse(*, actor: Actor, code: str) -> Warehouse:
    """Nothing is kept there any more: no verb finds it until it is opened again.

    Raises ``WarehouseMissing``, ``WarehouseInUse`` while bottles lie there, are on the road to or from it, or are
    being counted.
    """
    actor.require(Permission.ADJUST)
    with act():
        warehouse = _locked_warehouse(actor, code)
        note_rank(Rank.STOCK)
        place = {"warehouse": warehouse.pk}
        sql.rows("SELECT id FROM stock_stock WHERE warehouse_id = %(warehouse)s ORDER BY id FOR UPDATE", place)
        bottles, transfers, counts = sql.rows(_LEFT, place)[0]
        if bottles or transfers or counts:
            left = {"bottles": bottles, "transfers": transfers, "counts": counts}
            raise errors.WarehouseInUse(warehouse=called(warehouse), **left)
        return _turned(warehouse, actor, is_active=False)


def reopen_warehouse(*, actor: Actor, code: str) -> Warehouse:
    """Use a closed warehouse again. Raises ``WarehouseMissing``."""
    actor.require(Permission.ADJUST)
    with act():
        return _turned(_locked_warehouse(actor, code), actor, is_active=True)


def _turned(warehouse: Warehouse, actor: Actor, *, is_active: bool) -> Warehouse:
    if warehouse.is_active != is_active:
        warehouse.is_active, warehouse.version = is_active, warehouse.version + 1
        warehouse.save()
        _tell(WAREHOUSE_CHANGED, warehouse, actor, {"changed": ["is_active"], "is_active": is_active})
    return warehouse


def _locked_warehouse(actor: Actor, code: str) -> Warehouse:
    wanted = normalised(code)
    found = locked(Warehouse.objects.filter(code=wanted, owner_id=actor.dealer_id), Rank.ORDER)
    if not found or not actor.scope.covers_region(found[0].region_code):
        raise errors.WarehouseMissing(warehouse=wanted[:40])
    return found[0]


def _tell(kind: str, warehouse: Warehouse, actor: Actor, payload: Mapping[str, object]) -> None:
    record(
        kind=kind,
        aggregate_type=WAREHOUSE,
        aggregate_id=warehouse.code,
        version=warehouse.version,
        actor=actor,
        payload=dict(payload),
        seller_id=warehouse.owner_id,
    )
