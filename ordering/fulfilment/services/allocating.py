"""Deciding which warehouse serves an order (锁货)."""

from collections.abc import Mapping
from dataclasses import dataclass

from core.db.acts import act
from core.events import services as events
from core.kernel.actor import Actor
from core.kernel.errors import DomainError, Field, refuse_all
from dms.stock import services as stock
from dms.stock.rules import Placement, RowPlacement
from ordering.fulfilment import errors
from ordering.fulfilment.events import ORDER_ALLOCATED
from ordering.fulfilment.permissions import Permission
from ordering.fulfilment.rules import OpenLine
from ordering.fulfilment.selectors import open_lines, own_warehouses
from ordering.fulfilment.selectors.shelves import stock_rows
from ordering.orders.services.locking import DOCUMENT_TYPE, LockedOrder, locked_order, require_seller
from ordering.orders.services.progress import Progress, note_allocated


@dataclass(frozen=True, slots=True)
class Place:
    """``bottles`` of a line are to leave from a warehouse; ``batch`` None: from whichever batches lie there.

    A line names batches for all of its places or for none ("" is goods without a batch number).
    """

    line_no: int
    warehouse_code: str
    bottles: int
    batch: str | None = None


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
    ``LineUnknown``, ``BatchUnknown``, ``NotReserved``, ``InsufficientStock``.
    """
    actor.require(Permission.ALLOCATE)
    with act():
        order = locked_order(actor=actor, number=command.order_number, version=command.version)
        require_seller(actor, order)
        require_confirmed(order)
        wanted = _wanted(actor, command, order, open_lines(order.id))
        document = {"document_type": DOCUMENT_TYPE, "document_number": order.number}
        if wanted.warehouses:
            stock.move_reservation(**document, placements=wanted.warehouses)
        if wanted.rows:
            stock.move_to_rows(**document, placements=wanted.rows)
        progress = note_allocated(order)
        _record(actor, order, progress, wanted)
        return progress


@dataclass(frozen=True, slots=True)
class _Wanted:
    """Where the goods shall lie: by warehouse, by row of stock, and as the event tells both."""

    warehouses: tuple[Placement, ...]
    rows: tuple[RowPlacement, ...]
    told: tuple[dict[str, Field], ...]


def _wanted(actor: Actor, command: Allocate, order: LockedOrder, lines: Mapping[int, OpenLine]) -> _Wanted:
    places = command.places or tuple(
        Place(line.line_no, command.warehouse_code, line.bottles - line.shipped_bottles)
        for line in lines.values()
        if command.warehouse_code and line.bottles > line.shipped_bottles
    )
    ids = dict(own_warehouses(actor).values_list("code", "pk")) if places else {}
    has_batches = any(place.batch is not None for place in places)
    rows = stock_rows(order.id, order.seller_id) if has_batches else {}
    refuse_all([*_faults(places, lines, ids), *_batch_faults(places, rows)])
    return _Wanted(
        tuple(Placement(one.line_no, ids[one.warehouse_code], one.bottles) for one in places if one.batch is None),
        tuple(
            RowPlacement(one.line_no, rows[one.line_no, one.warehouse_code, one.batch], one.bottles)
            for one in places
            if one.batch is not None
        ),
        tuple(
            {
                "line": one.line_no,
                "warehouse_id": ids[one.warehouse_code],
                "warehouse": one.warehouse_code,
                "batch": one.batch,
                "bottles": one.bottles,
            }
            for one in places
        ),
    )


def _batch_faults(places: tuple[Place, ...], rows: Mapping[tuple[int, str, str], int]) -> list[DomainError]:
    """A batch that does not lie there, and lines that speak of batches for some of their places only."""
    named = {place.line_no for place in places if place.batch is not None}
    return [
        errors.BatchUnknown(line=place.line_no, field="batch")
        for place in places
        if place.line_no in named
        and (place.batch is None or (place.line_no, place.warehouse_code, place.batch) not in rows)
    ]


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


def _record(actor: Actor, order: LockedOrder, progress: Progress, wanted: _Wanted) -> None:
    events.record(
        kind=ORDER_ALLOCATED,
        aggregate_type="order",
        aggregate_id=order.number,
        version=progress.version,
        actor=actor,
        payload={
            "order": order.number,
            "fulfilment": progress.fulfilment_status,
            "lines": list(wanted.told),
        },
        seller_id=order.seller_id,
        buyer_id=order.buyer_id,
    )
