"""The engine: PRICE-01 to the fen, every stage alone, and what must hold whatever the world looks like."""

from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.kernel.money import MAX_MINOR, half_up
from core.kernel.quantity import Unit
from ordering.promotions.rules.engine import evaluate
from ordering.promotions.rules.hints import lost_steps
from ordering.promotions.rules.measures import units_within
from ordering.promotions.rules.outcome import Because, Evaluation
from ordering.promotions.rules.policies import (
    Audience,
    Bundle,
    Cart,
    CartLine,
    Context,
    FixedPrice,
    Gift,
    GiftGoods,
    Goods,
    Ladder,
    Left,
    Measure,
    PercentOff,
    Policy,
    RebateOffset,
    TierStep,
)

AT = datetime(2026, 1, 12, 2, tzinfo=UTC)
ALWAYS = Audience(AT - timedelta(days=1), AT + timedelta(days=1))
BUYER = Context("C1", "CITY", ("370102", "370100", "370000", "CN"), "TRADITIONAL", AT, rebate_pool=3_500_000)


def line(number: int, sku: str, quantity: int, price: int, **more: Any) -> CartLine:
    """A line of cases."""
    facts: dict[str, Any] = {
        "product_line": sku,
        "aroma": "NONG",
        "unit": Unit.CASE,
        "bottles_per_case": 6,
        "tax_rate_bp": 1300,
    } | more
    return CartLine(line_no=number, sku=sku, quantity=quantity, unit_price=price, amount=quantity * price, **facts)


def policy(code: str, reward: Any, **more: Any) -> Policy:
    """A policy for everybody and everything, unless told."""
    return Policy(
        **({"code": code, "version": 1, "name": code, "audience": ALWAYS, "goods": Goods(), "reward": reward} | more)
    )


def of(*skus: str) -> Goods:
    """These SKUs alone."""
    return Goods(skus=frozenset(skus))


L1 = line(1, "L1", 100, 198_000, floor=178_000)
L2 = line(2, "L2", 30, 358_800, floor=320_000, aroma="JIANG")
L3 = line(3, "L3", 200, 21_600, bottles_per_case=12, floor=19_800)
PRICE_01 = (
    policy("FLASH-L1", PercentOff(500), goods=of("L1")),
    policy("FLASH-L3", FixedPrice(20_990, Unit.CASE), goods=of("L3")),
    policy("TIER", Ladder(Measure.AMOUNT, (TierStep(23_000_000, off=500_000),)), goods=of("L1", "L3")),
    policy("GIFT", Gift(10, 1), goods=of("L2")),
    policy("REBATE", RebateOffset(800), goods=of("L1", "L2")),
)
CART = Cart((L1, L2, L3))


def test_price_01_to_the_fen() -> None:
    found = evaluate(CART, PRICE_01, BUYER)
    assert [one.listed for one in found.lines] == [19_800_000, 10_764_000, 4_320_000]
    assert [one.after_flash for one in found.lines] == [18_810_000, 10_764_000, 4_198_000]
    assert [one.after_tier for one in found.lines] == [18_401_229, 10_764_000, 4_106_771]
    assert [one.rebate for one in found.lines] == [1_472_098, 861_120, 0]
    assert [one.payable for one in found.lines] == [16_929_131, 9_902_880, 4_106_771]
    assert [one.tax for one in found.lines] == [1_947_599, 1_139_269, 472_460]
    assert (found.total, found.tax) == (30_938_782, 3_559_328)
    (gift,) = found.gifts
    assert (gift.sku, gift.quantity, gift.bottles, gift.list_value) == ("L2", 3, 18, 1_076_400)
    assert found.floor_breaks == ()
    assert {one.policy: (one.amount, one.bottles) for one in found.uses} == {
        "FLASH-L1": (990_000, 600),
        "FLASH-L3": (122_000, 2_400),
        "TIER": (500_000, 0),
        "GIFT": (1_076_400, 18),
        "REBATE": (2_333_218, 0),
    }


def test_net_unit_prices_of_price_01_are_those_of_the_floor_test() -> None:
    """1,840.12, 3,261.82 and 205.34 a case: a floor one fen above each is broken by that line alone."""
    floors = {"L1": 184_012, "L2": 326_182, "L3": 20_534}
    for sku, net in floors.items():
        lines = tuple(one._replace(floor=net + 1 if one.sku == sku else None) for one in CART.lines)
        (found,) = evaluate(Cart(lines), PRICE_01, BUYER).floor_breaks
        assert (found.sku, found.net, found.floor) == (sku, net, net + 1)
        lines = tuple(one._replace(floor=net if one.sku == sku else None) for one in CART.lines)
        broken = evaluate(Cart(lines), PRICE_01, BUYER).floor_breaks
        assert [one.sku for one in broken] in ([], [sku])  # a net price of 20,533.86 rounds up to its floor


def test_a_gift_of_bought_goods_lowers_their_net_price_whatever_else_is_in_the_cart() -> None:
    """Ten cases at 100.00 and ten given are 50.00 a case; a bottle of something else beside them changes nothing."""
    own = line(1, "X", 10, 10_000, product_line="A", floor=9_000)
    other = line(2, "Y", 1, 100, product_line="A", unit=Unit.BOTTLE)
    fixed = line(3, "Z", 10, 9_000, product_line="B")
    ten_for_ten = Gift(10, 10, Unit.CASE)
    goods = Goods(product_lines=frozenset({"A"}))
    for rows in ((own,), (own, other), (own, fixed)):
        found = evaluate(Cart(rows), [policy("G", ten_for_ten, goods=goods)], BUYER)
        assert [(one.sku, one.net, one.floor) for one in found.floor_breaks] == [("X", 5_000, 9_000)]
    for_others = policy("G", Gift(10, 10, Unit.CASE, "X"), goods=of("Z"))
    cart = Cart((own, fixed), gift_goods={"X": GiftGoods("X", 6, 10_000)})
    found = evaluate(cart, [for_others], BUYER)
    assert [(one.sku, one.net) for one in found.floor_breaks] == [("X", 5_000)]


def test_price_01_with_a_deeper_flash_on_l3_loses_the_later_tier_and_keeps_the_order_of_stages() -> None:
    """L3 at 200.00: L1 + L3 come to 228,100.00, under 230,000.00. Nobody reorders the stages to mend it."""
    deeper = policy("FLASH-L3", FixedPrice(20_000, Unit.CASE), goods=of("L3"))
    offers = [deeper if one.code == "FLASH-L3" else one for one in PRICE_01]
    found = evaluate(CART, offers, BUYER)
    assert found.because("TIER") is Because.STEP
    assert [one.after_flash for one in found.lines] == [18_810_000, 10_764_000, 4_000_000]
    assert [one.after_tier for one in found.lines] == [18_810_000, 10_764_000, 4_000_000], (
        "each stage takes, none gives"
    )
    assert [one.rebate for one in found.lines] == [1_504_800, 861_120, 0]
    assert found.total == 18_810_000 + 10_764_000 + 4_000_000 - 2_365_920 == 31_208_080
    assert found.total > evaluate(CART, PRICE_01, BUYER).total
    assert [one.policy for one in lost_steps(CART, offers, found)] == ["TIER"], "the buyer is told"


def test_takes_the_gift_away_with_the_quantity() -> None:
    def gifts(quantity: int) -> int:
        found = evaluate(Cart((line(1, "L2", quantity, 100),)), PRICE_01, BUYER)
        return sum(one.quantity for one in found.gifts)

    assert [gifts(quantity) for quantity in (9, 10, 19, 20, 30)] == [0, 1, 1, 2, 3]


def test_of_several_flash_policies_each_line_takes_the_best_one() -> None:
    offers = (policy("A", PercentOff(500)), policy("B", FixedPrice(90, Unit.CASE)), policy("C", PercentOff(900)))
    found = evaluate(Cart((line(1, "X", 10, 100), line(2, "Y", 10, 1000))), offers, BUYER)
    assert [one.after_flash for one in found.lines] == [900, 900]
    assert (found.because("A"), found.because("B"), found.because("C")) == (
        Because.BETTER,
        Because.GIVEN,
        Because.BETTER,
    )


def test_a_case_price_never_divides_into_bottles() -> None:
    loose = line(1, "X", 6, 20, unit=Unit.BOTTLE)
    found = evaluate(Cart((loose,)), [policy("A", FixedPrice(60, Unit.CASE))], BUYER)
    assert (found.total, found.because("A")) == (120, Because.GOODS)


def test_a_flash_quantity_is_given_to_its_last_unit_and_the_rest_costs_the_list_price() -> None:
    left = replace(BUYER, left={"A": Left(bottles=20)})  # three cases of six, and two bottles nobody can use
    found = evaluate(Cart((line(1, "X", 10, 100),)), [policy("A", FixedPrice(60, Unit.CASE))], left)
    assert found.total == 3 * 60 + 7 * 100
    assert found.uses[0].bottles == 18
    used_up = replace(BUYER, left={"A": Left(bottles=5)})
    found = evaluate(Cart((line(1, "X", 10, 100),)), [policy("A", FixedPrice(60, Unit.CASE))], used_up)
    assert (found.total, found.because("A")) == (1000, Because.USED_UP)


def test_a_budget_is_spent_to_the_last_fen() -> None:
    tier = policy("T", Ladder(Measure.CASES, (TierStep(10, off=500),)))
    for left, total in ((None, 500), (501, 500), (499, 501), (1, 999), (0, 1000)):
        context = replace(BUYER, left={"T": Left(amount=left)})
        assert evaluate(Cart((line(1, "X", 10, 100),)), [tier], context).total == total


def test_gifts_never_cost_more_together_than_is_left_however_a_unit_rounds() -> None:
    """A case of 0.98 in sixes: a bottle is 0.1633…, six of them 0.98 and not six times 0.16."""
    cart = Cart((line(1, "L1", 6, 98),))
    gift = policy("G", Gift(6, 6, Unit.BOTTLE))
    for left, bottles, amount in ((98, 6, 98), (97, 5, 82), (96, 5, 82), (16, 1, 16), (15, 0, 0)):
        found = evaluate(cart, [gift], replace(BUYER, left={"G": Left(left)}))
        assert [(one.bottles, one.amount) for one in found.uses] == ([(bottles, amount)] if bottles else [])


@given(st.integers(0, 20_000), st.integers(0, 3_000), st.integers(1, 24), st.integers(0, 60))
def test_a_budget_of_gifts_holds_the_most_that_fits_and_no_more(budget: int, price: int, pack: int, most: int) -> None:
    found = units_within(budget, Fraction(price, pack), most)
    assert found == max(n for n in range(most + 1) if half_up(price * n, pack) <= budget)


def test_no_gift_is_larger_than_an_order_can_hold() -> None:
    cart = Cart((line(1, "L1", 1_000, 198_000),))
    (gift,) = evaluate(cart, [policy("G", Gift(1, 100_000_000, Unit.CASE))], BUYER).gifts
    assert (gift.bottles, gift.list_value) == (99_999_996, 16_666_666 * 198_000)
    dear = Cart((line(1, "L1", 1_000, 8_000_000_000_000),))
    (gift,) = evaluate(dear, [policy("G", Gift(1, 100_000_000, Unit.CASE))], BUYER).gifts
    assert gift.quantity == 1_125
    assert gift.list_value == MAX_MINOR


def test_steps_by_cases_amount_and_skus() -> None:
    two = Cart((line(1, "X", 9, 100), line(2, "Y", 6, 100, unit=Unit.BOTTLE)))  # ten cases, 1,500, two SKUs

    def total(what: Measure, *steps: TierStep, repeats: bool = False) -> int:
        return evaluate(two, [policy("T", Ladder(what, steps, repeats))], BUYER).total

    assert total(Measure.CASES, TierStep(5, off=10), TierStep(10, off=30), TierStep(11, off=70)) == 1470
    assert total(Measure.AMOUNT, TierStep(1500, off_bp=1000), TierStep(1501, off_bp=2000)) == 1350
    assert total(Measure.SKUS, TierStep(2, off=50), TierStep(3, off=90)) == 1450
    assert total(Measure.AMOUNT, TierStep(400, off=20), repeats=True) == 1440


def test_one_of_a_group_gives_and_groups_add_up() -> None:
    steps = {code: Ladder(Measure.CASES, (TierStep(1, off=off),)) for code, off in (("A", 10), ("B", 30), ("C", 5))}
    offers = [policy(code, steps[code], group="G" if code in "AB" else "") for code in steps]
    found = evaluate(Cart((line(1, "X", 1, 100),)), offers, BUYER)
    assert (found.total, found.because("A")) == (65, Because.BETTER)


def test_no_line_falls_below_zero_however_much_is_promised() -> None:
    offers = [policy(code, Ladder(Measure.CASES, (TierStep(1, off=80),))) for code in ("A", "B")]
    found = evaluate(Cart((line(1, "X", 1, 100),)), [*offers, policy("R", RebateOffset(10_000))], BUYER)
    assert (found.total, [one.amount for one in found.uses]) == (0, [80, 20])


def test_a_bundle_costs_its_price_and_the_rest_the_list_price() -> None:
    both = Cart((line(1, "X", 5, 100), line(2, "Y", 2, 50), line(3, "Z", 1, 7)))
    found = evaluate(both, [policy("B", Bundle({"X": 2, "Y": 1}, 200))], BUYER)
    assert found.total == 2 * 200 + 100 + 7
    assert evaluate(Cart((line(1, "X", 5, 100),)), [policy("B", Bundle({"X": 2, "Y": 1}, 200))], BUYER).total == 500


@pytest.mark.parametrize(
    ("more", "lacking"),
    [
        ({"ends_at": AT}, "time"),
        ({"tiers": frozenset({"COUNTY"})}, "tier"),
        ({"regions": frozenset({"320000"})}, "region"),
        ({"channels": frozenset({"KA"})}, "channel"),
        ({"labels": frozenset({"core"})}, "label"),
        ({"dealers": frozenset({"C2"})}, "dealer"),
        ({"first_order_only": True}, "first_order"),
        ({"coupon": "NEW"}, "coupon"),
    ],
)
def test_says_what_the_buyer_lacks(more: dict[str, Any], lacking: str) -> None:
    found = evaluate(CART, [policy("A", PercentOff(100), audience=replace(ALWAYS, **more))], BUYER)
    assert (found.told[0].because, found.told[0].detail) == (Because.AUDIENCE, lacking)
    assert found.total == 34_884_000


def test_a_price_made_by_hand_takes_part_in_nothing() -> None:
    manual = line(1, "L1", 100, 198_000)._replace(is_manual=True)
    assert evaluate(Cart((manual,)), PRICE_01, BUYER).total == 19_800_000


# What holds in every world

skus = st.sampled_from(["L1", "L2", "L3", "L4"])
goods = st.builds(
    Goods,
    skus=st.frozensets(skus, max_size=2),
    aromas=st.frozensets(st.sampled_from(["NONG", "JIANG"]), max_size=1),
    without=st.frozensets(skus, max_size=1),
)
tier_steps = st.lists(
    st.builds(TierStep, start=st.integers(1, 60_000), off=st.integers(0, 30_000), off_bp=st.integers(0, 10_000)),
    min_size=1,
    max_size=3,
    unique_by=lambda one: one.start,
).map(tuple)
rewards = st.one_of(
    st.builds(PercentOff, st.integers(1, 10_000)),
    st.builds(FixedPrice, st.integers(1, 2_000), st.sampled_from(Unit)),
    st.builds(Ladder, st.sampled_from(Measure), tier_steps, st.booleans()),
    st.builds(Bundle, st.dictionaries(skus, st.integers(1, 3), min_size=1, max_size=2), st.integers(1, 9_000)),
    st.builds(
        Gift, st.integers(1, 5), st.integers(1, 3), st.sampled_from(Unit), st.just(""), st.none() | st.integers(1, 4)
    ),
    st.builds(RebateOffset, st.integers(1, 10_000)),
)
policies = st.lists(
    st.builds(
        Policy,
        code=st.text("ABCDEFGH", min_size=1, max_size=3),
        version=st.just(1),
        name=st.just("P"),
        audience=st.just(ALWAYS),
        goods=goods,
        reward=rewards,
        group=st.sampled_from(["", "G"]),
        rank=st.integers(0, 2),
    ),
    max_size=8,
    unique_by=lambda one: one.code,
)
lines = st.lists(
    st.tuples(skus, st.sampled_from(Unit), st.integers(1, 40), st.integers(1, 3_000), st.booleans()),
    max_size=6,
    unique_by=lambda one: one[:2],
).map(
    lambda rows: tuple(
        line(n, sku, quantity, price, unit=unit, is_manual=manual, aroma="JIANG" if sku == "L2" else "NONG", floor=100)
        for n, (sku, unit, quantity, price, manual) in enumerate(rows, start=1)
    )
)
lefts = st.dictionaries(
    st.text("ABCDEFGH", min_size=1, max_size=1),
    st.builds(Left, st.none() | st.integers(0, 5_000), st.none() | st.integers(0, 60)),
)


def told_of(found: Evaluation) -> tuple[Any, ...]:
    """Everything but the lines' order."""
    return (
        sorted((one.line_no, one.listed, one.payable, one.tax, one.steps) for one in found.lines),
        found.gifts,
        found.uses,
        found.told,
        sorted((one.line_no, one.net) for one in found.floor_breaks),
    )


@given(lines, policies, lefts, st.randoms(use_true_random=False))
def test_the_order_of_lines_and_of_policies_does_not_matter(
    rows: tuple[CartLine, ...], offers: list[Policy], left: dict[str, Left], chance: Any
) -> None:
    context = replace(BUYER, left=left)
    shuffled, others = list(rows), list(offers)
    chance.shuffle(shuffled)
    chance.shuffle(others)
    found = evaluate(Cart(rows), offers, context)
    assert told_of(found) == told_of(evaluate(Cart(tuple(shuffled)), others, context))
    assert (found.total, found.tax) == (sum(one.payable for one in found.lines), sum(one.tax for one in found.lines))


twins = st.lists(
    st.tuples(skus, st.sampled_from(Unit), st.integers(1, 12), st.integers(100, 103), st.sampled_from([0, 600, 1_300])),
    max_size=6,
).map(
    lambda rows: tuple(
        line(n, sku, quantity, price, unit=unit)._replace(tax_rate_bp=rate)
        for n, (sku, unit, quantity, price, rate) in enumerate(rows, start=1)
    )
)
"""Lines that may name the same goods again, at the same or at another price and tax."""


@given(twins, policies, lefts, st.randoms(use_true_random=False))
def test_lines_of_the_same_goods_cost_the_same_in_any_order_tax_included(
    rows: tuple[CartLine, ...], offers: list[Policy], left: dict[str, Left], chance: Any
) -> None:
    shuffled = list(rows)
    chance.shuffle(shuffled)
    moved = tuple(one._replace(line_no=place) for place, one in enumerate(shuffled, start=1))

    def told(cart: tuple[CartLine, ...]) -> tuple[Any, ...]:
        found = evaluate(Cart(cart), offers, replace(BUYER, left=left))
        pairs = zip(cart, found.lines, strict=True)
        costs = sorted((*one.key, one.tax_rate_bp, done.payable, done.tax) for one, done in pairs)
        return costs, found.total, found.tax, found.gifts, found.uses

    assert told(rows) == told(moved)


@given(lines, policies, lefts)
def test_evaluating_again_comes_to_the_same_and_changes_nothing_it_was_given(
    rows: tuple[CartLine, ...], offers: list[Policy], left: dict[str, Left]
) -> None:
    cart, context = Cart(rows), replace(BUYER, left=left, rebate_pool=777)
    before = deepcopy((cart, offers, context))
    first = evaluate(cart, offers, context)
    assert evaluate(cart, offers, context) == first
    assert (cart, offers, context) == before
    spent = {one.policy: Left(one.amount, one.bottles or None) for one in first.uses if one.policy in left}
    exactly = replace(context, left={**left, **spent})
    again = evaluate(cart, [one for one in offers if first.because(one.code) is Because.GIVEN], exactly)
    assert [one.payable for one in again.lines] == [one.payable for one in first.lines]


@given(lines, policies, lefts)
def test_no_stage_raises_an_amount_and_none_falls_below_zero(
    rows: tuple[CartLine, ...], offers: list[Policy], left: dict[str, Left]
) -> None:
    found = evaluate(Cart(rows), offers, replace(BUYER, left=left))
    by_number = {one.line_no: one for one in rows}
    for one in found.lines:
        assert one.listed >= one.after_flash >= one.after_tier >= one.payable >= 0
        assert all(step.before >= step.after >= 0 for step in one.steps)
        assert sum(step.off for step in one.steps) == one.listed - one.payable
        if by_number[one.line_no].is_manual:
            assert one.payable == one.listed


@given(lines, policies, lefts)
def test_nothing_is_given_beyond_what_is_left_nor_beyond_the_pool(
    rows: tuple[CartLine, ...], offers: list[Policy], left: dict[str, Left]
) -> None:
    context = replace(BUYER, left=left, rebate_pool=777)
    found = evaluate(Cart(rows), offers, context)
    assert found.rebate <= 777
    for use in found.uses:
        limit = left.get(use.policy, Left())
        assert limit.amount is None or use.amount <= limit.amount
        assert limit.bottles is None or use.bottles <= limit.bottles
    for gift in found.gifts:
        reward = next(one.reward for one in offers if one.code == gift.policy)
        assert isinstance(reward, Gift)
        assert reward.most is None or sum(g.quantity for g in found.gifts if g.policy == gift.policy) <= reward.most


@given(lines, policies, lefts)
def test_every_policy_is_told_what_became_of_it(
    rows: tuple[CartLine, ...], offers: list[Policy], left: dict[str, Left]
) -> None:
    found = evaluate(Cart(rows), offers, replace(BUYER, left=left))
    assert [one.policy for one in found.told] == sorted(one.code for one in offers)
    given_something = {use.policy for use in found.uses}
    assert given_something == {one.policy for one in found.told if one.because is Because.GIVEN}


@given(lines, policies)
def test_a_policy_alone_never_costs_more_than_none(rows: tuple[CartLine, ...], offers: list[Policy]) -> None:
    for offer in offers:
        assert evaluate(Cart(rows), [offer], BUYER).total <= evaluate(Cart(rows), [], BUYER).total
