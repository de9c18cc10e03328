"""The next step of a line's price ladder, told only where ordering that much makes a unit really cheaper. No database.

A step of the list is no gain where a policy gives a lower price already, so both sides are what one unit nets after
policies; what the rebate pool pays is money of the buyer's own and left out. Amounts are minor units, tax inside.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from core.kernel.money import half_up
from core.kernel.quantity import Unit
from ordering.orders.rules.checks import CheckedLine
from ordering.pricing.rules import Step, step_for
from ordering.promotions.rules.engine import evaluate
from ordering.promotions.rules.policies import Cart, Context, Policy, Stage
from ordering.promotions.rules.shelf import Shelf

MOST_WORK = 60_000
"""Lines × policies evaluated for the steps of one cart; beyond that a line is told no step rather than a wrong one."""
_CUTTING = (Stage.FLASH, Stage.TIER)


@dataclass(frozen=True, slots=True)
class NextStep:
    """``quantity`` of the line's unit reaches it; then one unit nets ``net``, ``saving`` less than now."""

    quantity: int
    net: int
    saving: int


def next_steps(
    lines: Iterable[CheckedLine], cart: Cart, policies: Sequence[Policy], context: Context
) -> Mapping[int, NextStep]:
    """By line number, for lines whose goods are there. ``lines`` are those of ``cart``, with what they cost by now.

    A line no policy touches costs what its list says; any other is evaluated at the step, with all the others.
    """
    touched = _touched(cart, policies, context)
    tries = MOST_WORK // max(len(cart.lines) * len(policies), 1)
    found = {}
    for line in lines:
        ahead = _ahead(line)
        if ahead is None or line.priced is None:
            continue
        quantity, step = ahead
        net = step.amount
        if line.line_no in touched:
            if tries <= 0:
                continue
            tries -= 1
            net = _net_at(line.line_no, quantity, step.amount, cart, policies, context)
        saving = half_up(line.priced.amount + line.rebate, line.quantity) - net
        if saving > 0:
            found[line.line_no] = NextStep(quantity, net, saving)
    return found


def _touched(cart: Cart, policies: Iterable[Policy], context: Context) -> frozenset[int]:
    """Lines whose amount some policy for this buyer may change."""
    shelf = Shelf(cart.lines)
    asked = (one for one in policies if one.stage in _CUTTING and not one.audience.why_not(context))
    return frozenset(line.line_no for policy in asked for line in shelf.taking_part(policy).lines)


def _ahead(line: CheckedLine) -> tuple[int, Step] | None:
    """The next cheaper step of the list and how much may be ordered to reach it; None where stock does not allow it."""
    offer, priced = line.offer, line.priced
    if offer is None or priced is None or not line.is_good or priced.manual_reason:
        return None
    ladder = offer.ladders.get(line.unit, ())
    start = min((step.min_quantity for step in ladder if step.min_quantity > line.quantity), default=None)
    if start is None:
        return None
    quantity = -(-start // offer.order_multiple) * offer.order_multiple
    step = step_for(ladder, quantity)
    if step is None or step.amount >= priced.unit_price:
        return None
    per_unit = offer.bottles_per_case if line.unit is Unit.CASE else 1
    if line.free_bottles is not None and quantity * per_unit > line.free_bottles:
        return None
    return quantity, step


def _net_at(
    line_no: int, quantity: int, unit_price: int, cart: Cart, policies: Sequence[Policy], context: Context
) -> int:
    """What one unit of the line nets when ``quantity`` of it is ordered with the rest of the cart."""
    more = tuple(
        one._replace(quantity=quantity, unit_price=unit_price, amount=quantity * unit_price)
        if one.line_no == line_no
        else one
        for one in cart.lines
    )
    then = evaluate(replace(cart, lines=more), policies, context)
    return next(half_up(one.after_tier, quantity) for one in then.lines if one.line_no == line_no)
