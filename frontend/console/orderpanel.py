"""The detail of one order at the desk, gathered in a fixed number of statements whatever its size."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.forms import BaseForm

from billing.ledger.errors import AccountMissing
from billing.ledger.permissions import Permission as LedgerPermission
from billing.ledger.selectors import AccountLine, account_line
from core.kernel.actor import Actor
from core.kernel.errors import Missing
from dms.dealers.permissions import Permission as DealerPermission
from dms.stock.models import Warehouse
from dms.stock.permissions import Permission as StockPermission
from dms.stock.selectors import free_by_sku
from dms.territories.permissions import Permission as TerritoryPermission
from frontend.console.forms.orders import (
    CANCELLING,
    AllocateForm,
    CarrierForm,
    CloseForm,
    NoteForm,
    ReasonForm,
)
from frontend.console.forms.shipping import TOGETHER, ShipForm, ShipTogetherForm
from frontend.console.orderwords import Happening, flow_of, happenings_of, trace_of
from frontend.ui.shapes import OrderFlow, PriceTrace
from ordering.fulfilment.permissions import Permission as FulfilmentPermission
from ordering.fulfilment.selectors import (
    ReadyLine,
    ShipmentCard,
    own_warehouses,
    ready_lines,
    shelves,
    shipments_of_order,
)
from ordering.orders.models import Order, StaffNote
from ordering.orders.permissions import Permission
from ordering.orders.rules.states import UNSHIPPED, WAITING
from ordering.orders.selectors import OrderDetail, OrderLineFacts, order_detail
from ordering.orders.selectors.deeds import people_of, staff_notes
from ordering.orders.selectors.desk import DeskOrder, desk_order
from ordering.orders.selectors.filters import TO_SHIP
from ordering.orders.selectors.then import StoodThen, stood_then
from ordering.promotions.permissions import Permission as PromotionPermission


@dataclass(frozen=True, slots=True)
class PanelLine:
    """A line with the seller's free stock (None: not the seat's to see), what is kept for it, and why its price."""

    line: OrderLineFacts
    free_bottles: int | None
    kept: tuple[tuple[str, int], ...]
    trace: PriceTrace
    is_closed: bool

    @property
    def is_short(self) -> bool:
        """Whether less is free and kept than is still to leave."""
        to_leave = self.line.bottles - self.line.shipped_bottles
        return self.free_bottles is not None and not self.kept and self.free_bottles < to_leave

    @property
    def closed_bottles(self) -> int:
        """Bottles that will not be delivered any more."""
        return self.line.bottles - self.line.shipped_bottles if self.is_closed else 0


@dataclass(frozen=True, slots=True)
class Panel:
    """Everything the detail shows; ``do`` is the form that is open, ``may`` what the seat may do now.

    ``hidden_lines``: how many lines lie outside the seat's product lines; then it may do nothing. ``desk`` says what
    stands in the order's way. ``then``: papers and grants of the day it came in, only where asked for, and
    offered (``reads_then``) to whoever reads a dealer's papers and grants anywhere else.
    """

    order: Order
    desk: DeskOrder
    flow: OrderFlow
    lines: tuple[PanelLine, ...]
    account: AccountLine | None
    shipments: tuple[ShipmentCard, ...]
    happenings: tuple[Happening, ...]
    notes: Sequence[StaffNote]
    may: frozenset[str]
    do: str
    form: BaseForm | None
    warehouses: tuple[tuple[Warehouse, int], ...]
    warehouse: str
    ready: tuple[ReadyLine, ...]
    hidden_lines: int = 0
    then: StoodThen | None = None
    reads_then: bool = False
    overtaken: str = ""

    @property
    def can_print_notes(self) -> bool:
        """Whether goods have left: delivery notes can be printed."""
        return bool(self.shipments)

    @property
    def can_print_list(self) -> bool:
        """Whether goods are kept to be picked."""
        return self.order.status == Order.Status.CONFIRMED and any(line.kept for line in self.ready)

    @property
    def is_together(self) -> bool:
        """Whether the shipping form sends off from several warehouses in one go."""
        return self.warehouse == TOGETHER

    @property
    def kept_places(self) -> int:
        """In how many warehouses goods are kept for the order."""
        return sum(1 for bottles in _kept_by_warehouse(self.ready).values() if bottles)

    @property
    def kept_bottles(self) -> int:
        """Bottles kept for it in all of them."""
        return sum(_kept_by_warehouse(self.ready).values())

    @property
    def shipped_worth(self) -> int:
        """What left is worth, minor units."""
        return sum(one.amount or 0 for one in self.shipments)


def panel_of(
    actor: Actor,
    number: str,
    *,
    do: str = "",
    form: BaseForm | None = None,
    warehouse: str = "",
    shows_then: bool = False,
    overtaken: str = "",
) -> Panel:
    """Gather the detail. Raises ``Missing`` for what the seat may not see."""
    detail = order_detail(actor=actor, number=number)
    desk = desk_order(actor, number) if detail.is_seller else None
    if desk is None:
        raise Missing(order=number)
    may = frozenset[str]() if detail.hidden_lines else may_do(actor, detail.order)
    reads_goods = actor.can(FulfilmentPermission.READ)
    ready = ready_lines(actor, number) if reads_goods else ()
    opened = do.partition(":")[0] if do.partition(":")[0] in may else ""
    warehouses = _warehouses(actor, ready) if opened in ("allocate", "ship") else ()
    chosen = warehouse or _usual(ready) or (warehouses[0][0].code if warehouses else "")
    sent = shipments_of_order(actor, number) if reads_goods else ()
    if form is None:
        form = _form(actor, detail.order, do if opened else "", warehouses, ready, chosen, sent)
    return Panel(
        order=detail.order,
        desk=desk,
        flow=flow_of(detail),
        lines=_lines(actor, detail, ready),
        account=_account(actor, detail),
        shipments=sent,
        happenings=happenings_of(detail, people_of(detail.timeline)),
        notes=staff_notes(actor, detail.order.pk, detail.order.seller_id),
        may=may,
        do=opened if form is not None else "",
        form=form,
        warehouses=warehouses,
        warehouse=chosen,
        ready=ready,
        hidden_lines=detail.hidden_lines,
        then=stood_then(detail.order) if shows_then and _reads_then(actor) else None,
        reads_then=_reads_then(actor),
        overtaken=overtaken,
    )


def _reads_then(actor: Actor) -> bool:
    return actor.can(DealerPermission.READ) and actor.can(TerritoryPermission.READ)


def may_do(actor: Actor, order: Order) -> frozenset[str]:
    """What is offered; the verbs decide anew."""
    is_waiting, is_confirmed = order.status in WAITING, order.status == Order.Status.CONFIRMED
    is_open = is_confirmed and order.fulfilment_status in TO_SHIP
    has_left = order.fulfilment_status not in UNSHIPPED
    offered = {
        "approve": actor.can(Permission.APPROVE) and is_waiting,
        "amend": actor.can(Permission.APPROVE) and is_waiting,
        "reject": actor.can(Permission.APPROVE) and is_waiting,
        "cancel": actor.can(Permission.CANCEL) and (is_waiting or (is_confirmed and not has_left)),
        "allocate": actor.can(FulfilmentPermission.ALLOCATE) and is_open,
        "ship": actor.can(FulfilmentPermission.SHIP) and is_open,
        "close": actor.can(Permission.CANCEL) and is_open and has_left,
        "carrier": actor.can(FulfilmentPermission.SHIP) and has_left,
        "note": actor.can(Permission.NOTE),
        "replay": actor.can(PromotionPermission.READ),
    }
    return frozenset(name for name, is_offered in offered.items() if is_offered)


def _lines(actor: Actor, detail: OrderDetail, ready: Sequence[ReadyLine]) -> tuple[PanelLine, ...]:
    free: dict[int, int] = {}
    if actor.can(StockPermission.READ):
        free = free_by_sku(seller_id=actor.dealer_id, sku_ids={line.sku_id for line in detail.lines})
    kept = {one.line_no: tuple(one.kept.items()) for one in ready}
    is_closed = detail.order.status == Order.Status.CLOSED_SHORT
    return tuple(
        PanelLine(
            line,
            free.get(line.sku_id),
            kept.get(line.line_no, ()),
            trace_of(line, detail.order.currency),
            is_closed,
        )
        for line in detail.lines
    )


def _account(actor: Actor, detail: OrderDetail) -> AccountLine | None:
    if not actor.can(LedgerPermission.READ):
        return None
    try:
        return account_line(actor, buyer_dealer_id=detail.order.buyer_id, seller_dealer_id=actor.dealer_id)
    except AccountMissing:
        return None


def _warehouses(actor: Actor, ready: Sequence[ReadyLine]) -> tuple[tuple[Warehouse, int], ...]:
    """The warehouses goods can leave from, each with the bottles kept there for the order."""
    sums = _kept_by_warehouse(ready)
    return tuple((one, sums.get(one.code, 0)) for one in own_warehouses(actor))


def allocate_form(actor: Actor, number: str, data: object = None) -> AllocateForm:
    """The form of allocation with the stock that can serve the order."""
    lines = [line for line in ready_lines(actor, number) if line.bottles > line.shipped_bottles]
    return AllocateForm(data, warehouses=own_warehouses(actor), lines=lines, rows=shelves(actor, number))


def _form(
    actor: Actor,
    order: Order,
    do: str,
    warehouses: Sequence[tuple[Warehouse, int]],
    ready: Sequence[ReadyLine],
    warehouse: str,
    sent: Sequence[ShipmentCard],
) -> BaseForm | None:
    name, _colon, about = do.partition(":")
    if name == "reject":
        return ReasonForm()
    if name == "cancel":
        return ReasonForm(reasons=CANCELLING, is_needed=False)
    if name == "close":
        return CloseForm()
    if name == "note":
        return NoteForm()
    if name == "allocate":
        lines = [line for line in ready if line.bottles > line.shipped_bottles]
        rows = shelves(actor, order.number or "")
        return AllocateForm(warehouses=[one for one, _kept in warehouses], lines=lines, rows=rows)
    if name == "ship":
        if warehouse == TOGETHER:
            return ShipTogetherForm(lines=ready, warehouses=[one for one, _kept in warehouses])
        return ShipForm(lines=ready, warehouse=warehouse)
    if name == "carrier":
        card = next((one for one in sent if one.number == about and one.is_to_sign), None)
        if card is not None:
            said = {"shipment": card.number, "carrier": card.carrier, "tracking": card.tracking_number}
            return CarrierForm(initial=said)
    return None


def _kept_by_warehouse(ready: Sequence[ReadyLine]) -> dict[str, int]:
    sums: dict[str, int] = {}
    for line in ready:
        for code, bottles in line.kept.items():
            sums[code] = sums.get(code, 0) + bottles
    return sums


def _usual(ready: Sequence[ReadyLine]) -> str:
    """Where the goods leave from unless somebody chooses: the one warehouse that keeps some, or all that do."""
    keeping = [code for code, bottles in _kept_by_warehouse(ready).items() if bottles]
    return TOGETHER if len(keeping) > 1 else "".join(keeping)
