"""The landed price, stage by stage, and where the market inverts it."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest

from billing.ledger.permissions import Permission as LedgerPermission
from core.kernel.actor import Actor, Scope
from core.kernel.errors import DomainError, Missing, NotPermitted
from core.kernel.quantity import Unit
from dms.sellthrough.rules import Heard
from dms.sellthrough.services import record_quotes
from ordering.promotions.rules.policies import (
    Gift,
    Goods,
    Ladder,
    Measure,
    PercentOff,
    RebateOffset,
    Stage,
    TierStep,
)
from ordering.promotions.selectors.inversions import InversionFilter, market_inversions
from ordering.promotions.selectors.waterfall import NetAnswer, NetPrice, squeezed, waterfalls
from tests.cast import Cast
from tests.factories.policies import make_policy
from tests.ordering.watching import statements

TODAY = date(2026, 1, 12)


@pytest.fixture
def policies(cast: Cast) -> None:
    """Five percent off, 750 yuan off from 80,000 on, one case for ten, and eight percent from the pool."""
    make_policy(cast.root, "FLASH", PercentOff(500), goods=Goods(skus=frozenset({cast.skus[1].code})))
    make_policy(cast.root, "TIER", Ladder(Measure.AMOUNT, (TierStep(8_000_000, off=75_000),)))
    make_policy(cast.root, "GIFT", Gift(10, 1))
    make_policy(cast.root, "POOL", RebateOffset(800))


def of_tier(cast: Cast, tier: str, quantity: int = 50, *, sku: int = 1, region: str = "370100") -> NetAnswer:
    """The tier's answer."""
    code = cast.skus[sku].code
    found = waterfalls(cast.pricing, sku_code=code, quantity=quantity, region_code=region)
    return next(one for one in found if one.tier == tier)


def net(answer: NetAnswer) -> NetPrice:
    assert answer.net is not None
    return answer.net


@pytest.mark.usefixtures("policies")
def test_every_stage_takes_its_part(cast: Cast) -> None:
    found = net(of_tier(cast, "CITY"))
    assert (found.listed, found.after_flash, found.after_tier, found.payable) == (
        8_500_000,
        8_075_000,
        8_000_000,
        7_360_000,
    )
    assert (found.given_bottles, found.given_value, found.bottles) == (30, 0, 300)
    assert found.landed == Fraction(7_360_000, 330)
    assert (found.landed_amount, found.a_unit(found.listed)) == (133_818, 170_000)
    assert [(one.stage, one.policy, one.off) for one in found.steps] == [
        (Stage.FLASH, "FLASH", 425_000),
        (Stage.TIER, "TIER", 75_000),
        (Stage.GIFT, "GIFT", 850_000),
        (Stage.REBATE, "POOL", 640_000),
    ]


@pytest.mark.usefixtures("policies")
def test_each_tier_has_its_own_and_a_dealer_its_own_list_and_pool(cast: Cast) -> None:
    assert net(of_tier(cast, "PROVINCIAL")).listed == 198_000 * 50
    assert [one.tier for one in waterfalls(cast.pricing, sku_code=cast.skus[1].code, quantity=1)] == [
        "PROVINCIAL",
        "CITY",
        "COUNTY",
        "TERMINAL",
    ]
    (own,) = waterfalls(cast.admin, sku_code=cast.skus[1].code, quantity=50, dealer_code="C2")
    assert (net(own).list_code, net(own).listed, own.buyer_name) == ("C2", 168_000 * 50, cast.c2.name)
    assert net(own).payable == net(own).after_tier, "nothing is in its pool"


@pytest.mark.usefixtures("policies")
def test_what_is_in_a_dealers_pool_is_for_who_reads_the_ledger(cast: Cast) -> None:
    assert not cast.pricing.can(LedgerPermission.READ)
    (own,) = waterfalls(cast.pricing, sku_code=cast.skus[1].code, quantity=50, dealer_code="C2")
    assert net(own).payable == net(own).after_tier - net(own).after_tier * 800 // 10_000, "what the policy lets it pay"


def test_gifts_of_other_goods_count_by_their_list_value(cast: Cast) -> None:
    make_policy(cast.root, "OTHER", Gift(10, 2, sku=cast.skus[3].code))
    found = net(of_tier(cast, "CITY", 10))
    assert (found.given_bottles, found.given_value) == (0, 72_000)
    assert found.landed == Fraction(1_700_000 - 72_000, 60)


def test_what_a_tier_cannot_buy_says_why(cast: Cast) -> None:
    answer = of_tier(cast, "CITY", sku=5)
    assert (answer.net, answer.refusal.code if answer.refusal else "") == (None, "price.missing")
    with pytest.raises(Missing):
        waterfalls(cast.pricing, sku_code=cast.skus[1].code, quantity=1, dealer_code="T1")
    for actor in (cast.warehouse, cast.finance):
        with pytest.raises(NotPermitted):
            waterfalls(replace(actor, codes=actor.codes - {"prices.read"}), sku_code="X", quantity=1)


def quote(cast: Cast, amount: int, *, sku: int = 1, region: str = "370100", **more: object) -> Heard:
    said = Heard(cast.skus[sku].code, region, TODAY, Unit.BOTTLE, amount)
    return replace(said, **more)  # type: ignore[arg-type]  # by name


def inverted(actor: Actor, **asked: object) -> list[tuple[str, str, int]]:
    wanted = InversionFilter(**asked)  # type: ignore[arg-type]  # by name
    rows = market_inversions(actor, wanted, day=TODAY)
    return [(one.quote.sku_code, one.quote.region_code, one.ratio_permille) for one in rows]


@pytest.mark.usefixtures("policies")
def test_a_quote_below_the_landed_price_is_inverted(cast: Cast) -> None:
    code = cast.skus[1].code
    record_quotes(
        actor=cast.pricing,
        rows=[
            quote(cast, 22_000),
            quote(cast, 23_000, region="370200"),
            quote(cast, 30_000, region="CN"),
            quote(cast, 132_000, region="370000", unit=Unit.CASE),
        ],
    )
    assert inverted(cast.pricing) == [(code, "370000", 986), (code, "370100", 986)]
    assert inverted(cast.pricing, shown="thin")[2:] == [(code, "370200", 1031)]
    assert len(inverted(cast.pricing, shown="all")) == 4
    assert inverted(cast.pricing, region_code="370100") == [(code, "370100", 986)]
    assert inverted(cast.pricing, tier="PROVINCIAL", shown="all")[0][2] < 986


def test_exactly_the_landed_price_is_not_inverted(cast: Cast) -> None:
    record_quotes(actor=cast.pricing, rows=[quote(cast, 178_000, unit=Unit.CASE), quote(cast, 1, sku=5)])
    assert inverted(cast.pricing, cases=1) == []
    assert inverted(cast.pricing, cases=1, shown="all") == [(cast.skus[1].code, "370100", 1000)]
    record_quotes(actor=cast.pricing, rows=[quote(cast, 177_999, unit=Unit.CASE)])
    assert inverted(cast.pricing, cases=1) == [(cast.skus[1].code, "370100", 999)]


def test_old_quotes_and_other_currencies_are_left_out(cast: Cast) -> None:
    old = TODAY - timedelta(days=91)
    record_quotes(actor=cast.pricing, rows=[quote(cast, 1, quoted_on=old), quote(cast, 1, currency="USD", sku=2)])
    assert inverted(cast.pricing, shown="all") == []


def test_a_limited_seat_sees_its_own_ground_and_lines(cast: Cast) -> None:
    rows = [quote(cast, 1, region=region) for region in ("370100", "370200")]
    record_quotes(actor=cast.pricing, rows=rows)
    qingdao = replace(cast.region_manager, scope=Scope(regions=("370200",)))
    assert [region for _code, region, _ratio in inverted(qingdao)] == ["370200"]
    light = replace(cast.region_manager, scope=Scope(product_lines=("LIGHT",)))
    assert inverted(light) == []
    with pytest.raises(DomainError):
        inverted(cast.admin_c1)


def test_the_statements_grow_with_nothing(cast: Cast) -> None:
    record_quotes(actor=cast.pricing, rows=[quote(cast, 1)])
    inverted(cast.pricing)
    with statements() as few:
        inverted(cast.pricing)
    places = ("370100", "370102", "370200", "110000")
    rows = [quote(cast, 1, sku=number, region=place) for number in (2, 3, 4) for place in places]
    record_quotes(actor=cast.pricing, rows=rows)
    with statements() as many:
        inverted(cast.pricing)
    assert len(many) == len(few) == 4


def test_tiers_that_land_at_one_price_have_no_margin_between_them(cast: Cast) -> None:
    found = waterfalls(cast.pricing, sku_code=cast.skus[1].code, quantity=1)
    nets = {one.tier: one.net for one in found if one.net is not None}
    city = nets["CITY"]

    def told(**bottles: int) -> list[tuple[str, str]]:
        answers = [
            NetAnswer(tier, "", replace(city, tier=tier, payable=amount * city.bottles, given_bottles=0, given_value=0))
            for tier, amount in bottles.items()
        ]
        return [(one.upper, one.lower) for one in squeezed(answers)]

    assert told(PROVINCIAL=100, CITY=110, COUNTY=120) == []
    assert told(PROVINCIAL=100, CITY=100, COUNTY=90) == [("PROVINCIAL", "CITY"), ("CITY", "COUNTY")]
    assert told(PROVINCIAL=100, COUNTY=99) == [("PROVINCIAL", "COUNTY")], "a tier that cannot buy is passed over"
