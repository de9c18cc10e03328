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


def test_the_tree_opens_level_by_level(cast: Cast) -> None:
    (root,) = selectors.top_branches(cast.rep)
    assert (root.code, root.children, root.below) == ("ROOT", 2, 4)
    assert {(one.code, one.children, one.below) for one in root.branches} == {("C2", 0, 0), ("P1", 1, 2)}
    assert [(one.code, one.below) for one in selectors.branches_below(cast.rep, "P1")] == [("C1", 1)]
    (own,) = selectors.top_branches(cast.admin_c1)
    assert (own.code, [one.code for one in own.branches]) == ("C1", ["T1"])
    assert selectors.branches_below(cast.admin_c1, "P1") == []


def test_what_was_sought_stands_below_those_above_it(cast: Cast) -> None:
    (root,) = selectors.found_branches(cast.rep, DealerFilter(tier="TERMINAL")) or []
    path = []
    while True:
        path.append((root.code, root.is_found))
        if not root.branches:
            break
        (root,) = root.branches
    assert path == [("ROOT", False), ("P1", False), ("C1", False), ("T1", True)]
    assert selectors.found_branches(cast.rep, DealerFilter(), most=3) is None
    assert selectors.found_branches(cast.rep, DealerFilter(text="没有的")) == []
    assert selectors.tier_counts(cast.rep) == {"PROVINCIAL": 1, "CITY": 2, "TERMINAL": 1}


def test_a_house_knows_its_own_addresses(cast: Cast) -> None:
    assert [address.region_code for address in selectors.own_addresses(cast.buyer_c1)] == ["370100"]
