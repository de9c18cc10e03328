"""What a buyer should know beside the sum: how far the next step is, the cheapest way there, a step that was lost."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from ordering.promotions.rules.engine import evaluate
from ordering.promotions.rules.measures import measure, next_step, off_by_ladder, step_reached
from ordering.promotions.rules.outcome import Because, Evaluation
from ordering.promotions.rules.policies import Cart, CartLine, Context, Gift, Ladder, Measure, Policy, Stage
from ordering.promotions.rules.shelf import Shelf

NEAR = 2
"""A step is worth a hint once 1 / NEAR of it is reached."""
MOST_UNITS = 1 << 20
TRIED_LINES = 8
"""The cheapest way is sought among the lines with the lowest price of one more unit."""


@dataclass(frozen=True, slots=True)
class Nudge:
    """``missing`` cases, minor units or SKUs to the step at ``start`` of ``policy``.

    The cheapest way there: ``add`` units of line ``line_no``; then ``more`` minor units are to be paid in all and the
    policy gives ``gives`` minor units (a gift: its list value). ``line_no`` None: only other SKUs lead there.
    """

    policy: str
    name: str
    measure: Measure
    start: int
    missing: int
    line_no: int | None = None
    add: int = 0
    more: int = 0
    gives: int = 0


@dataclass(frozen=True, slots=True)
class LostStep:
    """A step of ``policy`` that list prices would reach and flash prices (``by``) do not: ``lost`` minor units."""

    policy: str
    name: str
    by: tuple[str, ...]
    start: int
    lost: int


def nudges(cart: Cart, policies: Sequence[Policy], context: Context, found: Evaluation) -> tuple[Nudge, ...]:
    """A nudge for every ladder and gift that is for this buyer and near its next step, the nearest first."""
    shelf, told = Shelf(cart.lines), []
    for policy in policies:
        because = found.because(policy.code)
        if because not in (Because.GIVEN, Because.STEP):
            continue
        gap = _gap(policy, shelf, found)
        if gap is not None:
            told.append(_cheapest(gap, cart, policies, context, found, shelf.taking_part(policy)))
    return tuple(sorted(told, key=lambda one: (one.missing / one.start, one.policy)))


def lost_steps(cart: Cart, policies: Iterable[Policy], found: Evaluation) -> tuple[LostStep, ...]:
    """Steps by amount that a flash price has cost. The order of stages stays (handbook, §5.3); this only tells."""
    shelf, lost = Shelf(cart.lines), []
    flashed = {line.line_no: line for line in found.lines}
    for policy in policies:
        ladder = policy.reward
        if not isinstance(ladder, Ladder) or ladder.measure is not Measure.AMOUNT:
            continue
        if found.because(policy.code) not in (Because.GIVEN, Because.STEP):
            continue
        lines = shelf.taking_part(policy)
        before = sum(line.amount for line in lines)
        after = sum(flashed[line.line_no].after_flash for line in lines)
        missed, has = step_reached(ladder, before), step_reached(ladder, after)
        if missed is not None and missed != has:
            by = {step.policy for line in lines for step in flashed[line.line_no].steps if step.stage is Stage.FLASH}
            worth = off_by_ladder(ladder, before, after) - off_by_ladder(ladder, after, after)
            lost.append(LostStep(policy.code, policy.name, tuple(sorted(by)), missed.start, worth))
    return tuple(lost)


def _gap(policy: Policy, shelf: Shelf, found: Evaluation) -> Nudge | None:
    lines, reward = shelf.taking_part(policy), policy.reward
    if not lines:
        return None
    if isinstance(reward, Gift):
        what, measured = Measure.CASES, measure(Measure.CASES, lines, {})
        start = (measured // reward.buy + 1) * reward.buy
        if reward.most is not None and measured // reward.buy * reward.give >= reward.most:
            return None
    elif isinstance(reward, Ladder):
        flashed = {line.line_no: line.after_flash for line in found.lines}
        what, measured = reward.measure, measure(reward.measure, lines, flashed)
        step = next_step(reward, measured)
        if step is None:
            return None
        start = step.start
    else:
        return None
    if measured * NEAR < start:
        return None
    return Nudge(policy.code, policy.name, what, start, start - measured)


def _cheapest(
    gap: Nudge,
    cart: Cart,
    policies: Sequence[Policy],
    context: Context,
    found: Evaluation,
    lines: Sequence[CartLine],
) -> Nudge:
    """The line of the cart that leads to the step for the least money, counted with all policies at work."""
    if gap.measure is Measure.SKUS:
        return gap
    ways = []
    for line in sorted(lines, key=lambda one: (one.unit_price, one.key))[:TRIED_LINES]:
        add = _units_to(gap, line, cart, policies, context)
        if add is None:
            continue
        then = evaluate(_with_more(cart, line, add), policies, context)
        gives = sum(use.amount for use in then.uses if use.policy == gap.policy)
        ways.append(replace(gap, line_no=line.line_no, add=add, more=then.total - found.total, gives=gives))
    return min(ways, key=lambda way: (way.more, way.add, way.line_no), default=gap)


def _units_to(gap: Nudge, line: CartLine, cart: Cart, policies: Sequence[Policy], context: Context) -> int | None:
    """The fewest further units of the line that reach the step; found by halving, since more never measures less."""
    asked = [policy for policy in policies if policy.stage is Stage.FLASH or policy.code == gap.policy]
    (policy,) = (one for one in policies if one.code == gap.policy)

    def reaches(add: int) -> bool:
        then = _with_more(cart, line, add)
        flashed = {one.line_no: one.after_flash for one in evaluate(then, asked, context).lines}
        return measure(gap.measure, Shelf(then.lines).taking_part(policy), flashed) >= gap.start

    high = 1
    while high < MOST_UNITS and not reaches(high):
        high *= 2
    if high >= MOST_UNITS:
        return None
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if reaches(middle) else (middle, high)
    return high


def _with_more(cart: Cart, line: CartLine, add: int) -> Cart:
    more = replace(line, quantity=line.quantity + add, amount=line.amount + add * line.unit_price)
    return replace(cart, lines=tuple(more if one.line_no == line.line_no else one for one in cart.lines))
