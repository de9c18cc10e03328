"""What a ladder or a bundle counts over the lines that take part, and what it takes off."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from math import lcm

from core.kernel.money import half_up
from ordering.promotions.rules.policies import Bundle, CartLine, Ladder, Measure, TierStep


def cases_of(lines: Iterable[CartLine]) -> int:
    """Whole cases of all lines together; loose bottles of one SKU make cases of that SKU's pack."""
    parts, whole = _parts_of_cases(lines)
    return parts // whole


def exact_cases_of(lines: Iterable[CartLine]) -> Fraction:
    """Cases of all lines together, the parts of a case as well."""
    return Fraction(*_parts_of_cases(lines))


def _parts_of_cases(lines: Iterable[CartLine]) -> tuple[int, int]:
    """So many parts of cases, and how many of them make one: in whole numbers, packs of several sizes together."""
    by_pack: dict[int, int] = {}
    for line in lines:
        pack = line.bottles_per_case
        by_pack[pack] = by_pack.get(pack, 0) + line.bottles
    if len(by_pack) == 1:
        ((pack, bottles),) = by_pack.items()
        return bottles, pack
    whole = lcm(*by_pack)
    return sum(bottles * (whole // pack) for pack, bottles in by_pack.items()), whole


def measure(what: Measure, lines: Sequence[CartLine], amounts: Mapping[int, int]) -> int:
    """Cases, minor units, or distinct SKUs of the lines."""
    if what is Measure.AMOUNT:
        return sum(amounts[line.line_no] for line in lines)
    return len({line.sku for line in lines}) if what is Measure.SKUS else cases_of(lines)


def step_reached(ladder: Ladder, measured: int) -> TierStep | None:
    """The highest step that is reached."""
    return max((step for step in ladder.steps if step.start <= measured), key=lambda step: step.start, default=None)


def next_step(ladder: Ladder, measured: int) -> TierStep | None:
    """The lowest step that is not reached; of a ladder that repeats the next full round."""
    missing = min((step for step in ladder.steps if step.start > measured), key=lambda step: step.start, default=None)
    reached = step_reached(ladder, measured)
    if ladder.repeats and reached is not None:
        rounds = measured // reached.start + 1
        return TierStep(reached.start * rounds, reached.off * rounds, reached.off_bp)
    return missing


def off_by_ladder(ladder: Ladder, measured: int, amount: int) -> int:
    """What the ladder takes off ``amount`` when so much was measured."""
    step = step_reached(ladder, measured)
    if step is None:
        return 0
    return step.reward(amount) + (step.off * (measured // step.start - 1) if ladder.repeats else 0)


def bundles_in(bundle: Bundle, lines: Sequence[CartLine], most_bottles: int | None = None) -> int:
    """How often the whole bundle is in the lines, and still may be given."""
    packs: dict[str, int] = {line.sku: line.bottles_per_case for line in lines}
    if set(packs) != set(bundle.parts):
        return 0
    bottles = _by_sku(lines)
    count = min(bottles[sku] // (cases * packs[sku]) for sku, cases in bundle.parts.items())
    if most_bottles is None:
        return count
    return min(count, most_bottles // sum(cases * packs[sku] for sku, cases in bundle.parts.items()))


def off_by_bundle(bundle: Bundle, count: int, lines: Sequence[CartLine], amounts: Mapping[int, int]) -> tuple[int, int]:
    """What ``count`` bundles take off, and their bottles. Each SKU's cases count at its average of the lines."""
    bottles, worth, taken = _by_sku(lines), 0, 0
    for sku, cases in bundle.parts.items():
        own = [line for line in lines if line.sku == sku]
        if not own:
            return 0, 0
        inside = count * cases * own[0].bottles_per_case
        worth += half_up(sum(amounts[line.line_no] for line in own) * inside, bottles[sku])
        taken += inside
    return max(worth - count * bundle.price, 0), taken


def units_within(budget: int, each: Fraction, most: int) -> int:
    """How many units at ``each`` minor units, at most ``most``, cost together no more than ``budget`` once rounded."""
    if not each:
        return most
    # half_up(each * n) <= budget, solved for n in whole numbers: the whole is rounded, not the unit
    return min(most, ((2 * budget + 1) * each.denominator - 1) // (2 * each.numerator))


def _by_sku(lines: Sequence[CartLine]) -> dict[str, int]:
    bottles: dict[str, int] = defaultdict(int)
    for line in lines:
        bottles[line.sku] += line.bottles
    return bottles
