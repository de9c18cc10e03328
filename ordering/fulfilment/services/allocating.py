"""Deciding which warehouse serves an order (锁货)."""

from collections.abc import Mapping
from dataclasses import dataclass

from core.db.acts import act
from core.events import services as events
from core.kernel.actor import Actor
from core.kernel.errors import DomainError, refuse_all
from dms.stock import services as stock
from dms.stock.rules import Placement
from ordering.fulfilment import errors
from ordering.fulfilment.events import ORDER_ALLOCATED
from ordering.fulfilment.permissions import Permission
from ordering.fulfilment.rules import OpenLine
from ordering.fulfilment.selectors import open_lines, own_warehouses
from ordering.orders.services.locking import DOCUMENT_TYPE, LockedOrder, locked_order, require_seller
from ordering.orders.services.progress import Progress, note_allocated


@dataclass(frozen=True, slots=True)
class Place:
    """``bottles`` of a line are to leave from a warehouse."""

    line_no: int
    warehouse_code: str
    bottles: int


@dataclass(frozen=True, slots=True)
class Allocate:
    """Let an order's goods lie where they shall leave from.

    ``warehouse_code`` takes everything that has not left to one warehouse; ``places`` speak of single lines; neither
    confirms what the order reserved by itself. ``version``: the order as the person saw it.
    """

    order_number: str
    warehouse_code: str = ""
    places: tuple[Place, ...] = ()
    version: int | None = None


def require_confirmed(order: LockedOrder) -> None:
    """Goods move for a confirmed order only. Raises ``OrderNotReady``."""
    if order.status != "CONFIRMED":
        raise errors.OrderNotReady(status=order.status)


def allocate(*, actor: Actor, command: Allocate) -> Progress:
    """Move the order's reservations to the wished warehouses and mark it ALLOCATED; again is harmless.

    Raises ``Missing``, ``NotTheSeller``, ``OrderNotReady``, ``VersionConflict`` and, by line, ``WarehouseUnknown``,
    ``LineUnknown``, ``NotReserved``, ``InsufficientStock``.
    """
    actor.require(Permission.ALLOCATE)
    with act():
        order = locked_order(actor=actor, number=command.order_number, version=command.version)
        require_seller(actor, order)
        require_confirmed(order)
        placements = _placements(actor, command, open_lines(order.id))
        if placements:
            stock.move_reservation(document_type=DOCUMENT_TYPE, document_number=order.number, placements=placements)
        progress = note_allocated(order)
        _record(actor, order, progress, placements)
        return progress


def _placements(actor: Actor, command: Allocate, lines: Mapping[int, OpenLine]) -> tuple[Placement, ...]:
    places = command.places or tuple(
        Place(line.line_no, command.warehouse_code, line.bottles - line.shipped_bottles)
        for line in lines.values()
        if command.warehouse_code and line.bottles > line.shipped_bottles
    )
    ids = dict(own_warehouses(actor).values_list("code", "pk")) if places else {}
    refuse_all(_faults(places, lines, ids))
    return tuple(Placement(place.line_no, ids[place.warehouse_code], place.bottles) for place in places)


def _faults(
    places: tuple[Place, ...], lines: Mapping[int, OpenLine], warehouses: Mapping[str, int]
) -> list[DomainError]:
    faults: list[DomainError] = []
    for place in places:
        if place.line_no not in lines:
            faults.append(errors.LineUnknown(line=place.line_no, number=place.line_no))
        elif place.bottles < 1:
            faults.append(errors.QuantityInvalid(line=place.line_no, field="bottles"))
        elif place.warehouse_code not in warehouses:
            faults.append(errors.WarehouseUnknown(line=place.line_no, field="warehouse"))
    return faults


def _record(actor: Actor, order: LockedOrder, progress: Progress, placements: tuple[Placement, ...]) -> None:
    events.record(
        kind=ORDER_ALLOCATED,
        aggregate_type="order",
        aggregate_id=order.number,
        version=progress.version,
        actor=actor,
        payload={
            "order": order.number,
            "fulfilment": progress.fulfilment_status,
            "lines": [
                {"line": place.line_no, "warehouse_id": place.warehouse_id, "bottles": place.bottles}
                for place in placements
            ],
        },
        seller_id=order.seller_id,
        buyer_id=order.buyer_id,
    )
