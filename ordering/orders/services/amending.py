"""Changing an order that waits for its approval: everything checked and priced as of now, stock and money moved along.

Statements, locks and what wins against what: docs/algorithms/amending.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import Enum

from billing.ledger.errors import CreditExhausted
from billing.ledger.services import hold_more, release_part
from core.db import sql
from core.db.acts import act
from core.events import services as events
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.errors import DomainError, Field, Missing, VersionConflict, refuse_all
from core.kernel.text import normalised
from dms.stock.services import Demand, change_reservation
from ordering.orders.errors import DeadlinePassed, DealerInactive, NotAmendable, ReasonMissing, TooManyLines
from ordering.orders.events import AGGREGATE, ORDER_AMENDED, told
from ordering.orders.permissions import Permission
from ordering.orders.rules.amending import LineChange, compared
from ordering.orders.rules.checks import MOST_LINES, AskedLine
from ordering.orders.rules.evaluating import Wishes, gifts_told_apart
from ordering.orders.rules.states import WAITING
from ordering.orders.selectors.amending import (
    Standing,
    evaluate_change,
    gate_for,
    given_by,
    right_to_amend,
    sides_of,
    sides_standing,
    standing,
)
from ordering.orders.selectors.evaluating import Evaluated
from ordering.orders.selectors.gate import Gate
from ordering.orders.selectors.sight import as_seen, may_see_price
from ordering.orders.services.deciding import OrderState
from ordering.orders.services.freezing import PROMOTED, WRITE_LINES, line_columns, promoted_columns, told_lines
from ordering.orders.services.locking import DOCUMENT_TYPE, LockedOrder, locked_order
from ordering.orders.services.placing import OrderedLine, require_manual_prices
from ordering.orders.services.refusing import Agreed
from ordering.orders.services.spending import Question, agreed_to, spend_for

LONGEST_REASON = 200


class Stays(Enum):
    """What a change does not speak of stays as it is."""

    STAYS = "stays"


STAYS = Stays.STAYS


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendOrder:
    """How an order shall be: all of its ``lines``; the rest where named. ``version``: the order as it was seen.

    ``expected_total`` is the new total that was agreed to, minor units of ``currency`` (empty: the order's own); none
    agrees to the old one only. ``reason`` is the clerk's to give. ``wishes`` about policies None: as they were.
    """

    number: str
    version: int
    lines: tuple[OrderedLine, ...]
    reason: str = ""
    address_id: int | None = None
    wished_on: date | Stays | None = STAYS
    note: str | Stays = STAYS
    buyer_reference: str | Stays = STAYS
    expected_total: int | None = None
    currency: str = ""
    wishes: Wishes | None = None


@dataclass(frozen=True, slots=True)
class AmendedOrder:
    """Where the order stands now, its new total (minor units), and what changed in its lines."""

    state: OrderState
    total: int
    currency: str
    changes: tuple[LineChange, ...]


@dataclass(frozen=True, slots=True)
class _Words:
    """What is written on the order from now on."""

    wished_on: date | None
    note: str
    buyer_reference: str


@dataclass(frozen=True, slots=True)
class _Amendment:
    """A change that was checked and may be written."""

    order: LockedOrder
    before: Standing
    gate: Gate
    found: Evaluated
    words: _Words
    reason: str

    @property
    def bottles(self) -> int:
        return sum(line.bottles for line in self.found.all_lines)

    @property
    def total(self) -> int:
        return self.found.priced.total

    @property
    def changes(self) -> tuple[LineChange, ...]:
        return tuple(one for one in compared(self.before.sides, sides_of(self.found.lines)) if one.is_changed)

    @property
    def gift_changes(self) -> tuple[LineChange, ...]:
        return tuple(
            one
            for one in compared(sides_standing(self.before.gifts), sides_of(self.found.gifts))
            if one.before != one.after
        )

    def changed_words(self) -> dict[str, Field]:
        """Which of the words and wishes changed; what they say stands on the order alone."""
        old, new, place = self.before, self.words, self.gate.address
        return {
            "changes_address": place is not None and place.id != old.ship_to.id,
            "changes_wished_on": old.wished_on != new.wished_on,
            "changes_note": old.note != new.note,
            "changes_reference": old.buyer_reference != new.buyer_reference,
            "changes_wishes": self.found.wishes != old.wishes,
        }

    @property
    def is_nothing(self) -> bool:
        """Whether the order would stay as it is."""
        return given_by(self.found) == self.before.given and not self.changes and not any(self.changed_words().values())


def amend_order(*, actor: Actor, command: AmendOrder) -> AmendedOrder:
    """Let a waiting order be as ``command`` says, at the prices and terms of now; records ``ORDER_AMENDED``.

    The buyer's people who place orders, or the seller's who approve them, with a reason. Raises ``NotAmendable``,
    ``DeadlinePassed``, ``VersionConflict``, ``ReasonMissing``, and by line
    whatever refuses a new order. A change that changes nothing does nothing.
    """
    actor.require(Permission.APPROVE if actor.can(Permission.APPROVE) else Permission.PLACE)
    if len(command.lines) > MOST_LINES:
        raise TooManyLines(most=MOST_LINES)
    with act():
        order = locked_order(actor=actor, number=command.number)
        actor.require(right_to_amend(actor, seller_id=order.seller_id))
        try:
            return _amend(actor, command, order)
        except DomainError as refusal:
            raise as_seen(actor, order.buyer_id, refusal) from None


def _amend(actor: Actor, command: AmendOrder, order: LockedOrder) -> AmendedOrder:
    now = clock.now()
    reason = _reason(actor, command, order, now)
    amendment = _checked(actor, command, order, reason)
    state = OrderState(order.number, order.status, order.payment_status, order.fulfilment_status, order.version)
    if amendment.is_nothing:
        return AmendedOrder(state, order.total, order.currency, ())
    spend_for(order.number, amendment.gate, amendment.found, is_again=amendment.before.is_promoted)
    _move_stock_and_money(amendment)
    version = _write(actor, amendment, now)
    _record(actor, amendment, version)
    return AmendedOrder(replace(state, version=version), amendment.total, order.currency, amendment.changes)


def _reason(actor: Actor, command: AmendOrder, order: LockedOrder, now: datetime) -> str:
    """Why, after a look whether the order may be changed at all, as it was seen."""
    if order.status not in WAITING:
        raise NotAmendable(status=order.status)
    if order.approve_by is not None and order.approve_by <= now:
        raise DeadlinePassed
    if command.version != order.version:
        raise VersionConflict(version=order.version)
    reason = normalised(command.reason)[:LONGEST_REASON]
    if actor.dealer_id == order.seller_id and not reason:
        raise ReasonMissing(field="reason")
    return reason


def _checked(actor: Actor, command: AmendOrder, order: LockedOrder, reason: str) -> _Amendment:
    before = standing(order.id)
    try:
        at_gate = gate_for(
            buyer_id=order.buyer_id, seller_id=order.seller_id, address_id=command.address_id, now=before
        )
    except Missing:  # the seller supplies another by now, and this one no more
        raise DealerInactive from None
    asked = tuple(
        AskedLine(number, line.sku_code, line.quantity, line.unit, line.manual)
        for number, line in enumerate(command.lines, start=1)
    )
    require_manual_prices(actor, at_gate, asked)
    found = evaluate_change(at_gate, actor=actor, now=before, lines=asked, wishes=command.wishes)
    words = _words(command, before)
    is_sighted = may_see_price(actor, order.buyer_id)
    agreed = Agreed(
        None if words.wished_on == before.wished_on else words.wished_on,
        command.expected_total if command.expected_total is not None or not is_sighted else before.total,
        command.currency,
    )
    found = agreed_to(Question(actor, at_gate, agreed, before.kept), found)
    return _Amendment(order, before, at_gate, found, words, reason)


def _words(command: AmendOrder, before: Standing) -> _Words:
    return _Words(
        before.wished_on if isinstance(command.wished_on, Stays) else command.wished_on,
        before.note if isinstance(command.note, Stays) else normalised(command.note)[:500],
        before.buyer_reference
        if isinstance(command.buyer_reference, Stays)
        else normalised(command.buyer_reference)[:60],
    )


def _move_stock_and_money(amendment: _Amendment) -> None:
    """Stock, then money (the order of ranks). When stock fails the money is tried too, so that both are told."""
    faults: list[DomainError] = []
    number = amendment.order.number
    found = amendment.found
    demand = [Demand(line.line_no, line.offer.sku_id, line.bottles) for line in found.all_lines if line.offer]
    try:
        change_reservation(
            seller_id=amendment.order.seller_id,
            document_type=DOCUMENT_TYPE,
            document_number=number,
            demand=demand,
            region_code=amendment.gate.region_code,
        )
    except DomainError as fault:
        faults += gifts_told_apart([fault], found.lines, found.gifts)
    try:
        _move_money(amendment)
    except CreditExhausted as short:  # of the addition; people think in what the whole order costs
        available = int(short.fields["available"] or 0) + amendment.before.total
        faults.append(CreditExhausted(wanted=amendment.total, available=available, currency=found.cart.currency))
    except DomainError as fault:
        faults.append(fault)
    refuse_all(faults)


def _move_money(amendment: _Amendment) -> None:
    """Money and pool by their differences: what grows first, so that a refusal is told before anything is let go."""
    number, before, found = amendment.order.number, amendment.before, amendment.found
    money, pool = amendment.total - before.total, found.rebate - before.rebate
    if money > 0 or pool > 0:
        more, used = max(money, 0), max(pool, 0)
        hold_more(document_type=DOCUMENT_TYPE, document_number=number, amount=more, rebate=used)
    if money < 0 or pool < 0:
        less, back = max(-money, 0), max(-pool, 0)
        release_part(document_type=DOCUMENT_TYPE, document_number=number, amount=less, rebate=back)


_DROP_LINES = "DELETE FROM orders_orderline WHERE order_id = %(order)s"
_WRITE = f"""
WITH written AS (
    UPDATE orders_order
    SET version = version + 1, updated_at = %(at)s, bottles = %(bottles)s,
        amended_by_ids = CASE WHEN %(person)s::uuid = ANY(amended_by_ids) THEN amended_by_ids
            ELSE array_append(amended_by_ids, %(person)s::uuid) END,
        line_count = %(line_count)s, total = %(total)s, tax = %(tax)s, ship_to_region = %(region)s,
        ship_to_name = %(name)s, ship_to_phone_sealed = %(phone)s, ship_to_line = %(line)s,
        wished_on = %(wished_on)s, note = %(note)s, buyer_reference = %(reference)s,
        {", ".join(f"{column} = %({column})s" for column in PROMOTED)}
    WHERE id = %(order)s RETURNING id, version
), lines AS ({WRITE_LINES})
SELECT version FROM written
"""


def _write(actor: Actor, amendment: _Amendment, now: datetime) -> int:
    """Lines and header anew; the order's version. Two statements: a line number is free only after the first."""
    order, place = amendment.order, amendment.gate.address or amendment.before.ship_to
    sql.execute(_DROP_LINES, {"order": order.id})
    row = sql.row(
        _WRITE,
        {
            "order": order.id,
            "at": now,
            "person": actor.person_id,
            "bottles": amendment.bottles,
            "line_count": len(amendment.found.all_lines),
            "total": amendment.total,
            "tax": amendment.found.priced.tax,
            **promoted_columns(amendment.found),
            "region": place.region_code,
            "name": place.recipient,
            "phone": place.phone_sealed,
            "line": place.line,
            "wished_on": amendment.words.wished_on,
            "note": amendment.words.note,
            "reference": amendment.words.buyer_reference,
            **line_columns(amendment.found.all_lines, amendment.gate.settings.tax_rate_bp),
        },
    )
    if row is None:
        raise RuntimeError(f"{order.number} vanished under its lock")
    return int(row[0])


def _record(actor: Actor, amendment: _Amendment, version: int) -> None:
    """The order as it is now, and beside it what changed, old and new. One statement."""
    order, found = amendment.order, amendment.found
    facts = replace(
        order.facts(),
        region=amendment.gate.region_code,
        total=amendment.total,
        tax=found.priced.tax,
        bottles=amendment.bottles,
    )
    more: dict[str, Field] = {
        "reason": amendment.reason,
        "by_buyer": actor.dealer_id == order.buyer_id,
        "was_total": order.total,
        "was_tax": order.tax,
        "was_bottles": order.bottles,
        "discount": found.discount,
        "rebate": found.rebate,
        "breaks_floor": found.breaks_floor,
        "changes_gifts": given_by(found) != amendment.before.given,
        **amendment.changed_words(),
    }
    payload = told(number=order.number, status=order.status, facts=facts, lines=told_lines(found.all_lines), more=more)
    events.record(
        kind=ORDER_AMENDED,
        aggregate_type=AGGREGATE,
        aggregate_id=order.number,
        version=version,
        actor=actor,
        payload={
            **payload,
            "changes": _told(amendment.changes),
            "gift_changes": _told(amendment.gift_changes),
        },
        seller_id=order.seller_id,
        buyer_id=order.buyer_id,
    )


def _told(changes: Sequence[LineChange]) -> list[dict[str, Field]]:
    return [
        {
            "sku": one.sku_code,
            "name": one.sku_name,
            "unit": one.unit.value,
            "before": one.before,
            "after": one.after,
            "before_amount": one.before_amount,
            "after_amount": one.after_amount,
        }
        for one in changes
    ]
