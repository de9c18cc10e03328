"""The pad as a page shows it: lines, totals, what is wrong. The same statements for one line and for five hundred."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from billing.ledger.errors import CreditExhausted
from core.catalogue.selectors import named_skus
from core.kernel.actor import Actor
from core.kernel.quantity import Unit
from frontend.storefront.coming import coming_of
from frontend.storefront.deals import NO_DEALS, Deals, deals_of, policies_on, said_of_gifts
from frontend.storefront.faults import Said, said
from frontend.storefront.pad.lines import PadLine, aside_line, cart_line
from frontend.ui import format as words
from ordering.orders.rules.checks import AskedLine, CheckedLine
from ordering.orders.rules.evaluating import NO_WISHES, Wishes
from ordering.orders.rules.steps import NextStep, next_steps
from ordering.orders.selectors import Cart, CheckedCart, LastChange, PadState, check_lines

OF_THE_TOTAL = {"ledger.credit_exhausted", "order.below_minimum", "order.empty"}
"""Faults that speak of the sum: lines that are not in it must not count."""


@dataclass(frozen=True, slots=True)
class Pad:
    """Everything on the pad. Amounts in minor units; ``total`` and ``tax`` of the lines that can be ordered, None where
    the house keeps its purchase prices from the seat.

    ``faults`` stand in the way of the order as a whole. ``cases`` and ``loose_bottles`` as the buyer counted them.
    ``last`` is the change that can be taken back, ``deals`` what promotions make of it.
    """

    lines: tuple[PadLine, ...]
    total: int | None
    tax: int | None
    currency: str
    available: int | None
    cases: int
    loose_bottles: int
    faults: tuple[Said, ...]
    cart: Cart
    checked: CheckedCart | None
    last: LastChange | None = None
    deals: Deals = NO_DEALS

    @property
    def bad(self) -> tuple[PadLine, ...]:
        """Lines somebody has to look at."""
        return tuple(line for line in self.lines if line.is_bad)

    @property
    def good(self) -> tuple[PadLine, ...]:
        """Lines that can be ordered as they are."""
        return tuple(line for line in self.lines if not line.is_bad)

    @property
    def counted(self) -> str:
        """How much can be ordered, as the buyer counted it: ``1,207 箱 + 3 瓶``."""
        parts = [words.cases_text(self.cases)] if self.cases or not self.loose_bottles else []
        parts += [words.bottles_text(self.loose_bottles)] if self.loose_bottles else []
        return " + ".join(parts)

    @property
    def can_go_on(self) -> bool:
        """Whether there is anything to order and nothing in the way of it."""
        return bool(self.good) and not self.faults


def read_pad(actor: Actor, state: PadState, wishes: Wishes = NO_WISHES, *, is_plain: bool = False) -> Pad:
    """The seat's pad as ``state`` keeps it, priced and checked: the same statements whatever the number of lines.

    Promotions are those of an order of the lines that can be ordered. ``is_plain``: lines, amounts and faults alone,
    without what else could be had: next steps, prices to come, gifts by name, hints.
    """
    cart, asides = state.cart, state.asides
    last = state.last if state.last and state.last.is_open else None
    if not cart.items and not asides:
        return Pad((), 0, 0, "CNY", None, 0, 0, (), cart, None, last)
    found = named_skus(actor, [line.term for line in asides]) if asides else {}
    asked = [
        AskedLine(number, item.sku_code, item.quantity, item.unit) for number, item in enumerate(cart.items, start=1)
    ]
    for number, line in enumerate(asides, start=len(asked) + 1):
        sku = found[line.term].sku
        if sku is not None and line.quantity:
            asked.append(AskedLine(number, sku.code, line.quantity, line.asked_unit))
    checked = check_lines(actor=actor, lines=asked, wishes=wishes)
    checked = checked.only([line.line_no for line in checked.lines[: len(cart.items)] if line.is_good])
    answers = {line.line_no: line for line in checked.lines}
    before = {(line.sku_code, line.unit, line.after): line.before for line in state.grown}
    tells = checked.is_priced and not is_plain
    steps = _steps(checked, checked.lines[: len(cart.items)]) if tells else {}
    coming = coming_of(actor, (item.sku_code for item in cart.items), buyer=checked.buyer) if tells else {}
    lines = [
        cart_line(
            number,
            item,
            answers[number],
            state.known.get(item.sku_code),
            currency=checked.priced.currency,
            before=before.get((item.sku_code, item.unit.value, item.quantity)),
            is_priced=checked.is_priced,
            policies=policies_on(checked.evaluated, answers[number]),
            step=steps.get(number),
            coming=coming.get((item.sku_code, item.unit)),
        )
        for number, item in enumerate(cart.items, start=1)
    ]
    for number, line in enumerate(asides, start=len(cart.items) + 1):
        match, answer = found[line.term], answers.get(number)
        lines.append(aside_line(number, line, match, answer, is_priced=checked.is_priced))
    summed = _summed(tuple(lines), cart, checked, checked.lines[: len(cart.items)])
    return replace(summed, last=last, deals=NO_DEALS if is_plain else deals_of(actor, checked, lines))


def _steps(checked: CheckedCart, lines: Sequence[CheckedLine]) -> Mapping[int, NextStep]:
    """The next steps of price ladders."""
    found = checked.evaluated
    return next_steps(lines, found.cart, found.policies, found.context)


def _summed(lines: tuple[PadLine, ...], cart: Cart, checked: CheckedCart, in_cart: Sequence[CheckedLine]) -> Pad:
    good = [line for line in in_cart if line.is_good and line.priced is not None]
    total = sum(line.priced.amount for line in good if line.priced)
    faults = [said_of_gifts(fault, checked) for fault in checked.faults if fault.code not in OF_THE_TOTAL]
    if len(good) == len(checked.lines):
        faults += [said(fault) for fault in checked.faults if fault.code == "order.below_minimum"]
    if checked.available is not None and good and total > checked.available:
        short = CreditExhausted(wanted=total, available=max(0, checked.available), currency=checked.priced.currency)
        faults.append(said(short))
    return Pad(
        lines=lines,
        total=total if checked.is_priced else None,
        tax=sum(line.priced.tax for line in good if line.priced) if checked.is_priced else None,
        currency=checked.priced.currency,
        available=checked.available,
        cases=sum(line.quantity for line in good if line.unit is Unit.CASE),
        loose_bottles=sum(line.quantity for line in good if line.unit is Unit.BOTTLE),
        faults=tuple(faults),
        cart=cart,
        checked=checked,
    )
