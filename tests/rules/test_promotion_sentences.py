"""What a policy says of itself is complete: every kind of reward, every condition and limit has its words."""

from datetime import UTC, datetime

from core.kernel.quantity import Unit
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
from ordering.promotions.rules.sentences import Several, Words, headline, sentence
from ordering.promotions.rules.terms import KINDS, Limits, Terms, policy_of, terms_of

REWARDS: tuple[Reward, ...] = (
    PercentOff(500),
    FixedPrice(20_990, Unit.CASE),
    Ladder(Measure.AMOUNT, (TierStep(1_000_000, off=20_000), TierStep(2_000_000, off_bp=300))),
    Bundle({"A": 2, "B": 1}, 300_000),
    Gift(10, 1, Unit.BOTTLE, "A", 5),
    RebateOffset(800),
)
DAYS = Audience(datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC))


def test_every_kind_has_words() -> None:
    assert {Terms("x", DAYS, Goods(), reward).kind for reward in REWARDS} == set(KINDS)
    for reward in REWARDS:
        assert isinstance(headline(Terms("x", DAYS, Goods(), reward)), Words | Several)


def test_every_condition_and_limit_is_a_sentence_of_its_own() -> None:
    bare = Terms("x", DAYS, Goods(), PercentOff(500))
    assert len(sentence(bare)) == 2
    whole = Terms(
        "x",
        Audience(DAYS.starts_at, DAYS.ends_at, first_order_only=True),
        Goods(without=frozenset({"A"})),
        PercentOff(500),
        group="G",
        limits=Limits(1, 2, 3, 4),
        needs_coupon=True,
        brand_share_bp=5_000,
    )
    told = sentence(whole)
    assert len(told) == 2 + 3 + 4
    assert all(isinstance(part, Words) for part in told)


def test_a_document_says_what_its_terms_say() -> None:
    for reward in REWARDS:
        audience = Audience(
            DAYS.starts_at, DAYS.ends_at, frozenset({"CITY"}), frozenset({"370000"}), dealers=frozenset({"C1"})
        )
        terms = Terms("名", audience, Goods(frozenset({"A"})), reward, "name", "G", 3, Limits(9), True, 0, False)
        assert terms_of(terms.document()) == terms


def test_a_policy_that_needs_a_coupon_asks_for_its_own_code() -> None:
    terms = Terms("x", DAYS, Goods(), PercentOff(500), needs_coupon=True)
    assert policy_of("FLASH", 1, terms).audience.coupon == "FLASH"
