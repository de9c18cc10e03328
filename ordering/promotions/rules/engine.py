"""The engine: ``evaluate(cart, policies, context) -> Evaluation``. Pure, from scratch each time.

Stages in the fixed order of the handbook, §5.3: 1 限时折扣, 2 坎级/满减, 3 搭赠, 4 返利抵扣, then tax line by line.
Read docs/algorithms/promotions.md first.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from operator import attrgetter
from typing import NamedTuple

from core.kernel.money import MAX_MINOR, half_up, split_by_weight, vat_inside
from core.kernel.quantity import MAX_BOTTLES, to_bottles
from ordering.promotions.rules.floors import net_parts
from ordering.promotions.rules.measures import bundles_in, off_by_bundle, off_by_ladder, step_reached, units_within
from ordering.promotions.rules.outcome import (
    Because,
    EvaluatedLine,
    Evaluation,
    FloorBreak,
    GiftLine,
    Told,
    TraceStep,
    Use,
)
from ordering.promotions.rules.policies import (
    WHOLE_BP,
    Bundle,
    Cart,
    CartLine,
    Context,
    FixedPrice,
    Gift,
    GiftGoods,
    Ladder,
    Measure,
    PercentOff,
    Policy,
    RebateOffset,
    Stage,
)
from ordering.promotions.rules.shelf import Part, Shelf


def evaluate(cart: Cart, policies: Iterable[Policy], context: Context) -> Evaluation:
    """What every line costs after all policies that are for this buyer, what is given, and why the others gave nothing.

    The order of lines and of policies does not matter. No line falls below zero; no policy raises an amount.
    """
    return evaluate_asked(asked_of(cart, policies, context), context)


class Asked(NamedTuple):
    """A cart and the policies that are for its buyer and goods: what holds whatever is left to give.

    ``told``: those that are not, and why not.
    """

    cart: Cart
    shelf: Shelf
    by_stage: Mapping[Stage, Sequence[Policy]]
    parts: Mapping[str, Part]
    told: Mapping[str, Told]


def asked_of(cart: Cart, policies: Iterable[Policy], context: Context) -> Asked:
    """Who takes part. Of the context only whom, where and when are asked: budgets and the pool are not."""
    shelf = Shelf(cart.lines)
    by_stage: dict[Stage, list[Policy]] = {stage: [] for stage in Stage}
    parts: dict[str, Part] = {}
    told: dict[str, Told] = {}
    for policy in sorted(policies, key=attrgetter("order")):
        lacking = policy.audience.why_not(context)
        part = None if lacking else shelf.taking_part(policy)
        if part:
            parts[policy.code] = part
            by_stage[policy.stage].append(policy)
        else:
            told[policy.code] = Told(policy.code, Because.AUDIENCE if lacking else Because.GOODS, lacking)
    return Asked(cart, shelf, by_stage, parts, told)


def evaluate_asked(asked: Asked, context: Context) -> Evaluation:
    """``evaluate`` for those of whom it is known who takes part, by what is left by now."""
    run = _Run(asked, context)
    run.flash(asked.by_stage[Stage.FLASH])
    run.after_flash = dict(run.amounts)
    run.tiers(asked.by_stage[Stage.TIER])
    run.after_tier = dict(run.amounts)
    run.give(asked.by_stage[Stage.GIFT])
    run.offset(asked.by_stage[Stage.REBATE])
    return run.evaluation()


class _Offer(NamedTuple):
    """What one policy would give: ``worth`` decides which of a group is the best."""

    policy: Policy
    worth: int
    gifts: tuple[GiftLine, ...] = ()
    bottles: int = 0


@dataclass
class _Run:
    """One evaluation under way: the amounts as they stand, what is left to give, and what has been told."""

    asked: Asked
    context: Context
    amounts: dict[int, int] = field(default_factory=dict)
    after_flash: dict[int, int] = field(default_factory=dict)
    after_tier: dict[int, int] = field(default_factory=dict)
    steps: dict[int, list[TraceStep]] = field(default_factory=lambda: defaultdict(list))
    gifts: list[GiftLine] = field(default_factory=list)
    used: dict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))
    told: dict[str, Told] = field(default_factory=dict)
    versions: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.cart, self.shelf, self.parts = self.asked.cart, self.asked.shelf, self.asked.parts
        self.amounts = {line.line_no: line.amount for line in self.cart.lines}
        self.told = dict(self.asked.told)

    def _tell(self, policy: Policy, because: Because, detail: str = "") -> None:
        self.told[policy.code] = Told(policy.code, because, detail)

    # What is left to give

    def _left_amount(self, policy: Policy) -> int | None:
        left = self.context.left.get(policy.code)
        return None if left is None or left.amount is None else max(left.amount - self.used[policy.code][0], 0)

    def _left_bottles(self, policy: Policy) -> int | None:
        left = self.context.left.get(policy.code)
        return None if left is None or left.bottles is None else max(left.bottles - self.used[policy.code][1], 0)

    def _is_used_up(self, policy: Policy) -> bool:
        """Whether not even one unit of any line that takes part may still be given."""
        bottles = self._left_bottles(policy)
        is_short = bottles is not None and bottles < self.parts[policy.code].least_bottles
        return self._left_amount(policy) == 0 or is_short

    def _use(self, policy: Policy, amount: int, bottles: int = 0) -> None:
        self.used[policy.code][0] += amount
        self.used[policy.code][1] += bottles
        self.versions[policy.code] = policy.version
        self._tell(policy, Because.GIVEN)

    def _take(self, stage: Stage, policy: Policy, line: CartLine, off: int, quantity: int | None = None) -> None:
        before = self.amounts[line.line_no]
        after = self.amounts[line.line_no] = before - off
        step = TraceStep(stage, policy.code, policy.version, policy.name, before, after, quantity)
        self.steps[line.line_no].append(step)

    def _take_together(self, stage: Stage, policy: Policy, off: int, standing: Sequence[int]) -> None:
        """Split what the policy takes off over its lines, by what each of them costs by now."""
        part = self.parts[policy.code]
        for line, share in zip(part.lines, split_by_weight(off, standing, part.keys), strict=True):
            if share:
                self._take(stage, policy, line, share)

    # Stage 1: the best one of every line

    def flash(self, policies: Sequence[Policy]) -> None:
        """Each line takes the one that takes most off it; goods that run short go by SKU, unit, larger quantity."""
        asked: dict[int, list[Policy]] = defaultdict(list)
        for policy in policies:
            for line in self.parts[policy.code].lines:
                asked[line.line_no].append(policy)
        for line in self.shelf.lines:
            policies_here = asked.get(line.line_no)
            found = [one for one in (self._flash_of(policy, line) for policy in policies_here or ()) if one[1] > 0]
            if not found:
                continue
            policy, off, units = found[0] if len(found) == 1 else min(found, key=lambda one: (-one[1], one[0].order))
            self._take(Stage.FLASH, policy, line, off, units)
            self._use(policy, off, to_bottles(units, line.unit, line.bottles_per_case))
            for other, _, _ in found:
                if other.code not in self.told:
                    self._tell(other, Because.BETTER, policy.code)
        for policy in policies:
            if policy.code not in self.told:
                self._tell(policy, Because.USED_UP if self._is_used_up(policy) else Because.NOTHING_TO_TAKE)

    def _flash_of(self, policy: Policy, line: CartLine) -> tuple[Policy, int, int]:
        reward, units = policy.reward, line.quantity
        if not isinstance(reward, (PercentOff, FixedPrice)):
            raise TypeError(reward)
        if policy.code not in self.context.left:
            return policy, max(line.unit_price * units - reward.price_of(line, units), 0), units
        left_bottles, left = self._left_bottles(policy), self._left_amount(policy)
        if left_bottles is not None:
            units = min(units, left_bottles // to_bottles(1, line.unit, line.bottles_per_case))
        off = max(line.unit_price * units - reward.price_of(line, units), 0) if units else 0
        return policy, off if left is None else min(off, left), units

    # Stage 2: the best one of every group

    def tiers(self, policies: Sequence[Policy]) -> None:
        """Judged on what stage 1 left; taken from what the groups before have left, so no line falls below zero."""
        for offer in self._best_of_groups(policies, self._tier_of):
            standing = self.parts[offer.policy.code].standing(self.amounts)
            off = min(offer.worth, sum(standing))
            if off == 0:
                self._tell(offer.policy, Because.NOTHING_TO_TAKE)
                continue
            self._use(offer.policy, off, offer.bottles)
            self._take_together(Stage.TIER, offer.policy, off, standing)

    def _tier_of(self, policy: Policy) -> _Offer | None:
        part, amounts, bottles = self.parts[policy.code], self.after_flash, 0
        costs = sum(part.standing(amounts))
        if isinstance(policy.reward, Ladder):
            measured = costs if policy.reward.measure is Measure.AMOUNT else part.measured(policy.reward.measure, {})
            off = off_by_ladder(policy.reward, measured, costs)
            reached = step_reached(policy.reward, measured) is not None
        elif isinstance(policy.reward, Bundle):
            count = bundles_in(policy.reward, part.lines, self._left_bottles(policy))
            off, bottles = off_by_bundle(policy.reward, count, part.lines, amounts)
            reached = count > 0
        else:
            raise TypeError(policy.reward)
        if not reached:
            self._tell(policy, Because.USED_UP if self._left_bottles(policy) == 0 else Because.STEP)
            return None
        return self._within_budget(policy, min(off, costs), bottles)

    def _within_budget(self, policy: Policy, worth: int, bottles: int) -> _Offer | None:
        left = self._left_amount(policy)
        if left is not None and left < worth:
            worth = left
        if worth == 0:
            self._tell(policy, Because.USED_UP if left == 0 else Because.NOTHING_TO_TAKE)
            return None
        return _Offer(policy, worth, bottles=bottles)

    def _best_of_groups(self, policies: Sequence[Policy], judge: Callable[[Policy], _Offer | None]) -> list[_Offer]:
        """The best offer of every group, in the policies' order; the others are told which was better."""
        groups: dict[str, list[_Offer]] = defaultdict(list)
        for policy in policies:
            offer = judge(policy)
            if offer is not None:
                groups[policy.group or f"only {policy.code}"].append(offer)
        chosen = []
        for offers in groups.values():
            best, *others = sorted(offers, key=lambda one: (-one.worth, one.policy.order))
            chosen.append(best)
            for other in others:
                self._tell(other.policy, Because.BETTER, best.policy.code)
        return sorted(chosen, key=lambda one: one.policy.order)

    # Stage 3: gifts

    def give(self, policies: Sequence[Policy]) -> None:
        """The gifts of the best policy of every group; what is paid for counts, gifts do not."""
        for offer in self._best_of_groups(policies, self._gift_of):
            self._use(offer.policy, _list_value(offer.gifts), offer.bottles)
            self.gifts += offer.gifts

    def _gift_of(self, policy: Policy) -> _Offer | None:
        gift = policy.reward
        if not isinstance(gift, Gift):
            raise TypeError(gift)
        whole = self.parts[policy.code]
        by_goods = {gift.sku: whole} if gift.sku else whole.by_sku
        given: list[GiftLine] = []
        room = gift.most
        for sku, part in by_goods.items():
            earned = part.cases // gift.buy * gift.give
            wanted = earned if room is None else min(earned, room)
            found = self._gift_line(policy, gift, sku, wanted, part.lines, given) if wanted else None
            if found is not None:
                given.append(found)
                room = None if room is None else room - found.quantity
        if not given:
            self._tell(policy, Because.USED_UP if self._is_used_up(policy) else Because.STEP)
            return None
        bottles = _bottles(given)
        worth = _list_value(given) or bottles
        return _Offer(policy, worth, tuple(given), bottles)

    def _gift_line(
        self, policy: Policy, gift: Gift, sku: str, wanted: int, lines: Sequence[CartLine], before: list[GiftLine]
    ) -> GiftLine | None:
        goods = self.cart.gift_goods.get(sku) or _as_gift(lines, sku)
        if goods is None:
            return None
        each = to_bottles(1, gift.unit, goods.bottles_per_case)
        wanted = min(wanted, MAX_BOTTLES // each)
        is_much = goods.case_price * each * wanted > MAX_MINOR * goods.bottles_per_case
        if is_much or policy.code in self.context.left:
            wanted = self._gift_within(policy, goods, each, wanted, before)
        if wanted <= 0:
            return None
        bought = tuple(sorted({line.sku for line in lines}))
        worth = half_up(goods.case_price * each * wanted, goods.bottles_per_case)
        return GiftLine(policy.code, policy.version, policy.name, sku, gift.unit, wanted, wanted * each, worth, bought)

    def _gift_within(self, policy: Policy, goods: GiftGoods, each: int, wanted: int, before: Sequence[GiftLine]) -> int:
        """How many of the ``wanted`` units, of ``each`` bottles, are left to give after what was given ``before``."""
        left_bottles, left = self._left_bottles(policy), self._left_amount(policy)
        if left_bottles is not None:
            wanted = min(wanted, (left_bottles - _bottles(before)) // each)
        value = Fraction(goods.case_price * each, goods.bottles_per_case)
        return min(wanted, units_within(MAX_MINOR if left is None else left - _list_value(before), value, wanted))

    # Stage 4: the buyer's pool

    def offset(self, policies: Sequence[Policy]) -> None:
        """The pool pays its share, the best policy of every group first, never more than is in it or was wanted."""
        context = self.context
        pool = context.rebate_pool if context.rebate_wanted is None else min(context.rebate_pool, context.rebate_wanted)
        for offer in self._best_of_groups(policies, self._offset_of):
            standing = self.parts[offer.policy.code].standing(self.amounts)
            off = min(offer.worth, pool, sum(standing))
            if off <= 0:
                self._tell(offer.policy, Because.NOTHING_TO_TAKE if pool else Because.EMPTY_POOL)
                continue
            pool -= off
            self._use(offer.policy, off)
            self._take_together(Stage.REBATE, offer.policy, off, standing)

    def _offset_of(self, policy: Policy) -> _Offer | None:
        if not isinstance(policy.reward, RebateOffset):
            raise TypeError(policy.reward)
        eligible = sum(self.parts[policy.code].standing(self.after_tier))
        worth, left = eligible * policy.reward.cap_bp // WHOLE_BP, self._left_amount(policy)
        worth = worth if left is None else min(worth, left)
        if worth == 0:
            self._tell(policy, Because.USED_UP if left == 0 else Because.NOTHING_TO_TAKE)
            return None
        return _Offer(policy, worth)

    # The answer

    def evaluation(self) -> Evaluation:
        """Lines in the order they were given, tax line by line."""
        lines = tuple(
            EvaluatedLine(
                line.line_no,
                line.amount,
                self.after_flash[line.line_no],
                self.after_tier[line.line_no],
                self.amounts[line.line_no],
                vat_inside(self.amounts[line.line_no], line.tax_rate_bp),
                tuple(self.steps[line.line_no]),
            )
            for line in self.cart.lines
        )
        uses = tuple(
            Use(code, self.versions[code], amount, bottles)
            for code, (amount, bottles) in sorted(self.used.items())
            if amount or bottles
        )
        told = tuple(self.told[code] for code in sorted(self.told))
        return Evaluation(lines, tuple(self.gifts), uses, told, tuple(self._floor_breaks()))

    def _floor_breaks(self) -> Iterable[FloorBreak]:
        """Lines under their red line: amount after stages 1–3 (4 where the brand says so) ÷ bottles paid and given."""
        if all(line.floor is None for line in self.cart.lines):
            return
        tested = self.amounts if self.context.floor_includes_rebate else self.after_tier
        nets = net_parts(self.cart.lines, self.gifts, tested)
        for line in self.cart.lines:
            paid, units = nets.get(line.line_no, (0, 0))
            if line.floor is not None and units and paid < line.floor * units:
                yield FloorBreak(line.line_no, line.sku, half_up(paid, units), line.floor)


def _bottles(gifts: Iterable[GiftLine]) -> int:
    return sum(one.bottles for one in gifts)


def _list_value(gifts: Iterable[GiftLine]) -> int:
    return sum(one.list_value for one in gifts)


def _as_gift(lines: Sequence[CartLine], sku: str) -> GiftGoods | None:
    """The bought goods themselves as a gift, at the list price of a case where they are bought by the case."""
    own = [line for line in lines if line.sku == sku]
    if not own:
        return None
    priced = [line.unit_price for line in own if line.unit.value == "CASE"]
    return GiftGoods(sku, own[0].bottles_per_case, max(priced, default=0))
