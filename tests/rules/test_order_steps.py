"""The next step of a line's ladder is told only where ordering that much makes a unit really cheaper."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from core.kernel.quantity import Unit
from ordering.orders.rules.checks import AskedLine, CheckedLine, Terms, checked_lines
from ordering.orders.rules.evaluating import cart_lines, with_evaluation
from ordering.orders.rules.steps import NextStep, next_steps
from ordering.pricing.rules import Offer, Step
from ordering.promotions.rules.engine import evaluate
from ordering.promotions.rules.policies import (
    Bundle,
    Cart,
    Context,
    FixedPrice,
    Ladder,
    Left,
    Measure,
    PercentOff,
    Policy,
    TierStep,
)
from tests.rules.test_promotions import BUYER, of, policy

LADDER = {Unit.CASE: (Step(1, 1, 22_800), Step(2, 50, 22_500), Step(3, 100, 22_200))}
TERMS = Terms(minimum_amount=0, tax_rate_bp=1300, requires_licence=False, requires_grant=False)


def offer(code: str, multiple: int = 1) -> Offer:
    """A product on the shelf that is ordered by ``multiple`` cases."""
    return Offer(7, code, "光瓶", 6, "ON", "CASE", multiple, 3, "CLASSIC", 1, "NAT", LADDER)


OFFERS = {code: offer(code) for code in "AB"}


def steps(
    quantities: dict[str, int],
    policies: Sequence[Policy] = (),
    context: Context = BUYER,
    free: int | None = None,
    offers: dict[str, Offer] | None = None,
) -> dict[str, NextStep]:
    """The steps told for a cart of these quantities, by product."""
    asked = [AskedLine(number, code, quantity) for number, (code, quantity) in enumerate(quantities.items(), start=1)]
    listed = checked_lines(asked, offers or OFFERS, TERMS)
    cart = Cart(cart_lines(listed))
    lines: tuple[CheckedLine, ...] = with_evaluation(listed, evaluate(cart, policies, context))
    found = next_steps([line._replace(free_bottles=free) for line in lines], cart, policies, context)
    return {line.sku_code: found[line.line_no] for line in lines if line.line_no in found}


def test_without_policies_the_list_says_it() -> None:
    assert steps({"A": 40}) == {"A": NextStep(50, 22_500, 300)}
    assert steps({"A": 50}) == {"A": NextStep(100, 22_200, 300)}
    assert steps({"A": 100}) == {}


def test_a_step_that_lowers_nothing_is_not_told() -> None:
    """光瓶大曲 at a flash price of 199.00: no step of its list lies below that, for this buyer."""
    flash = policy("FLASH", FixedPrice(19_900, Unit.CASE), goods=of("A"))
    assert steps({"A": 40, "B": 40}, [flash]) == {"B": NextStep(50, 22_500, 300)}
    for_outlets = replace(flash, audience=replace(flash.audience, tiers=frozenset({"TERMINAL"})))
    assert steps({"A": 40}, [for_outlets]) == {"A": NextStep(50, 22_500, 300)}


def test_net_price_and_saving_are_those_after_policies() -> None:
    assert steps({"A": 40}, [policy("TENTH", PercentOff(1_000))]) == {"A": NextStep(50, 20_250, 270)}
    ladder = policy("CASES", Ladder(Measure.CASES, (TierStep(50, off_bp=1_000),)))
    assert steps({"A": 40}, [ladder]) == {"A": NextStep(50, 20_250, 2_550)}, "the step reaches another one"


def test_a_unit_that_grows_dearer_by_what_is_left_is_no_gain() -> None:
    """A flash price for what is left of it, 40 cases: more of them come at the list's price."""
    flash = policy("FLASH", FixedPrice(19_900, Unit.CASE))
    assert steps({"A": 40}, [flash], replace(BUYER, left={"FLASH": Left(bottles=240)})) == {}


def test_a_bundle_already_lower_than_the_next_step_hides_it() -> None:
    bundle = policy("SET", Bundle({"A": 20, "B": 20}, 600_000))
    assert steps({"A": 40, "B": 40}, [bundle]) == {}


def test_goods_that_are_not_there_lead_nowhere_and_multiples_are_kept() -> None:
    assert steps({"A": 40}, free=299) == {}
    assert steps({"A": 40}, free=300) == {"A": NextStep(50, 22_500, 300)}
    eights = {"A": offer("A", multiple=8)}
    assert steps({"A": 40}, offers=eights) == {"A": NextStep(56, 22_500, 300)}


def test_a_cart_that_takes_too_long_says_less_and_nothing_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ordering.orders.rules.steps.MOST_WORK", 1)
    percent = policy("TENTH", PercentOff(1_000), goods=of("A"))
    assert steps({"A": 40, "B": 40}, [percent]) == {"B": NextStep(50, 22_500, 300)}
