"""Sending goods off, in as many parts as it takes (发货)."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from core.db import sql
from core.db.acts import act
from core.events import services as events
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.errors import DomainError, refuse_all
from core.kernel.ids import document_number
from core.kernel.text import normalised
from dms.stock import services as stock
from dms.stock.models import Warehouse
from ordering.fulfilment import errors
from ordering.fulfilment.events import ORDER_SHIPPED, MovedLine, shipment_told
from ordering.fulfilment.models import Shipment
from ordering.fulfilment.permissions import Permission
from ordering.fulfilment.rules import Part, Wish, everything_kept, parts_of, rebate_tax_of, wish_faults
from ordering.fulfilment.selectors import (
    kept_in,
    open_lines,
    own_warehouses,
    signed_bottles,
    warehouses_keeping,
)
from ordering.fulfilment.services.allocating import require_confirmed
from ordering.orders.selectors.settings import ordering_settings
from ordering.orders.services.locking import DOCUMENT_TYPE, LockedOrder, locked_order, require_seller
from ordering.orders.services.progress import Departed, Progress, note_departed


@dataclass(frozen=True, slots=True)
class Ship:
    """Send goods of an order from one warehouse. No ``lines``: all that is kept there. ``version``: as it was seen."""

    order_number: str
    warehouse_code: str
    lines: tuple[Wish, ...] = ()
    carrier: str = ""
    tracking_number: str = ""
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Shipped:
    """A shipment under way. ``amount`` minor units; the order's fulfilment status and version after it."""

    number: str
    order_number: str
    bottles: int
    amount: int
    tax: int
    fulfilment_status: str
    order_version: int


def ship(*, actor: Actor, command: Ship) -> Shipped:
    """Send goods off: stock leaves, the lines' shares are fixed, the buyer can sign.

    Raises ``Missing``, ``NotTheSeller``, ``OrderNotReady``, ``VersionConflict``, ``WarehouseUnknown``,
    ``NothingToShip`` and, by line, ``LineUnknown``, ``LineTwice``, ``QuantityInvalid``, ``NotThere``.
    """
    actor.require(Permission.SHIP)
    with act():
        order = locked_order(actor=actor, number=command.order_number, version=command.version)
        require_seller(actor, order)
        require_confirmed(order)
        return _load(actor, command, order, _warehouse(actor, command.warehouse_code))


@dataclass(frozen=True, slots=True)
class Load:
    """What one warehouse sends off. No ``lines``: all that is kept there for the order."""

    warehouse_code: str
    lines: tuple[Wish, ...] = ()
    carrier: str = ""
    tracking_number: str = ""


@dataclass(frozen=True, slots=True)
class ShipTogether:
    """Send goods of an order from several warehouses, a shipment each. ``version``: as it was seen."""

    order_number: str
    loads: tuple[Load, ...]
    version: int | None = None


def ship_together(*, actor: Actor, command: ShipTogether) -> tuple[Shipped, ...]:
    """Let every load leave in one act, in the order given: all of them, or nothing. One shipment a load.

    Raises what ``ship`` raises; what is wrong with a load carries its ``warehouse``.
    """
    actor.require(Permission.SHIP)
    with act():
        order = locked_order(actor=actor, number=command.order_number, version=command.version)
        require_seller(actor, order)
        require_confirmed(order)
        if not command.loads:
            raise errors.NothingToShip
        return _load_all(actor, order, command.loads)


@dataclass(frozen=True, slots=True)
class ShipEverything:
    """Send off all that is kept for an order, one shipment a warehouse. ``version``: as it was seen."""

    order_number: str
    carrier: str = ""
    tracking_number: str = ""
    version: int | None = None


def ship_everything(*, actor: Actor, command: ShipEverything) -> tuple[Shipped, ...]:
    """Empty every warehouse in which goods of the order lie, in one act: all of it leaves, or nothing.

    Raises ``Missing``, ``NotTheSeller``, ``OrderNotReady``, ``VersionConflict``, ``NothingToShip``.
    """
    actor.require(Permission.SHIP)
    with act():
        order = locked_order(actor=actor, number=command.order_number, version=command.version)
        require_seller(actor, order)
        require_confirmed(order)
        holding = own_warehouses(actor).filter(pk__in=warehouses_keeping(order.number)).values_list("code", flat=True)
        loads = [Load(code, (), command.carrier, command.tracking_number) for code in holding]
        if not loads:
            raise errors.NothingToShip
        return _load_all(actor, order, loads)


def _load_all(actor: Actor, order: LockedOrder, loads: Sequence[Load]) -> tuple[Shipped, ...]:
    """A shipment a load; the refusal of one takes the others back with it."""
    sent: list[Shipped] = []
    places = {one.code: one for one in own_warehouses(actor).filter(code__in=[load.warehouse_code for load in loads])}
    for load in loads:
        one = Ship(order.number, load.warehouse_code, load.lines, load.carrier, load.tracking_number)
        try:
            if load.warehouse_code not in places:
                raise errors.WarehouseUnknown(field="warehouse")
            made = _load(actor, one, order, places[load.warehouse_code])
        except DomainError as refusal:
            for fault in refusal.problems():
                fault.fields["warehouse"] = load.warehouse_code
            raise
        order = replace(order, fulfilment_status=made.fulfilment_status, version=made.order_version)
        sent.append(made)
    return tuple(sent)


def _load(actor: Actor, command: Ship, order: LockedOrder, warehouse: Warehouse) -> Shipped:
    """Send the wishes, or everything kept there, from one warehouse."""
    lines = open_lines(order.id)
    kept = kept_in(order.number, warehouse.pk)
    wishes = command.lines or everything_kept(kept)
    if not wishes:
        raise errors.NothingToShip
    refuse_all(wish_faults(wishes, lines, kept))
    parts = parts_of(wishes, lines, kept)
    shipped = sum(line.shipped_bottles for line in lines.values()) + sum(part.bottles for part in parts)
    return _send_off(actor, command, order, warehouse, parts, shipped)


def _warehouse(actor: Actor, code: str) -> Warehouse:
    found = own_warehouses(actor).filter(code=code).first()
    if found is None:
        raise errors.WarehouseUnknown(field="warehouse")
    return found


def _send_off(
    actor: Actor, command: Ship, order: LockedOrder, warehouse: Warehouse, parts: Sequence[Part], shipped: int
) -> Shipped:
    now = clock.now()
    number = _next_number(now)
    stock.ship(
        document_type=DOCUMENT_TYPE,
        document_number=order.number,
        shipment_number=number,
        takes=[stock.Take(part.line.line_no, part.stock_id, part.bottles) for part in parts],
        actor=actor,
    )
    made = _write(actor, command, order, warehouse, parts, number, now)
    progress = note_departed(order, _departed(parts), shipped=shipped, signed=signed_bottles(order.id))
    _record(actor, order, made, warehouse, parts, progress)
    return Shipped(
        number=number,
        order_number=order.number,
        bottles=made.bottles,
        amount=made.amount,
        tax=made.tax,
        fulfilment_status=progress.fulfilment_status,
        order_version=progress.version,
    )


def _next_number(now: datetime) -> str:
    serial = sql.row("SELECT nextval('fulfilment_shipment_serial')", {})
    if serial is None:
        raise RuntimeError("the sequence is made with the schema")
    day = clock.business_day(now, ordering_settings().time_zone)
    return document_number("SH", f"{day:%Y%m%d}", int(serial[0]))


_PARTS = """
INSERT INTO fulfilment_shipmentline (shipment_id, order_line_id, stock_id, bottles, amount, tax, rebate)
SELECT %(shipment)s, part.line_id, part.stock_id, part.bottles, part.amount, part.tax, part.rebate
FROM unnest(%(lines)s::bigint[], %(stock)s::bigint[], %(bottles)s::bigint[], %(amounts)s::bigint[],
            %(taxes)s::bigint[], %(rebates)s::bigint[]) AS part (line_id, stock_id, bottles, amount, tax, rebate)
"""


def _write(
    actor: Actor,
    command: Ship,
    order: LockedOrder,
    warehouse: Warehouse,
    parts: Sequence[Part],
    number: str,
    now: datetime,
) -> Shipment:
    made = Shipment.objects.create(
        number=number,
        order_id=order.id,
        seller_id=order.seller_id,
        buyer_id=order.buyer_id,
        warehouse=warehouse,
        carrier=normalised(command.carrier)[:60],
        tracking_number=normalised(command.tracking_number)[:60],
        currency=order.currency,
        bottles=sum(part.bottles for part in parts),
        amount=sum(part.amount for part in parts),
        tax=sum(part.tax for part in parts),
        rebate=sum(part.rebate for part in parts),
        rebate_tax=rebate_tax_of(parts),
        shipped_by_id=actor.person_id,
        shipped_by_name=actor.person_name,
        shipped_at=now,
    )
    sql.execute(
        _PARTS,
        {
            "shipment": made.pk,
            "lines": [part.line.id for part in parts],
            "stock": [part.stock_id for part in parts],
            "bottles": [part.bottles for part in parts],
            "amounts": [part.amount for part in parts],
            "taxes": [part.tax for part in parts],
            "rebates": [part.rebate for part in parts],
        },
    )
    return made


def _departed(parts: Sequence[Part]) -> list[Departed]:
    sums: dict[int, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for part in parts:
        for place, figure in enumerate((part.bottles, part.amount, part.tax, part.rebate)):
            sums[part.line.id][place] += figure
    return [Departed(line_id, *figures) for line_id, figures in sorted(sums.items())]


def _record(
    actor: Actor,
    order: LockedOrder,
    made: Shipment,
    warehouse: Warehouse,
    parts: Sequence[Part],
    progress: Progress,
) -> None:
    moved = [MovedLine(p.line.line_no, p.line.sku_code, p.line.product_line, p.bottles, p.amount, p.tax) for p in parts]
    events.record(
        kind=ORDER_SHIPPED,
        aggregate_type="order",
        aggregate_id=order.number,
        version=progress.version,
        actor=actor,
        payload=shipment_told(
            shipment=made.number,
            order=order.number,
            warehouse=warehouse.code,
            fulfilment=progress.fulfilment_status,
            currency=order.currency,
            lines=moved,
        )
        | {"region": order.ship_to_region, "channel": order.channel},
        seller_id=order.seller_id,
        buyer_id=order.buyer_id,
    )
