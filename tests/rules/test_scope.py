"""What a seat's limits hold, as values: regions with everything inside them, subtrees, product lines."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.kernel import regions
from core.kernel.actor import Actor, Scope, Side
from core.kernel.errors import OutOfScope
from core.kernel.regions.register import everything

CODES = st.sampled_from([place.code for place in everything()] + ["CN"])


@given(CODES, CODES)
def test_a_region_holds_what_contains_says(outer: str, inner: str) -> None:
    assert (inner in regions.within(outer)) is regions.contains(outer, inner)


def test_an_unknown_region_holds_nothing_and_opens_nothing() -> None:
    assert regions.within("999999") == frozenset()
    scope = Scope(regions=("999999",))
    assert not scope.covers_region("370100")
    assert not scope.covers_region("")


def test_no_limit_holds_everything() -> None:
    for scope in (Scope(), Scope(regions=("CN",)), Scope(regions=("370100", "CN"))):
        assert not scope.is_limited
        assert scope.covers_region("")
        assert scope.covers_dealer(path="/1/", region_code="650000")
        assert scope.covers_line("ANY")


def test_limits_hold_together() -> None:
    scope = Scope(regions=("370100",), product_lines=("A",), dealer_subtree_id=5)
    assert scope.covers_dealer(path="/1/5/7/", region_code="370102")
    assert not scope.covers_dealer(path="/1/5/7/", region_code="370200")
    assert not scope.covers_dealer(path="/1/15/7/", region_code="370102")
    assert scope.covers_line("A")
    assert not scope.covers_line("B")


@pytest.mark.parametrize(("code", "meets"), [("370000", True), ("370102", True), ("CN", True), ("370200", False)])
def test_a_wider_region_is_met_and_not_held(code: str, meets: bool) -> None:
    assert Scope(regions=("370100",)).meets_region(code) is meets


def test_what_concerns_the_whole_house_needs_a_seat_without_limits() -> None:
    nobody = UUID(int=0)
    facts = (nobody, "甲", nobody, Side.BRAND, 1, "杏禾", frozenset[str](), "t_xinghe", None)
    Actor(*facts).require_unlimited()
    with pytest.raises(OutOfScope):
        Actor(*facts, Scope(product_lines=("A",))).require_unlimited()
