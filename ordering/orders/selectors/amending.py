"""An order that may still be changed, as it stands, and what it would become. docs/algorithms/amending.md."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from core.kernel.actor import Actor
from core.kernel.errors import Missing
from core.kernel.quantity import Unit
from dms.dealers.selectors import ShipTo
from ordering.orders.models import Order, OrderLine
from ordering.orders.permissions import Permission
from ordering.orders.rules.amending import LineChange, LineSide, compared
from ordering.orders.rules.checks import AskedLine, CheckedLine
from ordering.orders.rules.evaluating import NO_WISHES, Wishes
from ordering.orders.selectors.checking import CheckedCart, Kept, check_question
from ordering.orders.selectors.evaluating import Evaluated, evaluate_at
from ordering.orders.selectors.gate import Gate, gate
from ordering.orders.selectors.orders import orders_visible_to
from ordering.pricing.rules import ManualPrice

Given = tuple[str, str, str, int]
"""A gift to be compared: policy, SKU, unit, quantity."""


@dataclass(frozen=True, slots=True)
class StandingLine:
    """A line as frozen; ``manual_reason`` where a person made its price. ``amount`` is payable, minor units.

    ``gift_of``: the policy that gives it; empty for what was ordered.
    """

    sku_id: int
    sku_code: str
    sku_name: str
    unit: Unit
    quantity: int
    bottles: int
    bottles_per_case: int
    amount: int
    manual_reason: str
    gift_of: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """What of an order may be changed, as it is. ``ship_to`` has the id 0: it is the order's own by now.

    ``total`` is payable, ``rebate`` what the pool pays beside it, minor units. ``lines`` are what was ordered,
    ``gifts`` what policies give with it; ``is_promoted``: some policy gave something.
    """

    ship_to: ShipTo
    wished_on: date | None
    note: str
    buyer_reference: str
    total: int
    lines: tuple[StandingLine, ...]
    number: str = ""
    rebate: int = 0
    is_promoted: bool = False
    gifts: tuple[StandingLine, ...] = ()
    wishes: Wishes = field(default=NO_WISHES)

    @property
    def kept(self) -> Kept:
        """What is kept for it: all its bottles and its whole total, since nothing has left yet."""
        bottles: dict[int, int] = defaultdict(int)
        for line in (*self.lines, *self.gifts):
            bottles[line.sku_id] += line.bottles
        return Kept(bottles, self.total, self.rebate, self.number)

    @property
    def given(self) -> tuple[Given, ...]:
        """Its gifts to be compared."""
        return tuple(sorted((one.gift_of, one.sku_code, one.unit.value, one.quantity) for one in self.gifts))

    @property
    def sides(self) -> tuple[LineSide, ...]:
        """Its lines to be compared."""
        return sides_standing(self.lines)

    def with_agreed_prices(self, lines: Sequence[AskedLine]) -> tuple[AskedLine, ...]:
        """``lines``, a price made by hand kept where product, unit and quantity of its line stay: once a line."""
        by_hand: dict[tuple[str, Unit, int], list[ManualPrice]] = defaultdict(list)
        for one in self.lines:
            if one.manual_reason:
                by_hand[one.sku_code, one.unit, one.quantity].append(ManualPrice(one.amount, one.manual_reason))
        kept = []
        for line in lines:
            agreed = by_hand.get((line.sku_code, line.unit, line.quantity)) if line.unit and not line.manual else None
            kept.append(line._replace(manual=agreed.pop(0)) if agreed else line)
        return tuple(kept)


def wishes_of(actor: Actor, number: str) -> Wishes:
    """What was wished for with an order the seat may see; one statement. Raises ``Missing``."""
    row = orders_visible_to(actor).filter(number=number).values_list(*_WISHES).first()
    if row is None:
        raise Missing(order=number)
    coupons, rebate, without_gifts = row
    return Wishes(tuple(coupons or ()), rebate, without_gifts)


_WISHES = ("coupon_codes", "rebate_wanted", "wants_no_gifts")


def right_to_amend(actor: Actor, *, seller_id: int) -> Permission:
    """What a seat needs: the seller's side decides about an order, the buyer's side places it."""
    return Permission.APPROVE if actor.dealer_id == seller_id else Permission.PLACE


def standing(order_id: int) -> Standing:
    """An order's words and lines as they stand. Two statements."""
    order = Order.objects.get(pk=order_id)
    columns = ("sku_id", "sku_code", "sku_name", "unit", "quantity", "bottles", "bottles_per_case", "amount")
    rows = OrderLine.objects.filter(order_id=order_id).order_by("line_no")
    lines = tuple(
        StandingLine(sku_id, code, name, Unit(unit), *figures)
        for sku_id, code, name, unit, *figures in rows.values_list(*columns, "manual_price_reason", "gift_of")
    )
    ship_to = ShipTo(
        0, "", order.ship_to_name, order.ship_to_phone_sealed, order.ship_to_region, order.ship_to_line, False
    )
    return Standing(
        ship_to,
        order.wished_on,
        order.note,
        order.buyer_reference,
        order.total,
        tuple(line for line in lines if not line.gift_of),
        order.number or "",
        order.rebate,
        order.is_promoted,
        tuple(line for line in lines if line.gift_of),
        Wishes(tuple(order.coupon_codes or ()), order.rebate_wanted, order.wants_no_gifts),
    )


def evaluate_change(
    at_gate: Gate, *, actor: Actor, now: Standing, lines: Sequence[AskedLine], wishes: Wishes | None = None
) -> Evaluated:
    """What a standing order would be with ``lines``, what it keeps and uses counted as free.

    ``wishes`` None: as they were. A coupon of the order that opens nothing any more is passed over, also where another
    wish is said anew: only what was added has to open something.
    """
    found = evaluate_at(
        at_gate,
        actor=actor,
        lines=now.with_agreed_prices(lines),
        wishes=now.wishes if wishes is None else wishes,
        own=now.number,
        own_rebate=now.rebate,
    )
    if not found.live.refused:
        return found
    kept = {code.strip().upper() for code in now.wishes.coupons}
    refused = tuple(one for one in found.live.refused if one.fields.get("coupon") not in kept)
    return replace(found, live=replace(found.live, refused=refused))


def given_by(found: Evaluated) -> tuple[Given, ...]:
    """The gifts of an evaluation to be compared."""
    return tuple(sorted((one.gift_of, one.sku_code, one.unit.value, one.quantity) for one in found.gifts))


def sides_standing(lines: Iterable[StandingLine]) -> tuple[LineSide, ...]:
    """Lines of an order to be compared."""
    return tuple(LineSide(one.sku_code, one.sku_name, one.unit, one.quantity, one.amount) for one in lines)


def sides_of(lines: Sequence[CheckedLine]) -> tuple[LineSide, ...]:
    """Checked lines to be compared; those without a price cost nothing here."""
    return tuple(
        LineSide(
            line.sku_code,
            line.offer.sku_name if line.offer else line.sku_code,
            line.unit,
            line.quantity,
            line.priced.amount if line.priced else 0,
        )
        for line in lines
    )


def gate_for(*, buyer_id: int, seller_id: int, address_id: int | None, now: Standing) -> Gate:
    """The buyer at the gate at this instant, the goods going where they go unless another address is chosen."""
    return gate(buyer_id=buyer_id, seller_id=seller_id, address_id=address_id, usual=now.ship_to)


@dataclass(frozen=True, slots=True)
class CheckedAmendment:
    """What an order would become: ``changes`` of every line, old and new, and all that stands in the way."""

    standing: Standing
    checked: CheckedCart
    changes: tuple[LineChange, ...]

    @property
    def difference(self) -> int:
        """How much more it would cost, minor units; less: below zero."""
        return self.checked.priced.total - self.standing.total


def check_amendment(
    *,
    actor: Actor,
    number: str,
    lines: Sequence[AskedLine],
    address_id: int | None = None,
    wishes: Wishes | None = None,
) -> CheckedAmendment:
    """What a waiting order would cost with other lines, and every fault by line; nothing is written or locked.

    ``wishes`` about policies None: as they were. Raises ``Missing`` for what the seat may not see, and when the seller
    no longer supplies the buyer.
    """
    order = orders_visible_to(actor).filter(number=number).first()
    if order is None:
        raise Missing(order=number)
    actor.require(right_to_amend(actor, seller_id=order.seller_id), writes=False)
    now = standing(order.pk)
    at_gate = gate_for(buyer_id=order.buyer_id, seller_id=order.seller_id, address_id=address_id, now=now)
    found = evaluate_change(at_gate, actor=actor, now=now, lines=lines, wishes=wishes)
    checked = check_question(actor=actor, gate=at_gate, found=found, kept=now.kept)
    return CheckedAmendment(now, checked, compared(now.sides, sides_of(checked.lines)))
