"""Signing for what arrived (签收): the money of the shipment is captured, the buyer's stock rises."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from billing.ledger import services as ledger
from core.db import sql
from core.db.acts import act
from core.events import services as events
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.errors import Missing, refuse_all
from core.kernel.text import normalised
from dms.stock import services as stock
from ordering.fulfilment import errors
from ordering.fulfilment.events import SHIPMENT_RECEIVED, MovedLine, shipment_told
from ordering.fulfilment.models import Shipment
from ordering.fulfilment.permissions import Permission
from ordering.fulfilment.rules import ShippedPart, Wish, arrival_faults, arrived
from ordering.fulfilment.selectors import open_lines, signed_bottles
from ordering.orders.services.locking import DOCUMENT_TYPE, LockedOrder, locked_order
from ordering.orders.services.progress import Arrived, Progress, note_arrived


@dataclass(frozen=True, slots=True)
class Receive:
    """Sign for a shipment. No ``lines``: all of it arrived whole; a line named says how many bottles did."""

    shipment_number: str
    lines: tuple[Wish, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Received:
    """A signed shipment; ``short_bottles`` did not arrive and are claimed. The order's status and version after it."""

    number: str
    order_number: str
    status: str
    received_bottles: int
    short_bottles: int
    fulfilment_status: str
    order_version: int


def receive(*, actor: Actor, command: Receive) -> Received:
    """Sign for a shipment to the actor's house, once.

    The whole shipment is captured on the buyer's account, prepayment first, its rebate from the pool: a claim credits
    what proves missing.
    Raises ``Missing``, ``AlreadySigned``, ``NoteNeeded`` and, by line, ``LineUnknown``, ``LineTwice``,
    ``QuantityInvalid``, ``ReceivedTooMuch``.
    """
    actor.require(Permission.RECEIVE)
    with act():
        order, found = _locked(actor, command.shipment_number)
        if found.status != Shipment.Status.IN_TRANSIT:
            raise errors.AlreadySigned(status=found.status)
        parts = _parts(found.pk)
        refuse_all(arrival_faults(command.lines, parts))
        came = arrived(command.lines, parts)
        note = normalised(command.note)[:300]
        short = found.bottles - sum(came.values())
        if short and not note:
            raise errors.NoteNeeded(field="note")
        return _sign(actor, order, found, parts, came, note)


def _locked(actor: Actor, number: str) -> tuple[LockedOrder, Shipment]:
    """The order locked first, then the shipment read under that lock."""
    sent = Shipment.objects.filter(number=number, buyer_id=actor.dealer_id)
    order_number = sent.values_list("order__number", flat=True).first()
    if order_number is None:
        raise Missing(shipment=number)
    return locked_order(actor=actor, number=order_number), sent.select_related("warehouse").get()


_PARTS = """
SELECT part.id, part.order_line_id, line.line_no, line.sku_id, line.sku_code, product_line.code, stock.batch,
       part.bottles, part.amount, part.tax
FROM fulfilment_shipmentline AS part
JOIN orders_orderline AS line ON line.id = part.order_line_id
JOIN stock_stock AS stock ON stock.id = part.stock_id
JOIN catalogue_sku AS sku ON sku.id = line.sku_id
JOIN catalogue_productline AS product_line ON product_line.id = sku.product_line_id
WHERE part.shipment_id = %(shipment)s ORDER BY line.line_no, part.id
"""
_SIGN_PARTS = """
UPDATE fulfilment_shipmentline AS part SET received_bottles = come.bottles
FROM unnest(%(parts)s::bigint[], %(bottles)s::bigint[]) AS come (part_id, bottles)
WHERE part.id = come.part_id AND part.shipment_id = %(shipment)s
"""


def _parts(shipment_id: int) -> tuple[ShippedPart, ...]:
    return tuple(ShippedPart(*row) for row in sql.rows(_PARTS, {"shipment": shipment_id}))


def _sign(
    actor: Actor, order: LockedOrder, found: Shipment, parts: Sequence[ShippedPart], came: dict[int, int], note: str
) -> Received:
    received = sum(came.values())
    _put_away(actor, order, found, parts, came)
    if found.amount or found.rebate:
        ledger.capture(
            document_type=DOCUMENT_TYPE,
            document_number=order.number,
            shipment_number=found.number,
            amount=found.amount,
            tax=found.tax,
            rebate=found.rebate,
            rebate_tax=found.rebate_tax,
            actor=actor,
        )
    found.status = Shipment.Status.SIGNED if received == found.bottles else Shipment.Status.SIGNED_WITH_CLAIM
    found.signed_by_id, found.signed_by_name = actor.person_id, actor.person_name
    found.signed_at, found.receipt_note, found.version = clock.now(), note, found.version + 1
    found.save(update_fields=["status", "signed_by_id", "signed_by_name", "signed_at", "receipt_note", "version"])
    sql.execute(_SIGN_PARTS, {"shipment": found.pk, "parts": list(came), "bottles": list(came.values())})
    progress = _advance(order, parts, came)
    _record(actor, order, found, parts, came, progress)
    return Received(
        number=found.number,
        order_number=order.number,
        status=found.status,
        received_bottles=received,
        short_bottles=found.bottles - received,
        fulfilment_status=progress.fulfilment_status,
        order_version=progress.version,
    )


def _put_away(
    actor: Actor, order: LockedOrder, found: Shipment, parts: Sequence[ShippedPart], came: dict[int, int]
) -> None:
    arrivals = [stock.Arrival(part.sku_id, came[part.id], part.batch) for part in parts if came[part.id]]
    if arrivals:
        stock.receive(
            owner_id=order.buyer_id,
            warehouse_id=stock.receiving_warehouse(owner_id=order.buyer_id, actor=actor),
            lines=arrivals,
            document_type=ledger.SHIPMENT,
            document_number=found.number,
            actor=actor,
        )


def _advance(order: LockedOrder, parts: Sequence[ShippedPart], came: dict[int, int]) -> Progress:
    by_line: dict[int, int] = defaultdict(int)
    for part in parts:
        by_line[part.line_id] += came[part.id]
    shipped = sum(line.shipped_bottles for line in open_lines(order.id).values())
    lines = [Arrived(line_id, bottles) for line_id, bottles in sorted(by_line.items())]
    return note_arrived(order, lines, shipped=shipped, signed=signed_bottles(order.id))


def _record(
    actor: Actor,
    order: LockedOrder,
    found: Shipment,
    parts: Sequence[ShippedPart],
    came: dict[int, int],
    progress: Progress,
) -> None:
    moved = [MovedLine(p.line_no, p.sku_code, p.product_line, p.bottles, p.amount, p.tax, came[p.id]) for p in parts]
    events.record(
        kind=SHIPMENT_RECEIVED,
        aggregate_type="order",
        aggregate_id=order.number,
        version=progress.version,
        actor=actor,
        payload=shipment_told(
            shipment=found.number,
            order=order.number,
            warehouse=found.warehouse.code,
            fulfilment=progress.fulfilment_status,
            currency=order.currency,
            lines=moved,
        )
        | {"region": order.ship_to_region, "channel": order.channel, "status": found.status},
        seller_id=order.seller_id,
        buyer_id=order.buyer_id,
    )
