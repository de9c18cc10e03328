"""tight_goods: a policy that leaves no margin between the tiers says so before it is approved."""

from dataclasses import replace

from core.kernel import clock
from core.kernel.actor import Scope
from core.kernel.quantity import Unit
from ordering.promotions.rules.policies import FixedPrice, Goods, PercentOff
from ordering.promotions.selectors import SimulatedLine
from ordering.promotions.selectors.squeezes import tight_goods, tight_goods_of
from tests.cast import Cast
from tests.clients import signed_in
from tests.factories.policies import make_policy, make_terms
from tests.ordering.watching import statements


def test_one_price_for_all_tiers_leaves_no_margin_and_a_draft_says_so(cast: Cast) -> None:
    code = cast.skus[1].code
    terms = make_terms("FLAT", FixedPrice(100_000, Unit.CASE), goods=Goods(skus=frozenset({code})))
    with statements() as seen:
        found = tight_goods_of(cast.pricing, "FLAT", terms)
    assert {(one.sku_code, one.squeeze.upper_bottle == one.squeeze.lower_bottle) for one in found} == {(code, True)}
    assert ("PROVINCIAL", "CITY") in {(one.squeeze.upper, one.squeeze.lower) for one in found}
    assert len(seen) <= 13
    assert tight_goods_of(replace(cast.pricing, scope=Scope(dealer_subtree_id=cast.p1.pk)), "FLAT", terms) == ()
    assert tight_goods_of(replace(cast.pricing, codes=frozenset()), "FLAT", terms) == ()
    over = replace(terms, audience=replace(terms.audience, ends_at=clock.now()))
    assert tight_goods_of(cast.pricing, "FLAT", over) == ()


def test_a_policy_is_blamed_for_what_it_has_a_part_in_alone(cast: Cast) -> None:
    code = cast.skus[1].code
    make_policy(cast.root, "FLAT", FixedPrice(100_000, Unit.CASE), goods=Goods(skus=frozenset({code})))
    other = make_terms("OTHER", PercentOff(100), goods=Goods(skus=frozenset({cast.skus[3].code})))
    lines = [SimulatedLine(code, 1)]
    assert tight_goods(cast.pricing, lines, at=clock.now())
    assert tight_goods(cast.pricing, lines, at=clock.now(), tried=("OTHER", other)) == ()


def test_the_policys_page_and_the_simulator_show_it(cast: Cast) -> None:
    code = cast.skus[1].code
    make_policy(cast.root, "FLAT", FixedPrice(100_000, Unit.CASE), goods=Goods(skus=frozenset({code})))
    desk = signed_in(cast.portal, cast.seats["pricing"])
    assert "层级间无价差" in desk.get("/console/promotions/policy/FLAT/").content.decode()
    asked = {"dealer": cast.c1.code, "lines": f"{code} 2"}
    assert "层级间无价差" in desk.post("/console/promotions/simulator/", asked).content.decode()
