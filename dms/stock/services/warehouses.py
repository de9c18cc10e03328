"""Places goods lie: opened, changed, closed."""

from dataclasses import dataclass

from core.db import sql
from core.db.acts import act
from core.events.services import record
from core.kernel import regions
from core.kernel.actor import Actor
from core.kernel.errors import OutOfScope
from core.kernel.text import normalised
from dms.stock import errors
from dms.stock.events import WAREHOUSE, WAREHOUSE_OPENED
from dms.stock.models import Warehouse
from dms.stock.permissions import Permission

_RECEIVING = """
SELECT id FROM stock_warehouse
WHERE owner_id = %(owner)s AND kind = 'DEALER' AND is_active ORDER BY priority, id LIMIT 1
"""

_OPEN_RECEIVING = """
INSERT INTO stock_warehouse AS warehouse
    (code, name, kind, owner_id, region_code, priority, is_active, version)
SELECT CASE WHEN length(code) <= 18 THEN 'D-' || code ELSE 'D-' || id END, left(name, 80), 'DEALER', id, region_code,
       100, true, 1
FROM dealers_dealer WHERE id = %(owner)s
ON CONFLICT (code) DO UPDATE SET is_active = true WHERE warehouse.owner_id = excluded.owner_id
RETURNING id
"""


def receiving_warehouse(*, owner_id: int) -> int:
    """Id of the owner's active DEALER warehouse that is drawn from first; made when there is none.

    Inside the caller's act. Raises ``WarehouseCodeTaken`` when another owner uses the code it would get.
    """
    found = sql.row(_RECEIVING, {"owner": owner_id}) or sql.row(_OPEN_RECEIVING, {"owner": owner_id})
    if found is None:
        raise errors.WarehouseCodeTaken(warehouse=f"D-{owner_id}")
    return int(found[0])


@dataclass(frozen=True, slots=True)
class OpenWarehouse:
    """A new place of the actor's own house. ``priority``: lower is drawn from first."""

    code: str
    name: str
    kind: str = Warehouse.Kind.FACTORY
    region_code: str = ""
    priority: int = 100


def open_warehouse(*, actor: Actor, command: OpenWarehouse) -> Warehouse:
    """Open a warehouse of the actor's house.

    Raises ``WarehouseInvalid``, ``WarehouseCodeTaken``, ``UnknownRegion``, ``OutOfScope`` outside the seat's regions.
    """
    actor.require(Permission.ADJUST)
    code, name = normalised(command.code).upper(), normalised(command.name)
    if not 0 < len(code) <= 20 or " " in code or not 0 < len(name) <= 80:
        raise errors.WarehouseInvalid
    if command.kind not in Warehouse.Kind.values:
        raise errors.WarehouseInvalid(field="kind")
    if command.region_code:
        regions.region(command.region_code)
    if not actor.scope.covers_region(command.region_code):
        raise OutOfScope(field="region_code")
    with act():
        warehouse, is_new = Warehouse.objects.get_or_create(
            code=code,
            defaults={
                "name": name,
                "kind": command.kind,
                "owner_id": actor.dealer_id,
                "region_code": command.region_code,
                "priority": command.priority,
            },
        )
        if not is_new:
            raise errors.WarehouseCodeTaken(warehouse=code, field="code")
        record(
            kind=WAREHOUSE_OPENED,
            aggregate_type=WAREHOUSE,
            aggregate_id=code,
            version=1,
            actor=actor,
            payload={"warehouse_id": warehouse.pk, "kind": warehouse.kind, "region": warehouse.region_code},
            seller_id=actor.dealer_id,
        )
        return warehouse
