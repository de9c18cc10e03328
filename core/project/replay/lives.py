"""One invoice as an order: placed, approved, shipped, received, each by its verb at the invoice's day.

Begun again it goes on where it stopped: the invoice number stands on the order as the buyer's reference.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.quantity import Unit
from core.project.replay.judging import Invoice
from core.project.replay.prices import Prices, month_of
from core.project.replay.report import Kind, Report
from core.project.replay.stage import WAREHOUSE, Stage
from ordering.fulfilment import services as fulfilment
from ordering.fulfilment.models import Shipment
from ordering.orders import services as orders
from ordering.orders.models import Order
from ordering.pricing.rules import ManualPrice

MANUAL_REASON = "as invoiced"
NOON = time(12, tzinfo=UTC)
"""The same calendar day in Iowa, in Greenwich and in Shanghai."""


@dataclass(frozen=True, slots=True)
class Trade:
    """What every invoice needs."""

    stage: Stage
    codes: Mapping[str, str]
    stores: Mapping[str, Actor]
    prices: Prices
    report: Report


def instant_of(day: date) -> datetime:
    """When the invoices of a day happen."""
    return datetime.combine(day, NOON)


def begun(invoices: list[str]) -> dict[str, tuple[str, str]]:
    """Of these invoice numbers those that are orders already: order number and whether anything is left to do.

    The second word is the order's status, or its shipment's number while it is under way, or empty when all is done.
    """
    placed = Order.objects.filter(source=Order.Source.REPLAY, buyer_reference__in=invoices)
    found = {reference: (number, status) for reference, number, status in placed.values_list(*_PLACED)}
    sent = Shipment.objects.filter(order__source=Order.Source.REPLAY, order__buyer_reference__in=invoices)
    for reference, order, number, status in sent.values_list(*_SENT):
        found[reference] = (order, "" if status == Shipment.Status.SIGNED else number)
    return found


_PLACED = ("buyer_reference", "number", "status")
_SENT = ("order__buyer_reference", "order__number", "number", "status")


def replay(trade: Trade, invoice: Invoice, order: tuple[str, str] | None) -> None:
    """Let the invoice happen, or what is left of it. Outside any act; each step is one."""
    with clock.at(instant_of(invoice.day)):
        if order is None:
            placed = orders.place_order(actor=trade.stage.clerk, command=_command(trade, invoice))
            number, state = placed.number, placed.status
        else:
            number, state = order
        if state == Order.Status.SUBMITTED:
            orders.approve(actor=trade.stage.approver, command=orders.Approve(number))
            state = Order.Status.CONFIRMED
        if state == Order.Status.CONFIRMED:
            state = fulfilment.ship(actor=trade.stage.clerk, command=fulfilment.Ship(number, WAREHOUSE)).number
        if state:
            fulfilment.receive(actor=trade.stores[invoice.store], command=fulfilment.Receive(state))


def note_manual_prices(trade: Trade, invoice: Invoice) -> None:
    """Note every line whose price is not its month's."""
    for line in invoice.lines:
        why = _why_manual(trade.prices, invoice, line.item, line.bottles, line.cents or 0)
        if why:
            trade.report.note(Kind.MANUAL_PRICE, "orders", line.row, line.invoice_item, why)


def _command(trade: Trade, invoice: Invoice) -> orders.PlaceOrder:
    lines = []
    for line in invoice.lines:
        cents = line.cents or 0
        is_manual = bool(_why_manual(trade.prices, invoice, line.item, line.bottles, cents))
        manual = ManualPrice(cents, MANUAL_REASON) if is_manual else None
        lines.append(orders.OrderedLine(trade.codes[line.item], line.bottles, Unit.BOTTLE, manual))
    return orders.PlaceOrder(
        lines=tuple(lines), buyer_code=invoice.store, buyer_reference=invoice.number, source=Order.Source.REPLAY
    )


def _why_manual(prices: Prices, invoice: Invoice, item: str, bottles: int, cents: int) -> str:
    each = prices.get((item, month_of(invoice.day)))
    if cents % bottles:
        return f"{cents} cents for {bottles} bottles is no whole price a bottle"
    if cents != (each or 0) * bottles:
        return f"{cents // bottles} cents a bottle, {each} that month"
    return ""
