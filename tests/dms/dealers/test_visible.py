"""Who sees which dealers."""

from dataclasses import replace

import pytest

from core.kernel.actor import Scope
from core.kernel.errors import DomainError
from dms.dealers import selectors
from dms.dealers.selectors import DealerFilter
from tests.cast import Cast


def _codes(cast: Cast, seat: str, **asked: str) -> list[str]:
    return [row.code for row in selectors.dealer_rows(cast.actor(seat), DealerFilter(**asked))]


def test_the_brand_sees_all_a_dealer_itself_and_who_hangs_below(cast: Cast) -> None:
    assert _codes(cast, "rep") == ["C1", "C2", "P1", "T1"]
    assert _codes(cast, "admin_c1") == ["C1", "T1"]


@pytest.mark.parametrize(
    ("asked", "codes"),
    [
        ({"text": "qcmj"}, ["C1"]),
        ({"text": "zzzz"}, []),
        ({"tier": "CITY"}, ["C1", "C2"]),
        ({"status": "SUSPENDED"}, []),
        ({"region_code": "370000"}, ["C1", "C2", "P1", "T1"]),
        ({"region_code": "370100"}, ["C1", "T1"]),
        ({"region_code": "370102"}, ["T1"]),
        ({"below_code": "P1"}, ["C1", "P1", "T1"]),
        ({"below_code": "NO"}, []),
    ],
)
def test_narrows(cast: Cast, asked: dict[str, str], codes: list[str]) -> None:
    assert _codes(cast, "rep", **asked) == codes


def test_a_scope_narrows_staff_too(cast: Cast) -> None:
    manager = replace(cast.region_manager, scope=Scope(regions=("370200",)))
    assert {row.code for row in selectors.dealers_visible_to(manager)} == {"ROOT", "C2"}
    manager = replace(cast.region_manager, scope=Scope(dealer_subtree_id=cast.c1.pk))
    assert {row.code for row in selectors.dealers_visible_to(manager)} == {"ROOT", "C1", "T1"}


def test_a_stranger_is_missing(cast: Cast) -> None:
    assert selectors.dealer(cast.admin_c1, "T1").pk == cast.t1.pk
    with pytest.raises(DomainError) as refusal:
        selectors.dealer(cast.admin_c1, "C2")
    assert refusal.value.code == "missing"


def test_the_tree_stands_parents_first(cast: Cast) -> None:
    nodes = [(node.code, node.depth, node.children) for node in selectors.tree(cast.rep)]
    assert nodes == [("ROOT", 0, 2), ("C2", 1, 0), ("P1", 1, 1), ("C1", 2, 1), ("T1", 3, 0)]
    assert [(node.code, node.depth) for node in selectors.tree(cast.admin_c1)] == [("C1", 0), ("T1", 1)]


def test_a_house_knows_its_own_addresses(cast: Cast) -> None:
    assert [address.region_code for address in selectors.own_addresses(cast.buyer_c1)] == ["370100"]
