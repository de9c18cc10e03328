"""What a buyer should know beside the sum: how far the next step is, the cheapest way there, a step that was lost."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil

from core.kernel.quantity import to_bottles
from ordering.promotions.rules.engine import evaluate
from ordering.promotions.rules.measures import exact_cases_of, next_step, off_by_ladder, step_reached
from ordering.promotions.rules.outcome import Because, Evaluation
from ordering.promotions.rules.policies import Cart, CartLine, Context, Gift, Ladder, Measure, Policy, Stage
from ordering.promotions.rules.shelf import Part, Shelf

NEAR = 2
"""A step is worth a hint once 1 / NEAR of it is reached."""
MOST_UNITS = 1 << 20
MOST_TOLD = 3
"""Hints for one cart."""
TRIED_LINES = 8
"""The cheapest way is sought among the lines with the lowest price of one more unit."""
MOST_WORK = 300_000
"""Lines × policies that may be evaluated for the hints of one cart."""
_NEAR_A_STEP = (Because.GIVEN, Because.STEP)
_NEVER = (Because.AUDIENCE, Because.GOODS)
"""Why a policy gives nothing however much is added of what is in the cart."""


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
    """The nearest ladders and gifts that are for this buyer and near their next step, the nearest first.

    ``MOST_TOLD`` of them: nobody reads more, and each is counted with all policies at work. In a cart so large that
    this takes long, fewer lines are tried.
    """
    shelf, gaps = Shelf(cart.lines), []
    after_flash = {line.line_no: line.after_flash for line in found.lines}
    became = {told.policy: told.because for told in found.told}
    for policy in policies:
        if became.get(policy.code) in _NEAR_A_STEP:
            gap = _gap(policy, shelf.taking_part(policy), after_flash)
            if gap is not None:
                gaps.append((gap, policy))
    nearest = sorted(gaps, key=lambda one: (one[0].missing / one[0].start, one[0].policy))[:MOST_TOLD]
    asked = tuple(policy for policy in policies if became.get(policy.code) not in _NEVER)
    ways = _Ways(cart, asked, context, found, shelf, after_flash)
    return tuple(ways.cheapest(gap, policy) for gap, policy in nearest)


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
        lines = shelf.taking_part(policy).lines
        before = sum(line.amount for line in lines)
        after = sum(flashed[line.line_no].after_flash for line in lines)
        missed, has = step_reached(ladder, before), step_reached(ladder, after)
        if missed is not None and missed != has:
            by = {step.policy for line in lines for step in flashed[line.line_no].steps if step.stage is Stage.FLASH}
            worth = off_by_ladder(ladder, before, after) - off_by_ladder(ladder, after, after)
            lost.append(LostStep(policy.code, policy.name, tuple(sorted(by)), missed.start, worth))
    return tuple(lost)


def _gap(policy: Policy, part: Part, after_flash: Mapping[int, int]) -> Nudge | None:
    reward = policy.reward
    if not part:
        return None
    if isinstance(reward, Gift):
        what, measured = Measure.CASES, part.cases
        start = (measured // reward.buy + 1) * reward.buy
        if reward.most is not None and measured // reward.buy * reward.give >= reward.most:
            return None
    elif isinstance(reward, Ladder):
        what, measured = reward.measure, part.measured(reward.measure, after_flash)
        step = next_step(reward, measured)
        if step is None:
            return None
        start = step.start
    else:
        return None
    if measured * NEAR < start:
        return None
    return Nudge(policy.code, policy.name, what, start, start - measured)


@dataclass(frozen=True, slots=True)
class _Ways:
    """Ways to the next steps of one cart. ``policies``: those of which more of the same goods may change anything."""

    cart: Cart
    policies: tuple[Policy, ...]
    context: Context
    found: Evaluation
    shelf: Shelf
    after_flash: Mapping[int, int]

    def cheapest(self, gap: Nudge, policy: Policy) -> Nudge:
        """The line of the cart that leads to the step for the least money, counted with all policies at work."""
        if gap.measure is Measure.SKUS:
            return gap
        part = self.shelf.taking_part(policy)
        at_work = tuple(one for one in self.policies if _concerns(one, policy))
        whole = max(len(self.cart.lines) * len(self.policies), 1)
        most = min(TRIED_LINES, max(MOST_WORK // (MOST_TOLD * whole), 1))
        ways = []
        for line in sorted(part.lines, key=lambda one: (one.unit_price, one.key))[:most]:
            add = self._units_to(gap, line, part)
            if add is None:
                continue
            then = evaluate(_with_more(self.cart, line, add), at_work, self.context)
            gives = sum(use.amount for use in then.uses if use.policy == gap.policy)
            more = then.total - self.found.total
            ways.append(replace(gap, line_no=line.line_no, add=add, more=more, gives=gives))
        return min(ways, key=lambda way: (way.more, way.add, way.line_no), default=gap)

    def _units_to(self, gap: Nudge, line: CartLine, part: Part) -> int | None:
        """The fewest further units of the line that reach the step."""
        if gap.measure is Measure.CASES:
            each = Fraction(to_bottles(1, line.unit, line.bottles_per_case), line.bottles_per_case)
            add = ceil((gap.start - exact_cases_of(part.lines)) / each)
            return add if add < MOST_UNITS else None
        flashes = [policy for policy in self.policies if policy.stage is Stage.FLASH]
        own = [policy for policy in flashes if line in self.shelf.taking_part(policy).lines]
        others = part.measured(Measure.AMOUNT, self.after_flash) - self.after_flash[line.line_no]

        def alone(add: int) -> bool:
            then = evaluate(Cart((_more(line, add),), self.cart.currency), own, self.context)
            return others + then.lines[0].after_flash >= gap.start

        def together(add: int) -> bool:
            then = evaluate(_with_more(self.cart, line, add), flashes, self.context).lines
            costs = {one.line_no: one.after_flash for one in then}
            return part.measured(Measure.AMOUNT, costs) >= gap.start

        guess = _fewest(alone, 1)
        if not any(policy.code in self.context.left for policy in own):
            return guess
        return _fewest(together, guess or 1)  # what a policy gives to one line, it cannot give to another


def _concerns(one: Policy, policy: Policy) -> bool:
    """Whether ``one`` can change what is paid or what ``policy`` gives: gifts cost nothing, and compete in groups."""
    if one.stage is not Stage.GIFT or one.code == policy.code:
        return True
    return policy.stage is Stage.GIFT and bool(one.group) and one.group == policy.group


def _fewest(reaches: Callable[[int], bool], guess: int) -> int | None:
    """The smallest number that reaches, at best ``guess``; found by halving, since more never measures less."""
    low, high = 0, guess
    while high < MOST_UNITS and not reaches(high):
        low, high = high, high * 2
    if high >= MOST_UNITS:
        return None
    if low == 0 and high > 1 and not reaches(high - 1):
        return high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if reaches(middle) else (middle, high)
    return high


def _with_more(cart: Cart, line: CartLine, add: int) -> Cart:
    more = _more(line, add)
    return replace(cart, lines=tuple(more if one.line_no == line.line_no else one for one in cart.lines))


def _more(line: CartLine, add: int) -> CartLine:
    return line._replace(quantity=line.quantity + add, amount=line.amount + add * line.unit_price)
