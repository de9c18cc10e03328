"""What fulfilment writes down into an order: bottles, worth and status of what left and arrived.

These run inside fulfilment's act, under the order's lock, and open none themselves.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from core.db import sql
from core.kernel import clock
from ordering.orders.rules.states import fulfilment_of, walk
from ordering.orders.services.locking import LockedOrder


@dataclass(frozen=True, slots=True)
class Departed:
    """Bottles of a line that left, with their share of its amount, tax and rebate (minor units)."""

    line_id: int
    bottles: int
    amount: int
    tax: int
    rebate: int = 0


@dataclass(frozen=True, slots=True)
class Arrived:
    """Bottles of a line that arrived."""

    line_id: int
    bottles: int


@dataclass(frozen=True, slots=True)
class Progress:
    """Where the order stands after the step."""

    fulfilment_status: str
    version: int


_DEPARTED = """
UPDATE orders_orderline AS line
SET shipped_bottles = shipped_bottles + gone.bottles, shipped_amount = shipped_amount + gone.amount,
    shipped_tax = shipped_tax + gone.tax, shipped_rebate = shipped_rebate + gone.rebate
FROM unnest(%(lines)s::bigint[], %(bottles)s::bigint[], %(amounts)s::bigint[], %(taxes)s::bigint[],
            %(rebates)s::bigint[]) AS gone (line_id, bottles, amount, tax, rebate)
WHERE line.id = gone.line_id AND line.order_id = %(order)s AND line.shipped_bottles + gone.bottles <= line.bottles
"""
_ARRIVED = """
UPDATE orders_orderline AS line SET received_bottles = received_bottles + come.bottles
FROM unnest(%(lines)s::bigint[], %(bottles)s::bigint[]) AS come (line_id, bottles)
WHERE line.id = come.line_id AND line.order_id = %(order)s
"""
_STEP = """
UPDATE orders_order SET fulfilment_status = %(status)s, version = version + 1, updated_at = %(at)s
WHERE id = %(order)s RETURNING version
"""


def note_allocated(order: LockedOrder) -> Progress:
    """The goods are picked out: NONE becomes ALLOCATED, a later status stays."""
    status = order.fulfilment_status
    return _step(order, walk("fulfilment", status, "ALLOCATED") if status == "NONE" else status)


def note_departed(order: LockedOrder, lines: Sequence[Departed], *, shipped: int, signed: int) -> Progress:
    """Write what left; ``shipped`` and ``signed`` are the order's bottles after this step. Two statements."""
    written = sql.execute(
        _DEPARTED,
        {
            "order": order.id,
            "lines": [line.line_id for line in lines],
            "bottles": [line.bottles for line in lines],
            "amounts": [line.amount for line in lines],
            "taxes": [line.tax for line in lines],
            "rebates": [line.rebate for line in lines],
        },
    )
    if written != len(lines):
        raise RuntimeError(f"{order.number}: {written} of {len(lines)} lines could leave")
    return _step(order, _fulfilment(order, shipped=shipped, signed=signed))


def note_arrived(order: LockedOrder, lines: Sequence[Arrived], *, shipped: int, signed: int) -> Progress:
    """Write what arrived; ``signed`` counts the bottles of signed shipments, short or not. Two statements."""
    sql.execute(
        _ARRIVED,
        {
            "order": order.id,
            "lines": [line.line_id for line in lines],
            "bottles": [line.bottles for line in lines],
        },
    )
    return _step(order, _fulfilment(order, shipped=shipped, signed=signed))


def _fulfilment(order: LockedOrder, *, shipped: int, signed: int) -> str:
    """Of an order closed short nothing more will leave: what shipped is all there is to sign."""
    ordered = shipped if order.status == "CLOSED_SHORT" else order.bottles
    return fulfilment_of(order.fulfilment_status, ordered=ordered, shipped=shipped, signed=signed)


def _step(order: LockedOrder, status: str) -> Progress:
    stepped = sql.row(_STEP, {"order": order.id, "status": status, "at": clock.now()})
    if stepped is None:
        raise RuntimeError(f"{order.number} vanished under its lock")
    return Progress(status, int(stepped[0]))
