"""simulate: a dealer's cart under what rules then, or under a draft; nothing is written."""

from datetime import timedelta

import pytest

from billing.ledger.permissions import Permission as LedgerPermission
from core.catalogue.models import Sku
from core.kernel import clock
from core.kernel.errors import DomainError, Missing
from core.kernel.quantity import Unit
from ordering.promotions.models import PolicyUse
from ordering.promotions.rules.outcome import Because
from ordering.promotions.rules.policies import Gift, PercentOff, RebateOffset
from ordering.promotions.rules.terms import Limits
from ordering.promotions.selectors import Simulate, SimulatedLine, simulate
from tests.cast import Cast
from tests.factories.policies import make_policy
from tests.ordering.promotions.planning import document
from tests.ordering.watching import statements, world


def lines(cast: Cast, *quantities: int) -> tuple[SimulatedLine, ...]:
    return tuple(SimulatedLine(cast.skus[number].code, many) for number, many in enumerate(quantities, start=1))


def test_tells_sums_share_and_gifts(cast: Cast) -> None:
    make_policy(cast.root, "FLASH", PercentOff(500))
    make_policy(cast.root, "GIFT", Gift(10, 1, sku=cast.skus[2].code))
    before = world()
    found = simulate(cast.pricing, Simulate("C1", lines(cast, 10)))
    assert world() == before
    assert not PolicyUse.objects.exists()
    assert (found.listed, found.discount, found.gift_value) == (1_700_000, 85_000, 108_000)
    assert found.evaluation.total == 1_615_000
    assert found.given_bp == 1_067
    (line,) = found.lines
    assert (line.unit, line.quantity, line.net, line.floor) == (Unit.CASE, 10, 161_500, None)
    assert [(gift.sku, gift.quantity) for gift in found.evaluation.gifts] == [(cast.skus[2].code, 1)]


def test_tries_a_draft_in_the_place_of_what_rules(cast: Cast) -> None:
    make_policy(cast.root, "FLASH", PercentOff(500), limits=Limits(amount=1))
    draft = document({"kind": "PERCENT_OFF", "off_bp": 1_000}, limits={"dealer_amount": 100_000})
    asked = Simulate("C1", lines(cast, 10), draft=draft, draft_of="FLASH")
    found = simulate(cast.pricing, asked)
    assert found.discount == 100_000
    assert found.at == clock.now() + timedelta(days=1), "when the draft begins"
    beside = simulate(cast.pricing, Simulate("C1", lines(cast, 10), draft=draft))
    assert beside.evaluation.because("FLASH") is Because.BETTER
    with pytest.raises(DomainError):
        simulate(cast.pricing, Simulate("C1", lines(cast, 10), draft=document({"kind": "PERCENT_OFF", "off_bp": 0})))


def test_counts_only_the_policies_named_and_those_of_the_day(cast: Cast) -> None:
    make_policy(cast.root, "FLASH", PercentOff(500))
    make_policy(cast.root, "OTHER", PercentOff(800))
    assert simulate(cast.pricing, Simulate("C1", lines(cast, 10), only=("FLASH",))).discount == 85_000
    assert simulate(cast.pricing, Simulate("C1", lines(cast, 10), only=())).discount == 0
    later = clock.now() + timedelta(days=40)
    assert simulate(cast.pricing, Simulate("C1", lines(cast, 10), at=later)).discount == 0


def test_tells_lines_without_a_price_and_refuses_strangers(cast: Cast) -> None:
    asked = (SimulatedLine("NONE", 1), SimulatedLine(cast.skus[5].code, 1), SimulatedLine(cast.skus[1].code, 1))
    found = simulate(cast.pricing, Simulate("C1", asked))
    assert [(fault.line, fault.code) for fault in found.faults] == [(1, "price.sku_unknown"), (2, "price.missing")]
    assert [line.line_no for line in found.lines] == [3]
    for seat, code in ((cast.pricing, "T1"), (cast.admin_c1, "C2"), (cast.buyer_c2, "C2")):
        with pytest.raises(Missing):
            simulate(seat, Simulate(code, asked))
    assert simulate(cast.admin_c1, Simulate("T1", lines(cast, 1))).listed == 208_000
    with pytest.raises(DomainError) as caught:
        simulate(cast.pricing, Simulate("C1", (SimulatedLine(cast.skus[1].code, 0),)))
    assert [(fault.line, fault.code) for fault in caught.value.problems()] == [(1, "policy.not_above_zero")]


def test_takes_as_many_statements_for_many_lines(cast: Cast) -> None:
    make_policy(cast.root, "FLASH", PercentOff(500))
    simulate(cast.pricing, Simulate("C1", lines(cast, 1)))
    counts = []
    for many in (lines(cast, 1), lines(cast, 5, 5, 5) * 20):
        with statements() as asked:
            simulate(cast.pricing, Simulate("C1", many))
        counts.append(len(asked))
    assert counts == [4, 4]


def test_gives_no_goods_that_are_off_the_shelf(cast: Cast) -> None:
    make_policy(cast.root, "GIFT", Gift(10, 1, sku=cast.skus[2].code))
    Sku.objects.filter(pk=cast.skus[2].pk).update(status="OFF")
    found = simulate(cast.pricing, Simulate("C1", lines(cast, 10)))
    assert found.evaluation.gifts == ()


def test_what_is_in_the_pool_is_for_who_reads_the_ledger(cast: Cast) -> None:
    make_policy(cast.root, "POOL", RebateOffset(1_000))
    asked = Simulate("C1", lines(cast, 10))
    assert not cast.pricing.can(LedgerPermission.READ)
    assert simulate(cast.pricing, asked).evaluation.rebate == 170_000, "what the policy lets a pool pay"
    assert simulate(cast.admin, asked).evaluation.rebate == 0, "nothing is in it"
