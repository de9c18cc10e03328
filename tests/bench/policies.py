"""Two hundred live policies of every kind: most of them for everybody, every ninth with a budget.

Three exclusive groups of each kind: a line takes part in many policies and gets four or five of them.

They are drawn by a fixed chance, so that every run and every machine asks the same question.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace

from core.catalogue.models import Sku
from core.kernel.quantity import Unit
from dms.dealers.models import Dealer
from ordering.promotions.rules.policies import (
    Audience,
    Bundle,
    FixedPrice,
    Gift,
    Goods,
    Ladder,
    Measure,
    PercentOff,
    RebateOffset,
    Reward,
    TierStep,
)
from ordering.promotions.rules.terms import Limits, Terms
from tests.factories.policies import a_month, make_policy

COUNT = 200
NAMED_SKUS = 20
GROUPS = 3
LIMITED_EVERY, ELSEWHERE_EVERY = 9, 5
MUCH = 1_000_000_000_000
ROUND: tuple[str, ...] = ("percent", "percent", "percent", "fixed", "cases", "amount", "skus", "bundle", "gift", "gift")
REBATES = 4


def make_policies(root: Dealer, skus: Sequence[Sku]) -> None:
    """``COUNT`` policies of the brand over these goods, all of them live today."""
    for number, said in enumerate(terms(skus)):
        make_policy(
            root,
            f"P{number:03d}",
            said.reward,
            audience=said.audience,
            goods=said.goods,
            group=said.group,
            rank=said.rank,
            limits=said.limits,
        )


def terms(skus: Sequence[Sku]) -> Iterator[Terms]:
    """What the policies say."""
    chance = random.Random(5)
    for number in range(COUNT):
        is_rebate = number >= COUNT - REBATES
        word = "rebate" if is_rebate else ROUND[number % len(ROUND)]
        named = chance.sample(skus, NAMED_SKUS)
        limits = Limits(amount=MUCH) if number % LIMITED_EVERY == 4 else Limits()
        group = "rebates" if is_rebate else f"{word}-{number // len(ROUND) % GROUPS}"
        yield Terms(
            name=f"政策{number:03d}",
            audience=_audience(number),
            goods=_goods(word, named, chance),
            reward=_reward(word, named, chance),
            group=group,
            rank=chance.randrange(5),
            limits=limits,
        )


def _audience(number: int) -> Audience:
    """Every fifth speaks of other provinces; a third of the others names the tiers it is for."""
    everybody = a_month()
    if number % ELSEWHERE_EVERY == 0:
        return replace(everybody, regions=frozenset({"510000", "520000"}))
    if number % 3 == 0:
        return replace(everybody, tiers=frozenset({"PROVINCIAL", "CITY"}), regions=frozenset({"370000", "140000"}))
    return everybody


def _goods(word: str, named: Sequence[Sku], chance: random.Random) -> Goods:
    """Some SKUs, a product line, a fragrance, or everything; a fixed price always names its SKUs."""
    kind = "skus" if word == "fixed" else chance.choice(("skus", "skus", "line", "aroma", "all"))
    if word == "bundle" or kind == "all":
        return Goods()
    if kind == "skus":
        return Goods(skus=frozenset(sku.code for sku in named))
    if kind == "line":
        return Goods(product_lines=frozenset({f"L{chance.randrange(6)}"}))
    return Goods(aromas=frozenset({named[0].aroma}))


def _reward(word: str, named: Sequence[Sku], chance: random.Random) -> Reward:
    share = chance.randrange(50, 400)
    match word:
        case "percent":
            return PercentOff(share)
        case "fixed":
            return FixedPrice(chance.randrange(150_000, 170_000), Unit.CASE)
        case "cases":
            return Ladder(Measure.CASES, tuple(TierStep(start, off_bp=share) for start in (10, 50, 100, 1_000)))
        case "amount":
            steps = tuple(TierStep(start, off=start // 50) for start in (5_000_000, 50_000_000))
            return Ladder(Measure.AMOUNT, steps, repeats=chance.random() < 0.5)
        case "skus":
            return Ladder(Measure.SKUS, (TierStep(5, off_bp=share), TierStep(100, off_bp=share + 50)))
        case "bundle":
            return Bundle({sku.code: 1 for sku in named[:3]}, 400_000)
        case "gift":
            return Gift(20, 1) if chance.random() < 0.5 else Gift(20, 1, sku=named[0].code, most=10)
        case _:
            return RebateOffset(share)
