"""The detail of one order at the desk, gathered in a fixed number of statements whatever its size."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.forms import BaseForm

from billing.ledger.errors import AccountMissing
from billing.ledger.permissions import Permission as LedgerPermission
from billing.ledger.selectors import AccountLine, account_line
from core.kernel.actor import Actor
from core.kernel.errors import Missing
from dms.stock.models import Warehouse
from dms.stock.permissions import Permission as StockPermission
from dms.stock.selectors import free_by_sku
from frontend.console.forms.orders import AllocateForm, ReasonForm, ShipForm
from frontend.console.orderwords import Happening, flow_of, happenings_of, trace_of
from frontend.ui.shapes import OrderFlow, PriceTrace
from ordering.fulfilment.permissions import Permission as FulfilmentPermission
from ordering.fulfilment.selectors import ReadyLine, ShipmentCard, own_warehouses, ready_lines, shipments_of_order
from ordering.orders.models import Order
from ordering.orders.permissions import Permission
from ordering.orders.rules.states import UNSHIPPED, WAITING
from ordering.orders.selectors import OrderDetail, OrderLineFacts, order_detail
from ordering.orders.selectors.desk import TO_SHIP


@dataclass(frozen=True, slots=True)
class PanelLine:
    """A line with the seller's free stock (None: not the seat's to see), what is kept for it, and why its price."""

    line: OrderLineFacts
    free_bottles: int | None
    kept: tuple[tuple[str, int], ...]
    trace: PriceTrace

    @property
    def is_short(self) -> bool:
        """Whether less is free and kept than is still to leave."""
        to_leave = self.line.bottles - self.line.shipped_bottles
        return self.free_bottles is not None and not self.kept and self.free_bottles < to_leave


@dataclass(frozen=True, slots=True)
class Panel:
    """Everything the detail shows; ``do`` is the form that is open, ``may`` what the seat may do now.

    ``hidden_lines``: how many lines lie outside the seat's product lines; then it may do nothing.
    """

    order: Order
    row: dict[str, Any]
    flow: OrderFlow
    lines: tuple[PanelLine, ...]
    account: AccountLine | None
    shipments: tuple[ShipmentCard, ...]
    happenings: tuple[Happening, ...]
    may: frozenset[str]
    do: str
    form: BaseForm | None
    warehouses: tuple[Warehouse, ...]
    warehouse: str
    ready: tuple[ReadyLine, ...]
    hidden_lines: int = 0


def panel_of(actor: Actor, number: str, *, do: str = "", form: BaseForm | None = None, warehouse: str = "") -> Panel:
    """Gather the detail. Raises ``Missing`` for what the seat may not see."""
    detail = order_detail(actor=actor, number=number)
    if not detail.is_seller:
        raise Missing(order=number)
    may = frozenset[str]() if detail.hidden_lines else may_do(actor, detail.order)
    reads_goods = actor.can(FulfilmentPermission.READ)
    ready = ready_lines(actor, number) if reads_goods else ()
    opened = do if do in may else ""
    warehouses = tuple(own_warehouses(actor)) if opened in ("allocate", "ship") else ()
    chosen = warehouse or _fullest(ready) or (warehouses[0].code if warehouses else "")
    return Panel(
        order=detail.order,
        row=_row_of(detail.order),
        flow=flow_of(detail),
        lines=_lines(actor, detail, ready),
        account=_account(actor, detail),
        shipments=shipments_of_order(actor, number) if reads_goods else (),
        happenings=happenings_of(detail),
        may=may,
        do=opened or (do if form is not None else ""),
        form=form if form is not None else _empty_form(opened, warehouses, ready, chosen),
        warehouses=warehouses,
        warehouse=chosen,
        ready=ready,
        hidden_lines=detail.hidden_lines,
    )


def may_do(actor: Actor, order: Order) -> frozenset[str]:
    """What is offered; the verbs decide anew."""
    is_waiting, is_confirmed = order.status in WAITING, order.status == Order.Status.CONFIRMED
    is_open = is_confirmed and order.fulfilment_status in TO_SHIP
    offered = {
        "approve": actor.can(Permission.APPROVE) and is_waiting,
        "reject": actor.can(Permission.APPROVE) and is_waiting,
        "cancel": actor.can(Permission.CANCEL)
        and (is_waiting or (is_confirmed and order.fulfilment_status in UNSHIPPED)),
        "allocate": actor.can(FulfilmentPermission.ALLOCATE) and is_open,
        "ship": actor.can(FulfilmentPermission.SHIP) and is_open,
    }
    return frozenset(name for name, is_offered in offered.items() if is_offered)


def _lines(actor: Actor, detail: OrderDetail, ready: Sequence[ReadyLine]) -> tuple[PanelLine, ...]:
    free: dict[int, int] = {}
    if actor.can(StockPermission.READ):
        free = free_by_sku(seller_id=actor.dealer_id, sku_ids={line.sku_id for line in detail.lines})
    kept = {one.line_no: tuple(one.kept.items()) for one in ready}
    return tuple(
        PanelLine(line, free.get(line.sku_id), kept.get(line.line_no, ()), trace_of(line, detail.order.currency))
        for line in detail.lines
    )


def _account(actor: Actor, detail: OrderDetail) -> AccountLine | None:
    if not actor.can(LedgerPermission.READ):
        return None
    try:
        return account_line(actor, buyer_dealer_id=detail.order.buyer_id, seller_dealer_id=actor.dealer_id)
    except AccountMissing:
        return None


def _empty_form(
    do: str, warehouses: Sequence[Warehouse], ready: Sequence[ReadyLine], warehouse: str
) -> BaseForm | None:
    if do in ("reject", "cancel"):
        return ReasonForm()
    if do == "allocate":
        return AllocateForm(warehouses=warehouses)
    if do == "ship":
        return ShipForm(lines=ready, warehouse=warehouse)
    return None


def _fullest(ready: Sequence[ReadyLine]) -> str:
    """The warehouse in which most is kept for the order."""
    sums: dict[str, int] = {}
    for line in ready:
        for code, bottles in line.kept.items():
            sums[code] = sums.get(code, 0) + bottles
    return max(sums, key=lambda code: sums[code], default="")


def _row_of(order: Order) -> dict[str, Any]:
    """The order as the list beside it shows it, without asking again."""
    names = (
        *("number", "status", "payment_status", "fulfilment_status", "invoice_status", "settlement_status"),
        *("source", "placed_by_name", "submitted_at", "approve_by", "line_count", "bottles", "total", "currency"),
        *("buyer_reference", "version"),
    )
    return {
        **{name: getattr(order, name) for name in names},
        "seller_name": order.seller.name,
        "buyer_code": order.buyer.code,
        "buyer_name": order.buyer.name,
    }
