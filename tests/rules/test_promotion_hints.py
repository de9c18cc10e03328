"""Hints: how far the next step is, the cheapest way to it (an oracle tries everything), and steps that were lost."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from core.kernel.quantity import Unit
from ordering.promotions.rules.engine import evaluate
from ordering.promotions.rules.hints import lost_steps, nudges
from ordering.promotions.rules.policies import (
    Cart,
    FixedPrice,
    Gift,
    Ladder,
    Left,
    Measure,
    PercentOff,
    Policy,
    TierStep,
)
from tests.rules.test_promotions import BUYER, CART, PRICE_01, line, of, policy


def test_a_deeper_flash_that_loses_the_tier_is_told() -> None:
    """PRICE-01 with L3 at 200.00: 228,100.00 of 230,000.00, so 5,000.00 are lost by the flash prices of L1 and L3."""
    deeper = policy("FLASH-L3", FixedPrice(20_000, Unit.CASE), goods=of("L3"))
    world = [deeper if one.code == "FLASH-L3" else one for one in PRICE_01]
    (lost,) = lost_steps(CART, world, evaluate(CART, world, BUYER))
    assert (lost.policy, lost.by, lost.start, lost.lost) == ("TIER", ("FLASH-L1", "FLASH-L3"), 23_000_000, 500_000)
    assert lost_steps(CART, PRICE_01, evaluate(CART, PRICE_01, BUYER)) == ()


def test_38_more_cases_reach_two_percent() -> None:
    """再订 38 箱享 2 %: of two lines the cheaper case leads there."""
    cart = Cart((line(1, "X", 50, 1_000), line(2, "Y", 12, 300)))
    world = [policy("T", Ladder(Measure.CASES, (TierStep(50, off_bp=100), TierStep(100, off_bp=200))))]
    (nudge,) = nudges(cart, world, BUYER, evaluate(cart, world, BUYER))
    assert (nudge.missing, nudge.line_no, nudge.add) == (38, 2, 38)
    assert nudge.gives == (50_000 + 50 * 300) * 2 // 100
    assert nudge.more == (50_000 + 50 * 300) * 98 // 100 - (50_000 + 12 * 300) * 99 // 100


def test_no_hint_for_a_step_that_is_far_or_not_there() -> None:
    cart = Cart((line(1, "X", 10, 100),))
    far = policy("FAR", Ladder(Measure.CASES, (TierStep(21, off=1),)))
    top = policy("TOP", Ladder(Measure.CASES, (TierStep(10, off=1),)))
    full = policy("FULL", Gift(5, 1, most=2))
    assert nudges(cart, [far, top, full], BUYER, evaluate(cart, [far, top, full], BUYER)) == ()


def test_the_next_gift_and_the_next_round_of_a_ladder_that_repeats() -> None:
    cart = Cart((line(1, "X", 19, 100),))
    gift, ladder = policy("G", Gift(10, 1)), policy("R", Ladder(Measure.CASES, (TierStep(10, off=7),), repeats=True))
    found = {one.policy: one for one in nudges(cart, [gift, ladder], BUYER, evaluate(cart, [gift, ladder], BUYER))}
    assert (found["G"].add, found["G"].gives) == (1, 200)
    assert (found["R"].add, found["R"].gives) == (1, 14)


def test_other_skus_are_missing_and_no_line_leads_there() -> None:
    cart = Cart((line(1, "X", 1, 100), line(2, "Y", 1, 100)))
    world = [policy("S", Ladder(Measure.SKUS, (TierStep(3, off=5),)))]
    (nudge,) = nudges(cart, world, BUYER, evaluate(cart, world, BUYER))
    assert (nudge.missing, nudge.line_no) == (1, None)


@given(
    st.lists(st.tuples(st.integers(1, 6), st.integers(1, 50)), min_size=1, max_size=3),
    st.sampled_from([Measure.CASES, Measure.AMOUNT]),
    st.integers(1, 300),
    st.integers(1, 200),
    st.integers(0, 5_000),
)
def test_the_way_told_is_the_cheapest_of_all(
    rows: list[tuple[int, int]], what: Measure, start: int, off: int, flash_bp: int
) -> None:
    cart = Cart(tuple(line(n, f"S{n}", quantity, price) for n, (quantity, price) in enumerate(rows, start=1)))
    world: list[Policy] = [policy("T", Ladder(what, (TierStep(start, off=off),)))]
    if flash_bp:
        world.append(policy("F", PercentOff(flash_bp), goods=of("S1")))
    found = evaluate(cart, world, BUYER)
    told = [one for one in nudges(cart, world, BUYER, found) if one.line_no is not None]
    for nudge in told:
        oracle = []
        for one in cart.lines:
            for add in range(1, 2 * start + 2):
                lines = tuple(
                    o._replace(quantity=o.quantity + add, amount=o.amount + add * o.unit_price) if o is one else o
                    for o in cart.lines
                )
                then = evaluate(Cart(lines), world, BUYER)
                if what is Measure.CASES:
                    reached = sum(o.quantity for o in lines)
                else:
                    reached = sum(o.after_flash for o in then.lines)
                if reached >= start:
                    oracle.append((then.total - found.total, add, one.line_no))
                    break
        assert (nudge.more, nudge.add, nudge.line_no) == min(oracle)


def test_the_three_nearest_are_told() -> None:
    cart = Cart((line(1, "X", 80, 100),))
    world = [policy(f"T{start}", Ladder(Measure.CASES, (TierStep(start, off=1),))) for start in (120, 81, 100, 90, 160)]
    told = nudges(cart, world, BUYER, evaluate(cart, world, BUYER))
    assert [one.policy for one in told] == ["T81", "T90", "T100"]


def test_a_budget_that_other_lines_eat_does_not_mislead() -> None:
    """The flash price has 30.00 left: X alone would take them all off, Y takes some of them already."""
    cart = Cart((line(1, "X", 10, 1_000), line(2, "Y", 10, 1_000)))
    flash = policy("F", PercentOff(2_000))
    ladder = policy("T", Ladder(Measure.AMOUNT, (TierStep(24_000, off=500),)))
    limited = replace(BUYER, left={"F": Left(3_000)})
    found = evaluate(cart, [flash, ladder], limited)
    (nudge,) = nudges(cart, [flash, ladder], limited, found)
    assert (nudge.add, nudge.more) == (7, 6_500)
