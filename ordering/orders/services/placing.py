"""Placing an order: everything checked and evaluated, then policies, stock, money, the order and its event.

All in one transaction.

The hot path of the product. Statements and locks stand in docs/algorithms/order.md; their number is the same for one
line and for five hundred.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from billing.ledger.services import HoldFacts, hold
from core.db import sql
from core.db.acts import act
from core.db.locks import Rank, note_rank
from core.kernel.actor import Actor
from core.kernel.errors import DomainError, refuse_all
from core.kernel.ids import document_number
from core.kernel.quantity import Unit
from dms.stock.services import Demand, reserve
from ordering.orders.errors import CartChanged, CartEmpty, ManualPriceRefused, SupplierChanged, TooManyLines
from ordering.orders.permissions import Permission
from ordering.orders.rules.checks import MOST_LINES, AskedLine, CheckedLine, is_auto_approved
from ordering.orders.rules.evaluating import Wishes, gifts_told_apart
from ordering.orders.rules.states import approved, walk
from ordering.orders.selectors.carts import mark_of
from ordering.orders.selectors.checking import trading_ids
from ordering.orders.selectors.evaluating import Evaluated, evaluate_at
from ordering.orders.selectors.gate import Gate, gate
from ordering.orders.selectors.sight import as_seen
from ordering.orders.services.freezing import Deal, Words, record_placed, write
from ordering.orders.services.locking import DOCUMENT_TYPE
from ordering.orders.services.refusing import Agreed
from ordering.orders.services.spending import Question, agreed_to, spend_for
from ordering.pricing.permissions import Permission as PricePermission
from ordering.pricing.rules import ManualPrice

NUMBER_PREFIX = "SO"


@dataclass(frozen=True, slots=True)
class OrderedLine:
    """``quantity`` of ``unit`` (None: the SKU's own); ``manual`` a price made by hand, for the seller's side only."""

    sku_code: str
    quantity: int
    unit: Unit | None = None
    manual: ManualPrice | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceOrder:
    """What is to be ordered. ``lines`` None: what lies in the seat's cart, which then becomes the order.

    ``buyer_code``: the brand's staff places for one of its dealers. ``seller_code``: an outlet buys
    a line from the dealer that supplies it with that one (None: from its usual supplier). ``address_id`` None: the
    default address.
    ``expected_total``: what the buyer saw, minor units; another one is refused, not charged. ``cart_mark``: the state
    of the cart the buyer saw (``Cart.mark``); of another one nothing is ordered, whatever it costs. None: any.
    ``currency`` of ``expected_total`` and ``rebate``; empty: the order's own.
    ``coupons``: codes that open policies. ``rebate``: how much the buyer's pool shall pay, minor units; None: all that
    policies let it. ``without_gifts``: nothing is given beside what is ordered.
    """

    lines: tuple[OrderedLine, ...] | None = None
    buyer_code: str | None = None
    seller_code: str | None = None
    address_id: int | None = None
    wished_on: date | None = None
    note: str = ""
    buyer_reference: str = ""
    source: str = "PAGE"
    expected_total: int | None = None
    cart_mark: str | None = None
    coupons: tuple[str, ...] = ()
    rebate: int | None = None
    without_gifts: bool = False
    currency: str = ""

    @property
    def wishes(self) -> Wishes:
        """What the buyer says about policies."""
        return Wishes(self.coupons, self.rebate, self.without_gifts, self.currency)


@dataclass(frozen=True, slots=True)
class PlacedOrder:
    """A placed order, its lines as frozen, gifts last. Amounts in minor units; ``approve_by`` None when confirmed.

    ``total`` is payable, after ``discount`` by policies and ``rebate`` out of the pool.
    """

    number: str
    status: str
    payment_status: str
    total: int
    tax: int
    currency: str
    bottles: int
    line_count: int
    version: int
    approve_by: datetime | None
    lines: tuple[CheckedLine, ...]
    discount: int = 0
    rebate: int = 0


@dataclass(frozen=True, slots=True)
class _Wanted:
    """The lines asked for, and the cart they were taken from."""

    lines: tuple[AskedLine, ...]
    cart_id: int | None = None
    cart_seller_id: int | None = None


def place_order(*, actor: Actor, command: PlaceOrder) -> PlacedOrder:
    """Price, evaluate and freeze the lines, spend policies, reserve the stock, hold the money, write the order.

    Records ``ORDER_PLACED``.

    Raises every fault at once, by line: see docs/algorithms/order.md. On a refusal nothing has happened.
    """
    actor.require(Permission.PLACE)
    try:
        with act():
            return _place(actor, command)
    except DomainError as refusal:
        raise as_seen(actor, actor.dealer_id, refusal) from None


def _place(actor: Actor, command: PlaceOrder) -> PlacedOrder:
    wanted = _wanted(actor, command)
    buyer_id, seller_id = trading_ids(actor, command.buyer_code, command.seller_code)
    at_gate = gate(buyer_id=buyer_id, seller_id=seller_id, address_id=command.address_id, is_placing=True)
    _refuse_another_seller(wanted.cart_seller_id, at_gate)
    require_manual_prices(actor, at_gate, wanted.lines)
    found = evaluate_at(at_gate, actor=actor, lines=wanted.lines, wishes=command.wishes)
    agreed = Agreed(command.wished_on, command.expected_total, command.currency)
    found = agreed_to(Question(actor, at_gate, agreed), found)
    deal = _deal(at_gate, found, wanted.cart_id)
    spend_for(deal.number, at_gate, found)
    held = _reserve_and_hold(deal)
    words = Words(command.source, command.note, command.buyer_reference, command.wished_on)
    version = write(actor=actor, words=words, deal=deal, held=held)
    record_placed(actor=actor, words=words, deal=deal, version=version)
    return PlacedOrder(
        deal.number,
        deal.status,
        deal.payment_status,
        deal.priced.total,
        deal.priced.tax,
        deal.priced.currency,
        deal.bottles,
        len(deal.lines),
        version,
        deal.approve_by,
        deal.lines,
        found.discount,
        found.rebate,
    )


_LOCK_CART = """
SELECT id, seller_id, version FROM orders_order
WHERE seat_id = %(seat)s AND buyer_id = %(buyer)s AND status = 'DRAFT'
  AND seller_id = (SELECT supplier_id FROM dealers_dealer WHERE id = %(buyer)s)
FOR UPDATE
"""
_TAKE_LINES = """
WITH taken AS (
    DELETE FROM orders_orderline WHERE order_id = %(order)s RETURNING line_no, sku_code, quantity, unit
)
SELECT line_no, sku_code, quantity, unit FROM taken ORDER BY line_no
"""


def _wanted(actor: Actor, command: PlaceOrder) -> _Wanted:
    """The lines, from the command or out of the cart: locked first, so that what is read is what was saved last.

    The cart's lines come back frozen, or by the rollback.
    """
    if command.lines is not None:
        if len(command.lines) > MOST_LINES:
            raise TooManyLines(most=MOST_LINES)
        lines = (
            AskedLine(number, line.sku_code, line.quantity, line.unit, line.manual)
            for number, line in enumerate(command.lines, start=1)
        )
        return _Wanted(tuple(lines))
    note_rank(Rank.ORDER)
    cart = sql.row(_LOCK_CART, {"seat": actor.seat_id, "buyer": actor.dealer_id})
    rows = sql.rows(_TAKE_LINES, {"order": cart[0]}) if cart else []
    if cart is None or not rows:
        raise CartEmpty
    if command.cart_mark not in {None, mark_of(cart[0], cart[2])}:
        raise CartChanged
    taken = tuple(AskedLine(line_no, code, quantity, Unit(unit)) for line_no, code, quantity, unit in rows)
    return _Wanted(taken, cart_id=cart[0], cart_seller_id=cart[1])


def _refuse_another_seller(cart_seller_id: int | None, at_gate: Gate) -> None:
    """The supplier changed between cart and gate: nobody buys from a house whose offer was not looked at."""
    if cart_seller_id is not None and cart_seller_id != at_gate.seller_id:
        raise SupplierChanged


def require_manual_prices(actor: Actor, at_gate: Gate, lines: Sequence[AskedLine]) -> None:
    """A price made by hand is the seller's, by a seat that may edit prices."""
    if any(line.manual is not None for line in lines):
        actor.require(PricePermission.EDIT)
        if actor.dealer_id != at_gate.seller_id:
            raise ManualPriceRefused


def _deal(at_gate: Gate, found: Evaluated, cart_id: int | None) -> Deal:
    status, payment, priced = walk("order", "DRAFT", "SUBMITTED"), "UNPAID", found.priced
    if is_auto_approved(
        total=priced.total + found.rebate,
        up_to=at_gate.settings.auto_approve_up_to,
        has_manual_price=any(line.manual_reason for line in priced.lines),
        breaks_floor=found.breaks_floor,
    ):
        status, payment = approved(status), walk("payment", payment, "FUNDED")
    number = document_number(NUMBER_PREFIX, f"{at_gate.day:%Y%m%d}", at_gate.settings.serial or 0)
    return Deal(at_gate, number, found.all_lines, found, priced, status, payment, cart_id)


def _reserve_and_hold(deal: Deal) -> HoldFacts:
    """Stock, gifts with it, then money (the order of ranks). When stock fails the money is tried too: both are told."""
    faults: list[DomainError] = []
    held: HoldFacts | None = None
    demand = [Demand(line.line_no, line.offer.sku_id, line.bottles) for line in deal.lines if line.offer]
    try:
        reserve(
            seller_id=deal.gate.seller_id,
            document_type=DOCUMENT_TYPE,
            document_number=deal.number,
            demand=demand,
            region_code=deal.gate.region_code,
        )
    except DomainError as fault:
        faults += gifts_told_apart([fault], deal.found.lines, deal.found.gifts)
    try:
        held = hold(
            seller_dealer_id=deal.gate.seller_id,
            buyer_dealer_id=deal.gate.buyer.id,
            amount=deal.priced.total,
            rebate=deal.found.rebate,
            currency=deal.priced.currency,
            document_type=DOCUMENT_TYPE,
            document_number=deal.number,
        )
    except DomainError as fault:
        faults.append(fault)
    refuse_all(faults)
    if held is None:
        raise RuntimeError("no hold and no refusal")
    return held
