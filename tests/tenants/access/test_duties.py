"""The table of roles keeps the duties apart: one pair of hands does not ask, agree and count the money."""

import itertools
from collections.abc import Callable

import pytest

from core.kernel.actor import Actor, Side
from core.kernel.errors import OutOfScope
from dms.dealers.services.settings import ChangePaperRules, change_paper_rules
from tenants.access.errors import DutiesCollide
from tenants.access.roles import (
    ADMINISTRATORS,
    CODES,
    CONFLICTS,
    PARTNER_WORDS,
    ROLE_CODES,
    ROLE_WORDS,
    SIDE_ROLES,
    apart_in,
    codes_of,
)
from tenants.access.services import change_seat
from tenants.brands.services import ChangeLook, change_look, require_second_factor
from tests.cast import Cast


def test_every_role_of_the_handbook_is_there() -> None:
    brand = {"admin", "product", "pricing", "sales_admin", "region_manager", "rep", "finance", "warehouse"}
    brand |= {"inspector", "analyst", "auditor"}
    assert SIDE_ROLES[Side.BRAND] == {f"brand_{role}" for role in brand}
    dealer = {"dealer_admin", "dealer_buyer", "dealer_finance", "dealer_warehouse", "dealer_rep", "dealer_driver"}
    assert SIDE_ROLES[Side.DEALER] == dealer | {"outlet_owner", "outlet_clerk", "outlet_clerk_unpriced"}
    assert len(PARTNER_WORDS) == 4
    assert not PARTNER_WORDS.keys() & (ROLE_CODES.keys() | ROLE_WORDS.keys()), "partners have names, no seats"


@pytest.mark.parametrize("role", sorted(set(ROLE_CODES) - ADMINISTRATORS))
def test_no_role_but_an_administrators_breaks_a_duty(role: str) -> None:
    assert [sorted(pair) for pair in CONFLICTS if pair <= ROLE_CODES[role]] == []


def test_conflicts_are_pairs_of_codes_that_exist() -> None:
    assert all(len(pair) == 2 and pair <= CODES for pair in CONFLICTS)


def test_who_places_for_a_dealer_confirms_nothing_and_who_confirms_makes_no_prices() -> None:
    assert "orders.place" in ROLE_CODES["brand_rep"]
    confirmers = {role for role in SIDE_ROLES[Side.BRAND] - ADMINISTRATORS if "orders.approve" in ROLE_CODES[role]}
    assert confirmers == {"brand_sales_admin", "brand_region_manager"}
    for role in confirmers:
        assert not ROLE_CODES[role] & {"orders.place", "prices.edit", "ledger.pay_in", "ledger.set_limit"}


def test_inspector_and_auditor_stand_apart() -> None:
    assert apart_in(["brand_inspector", "brand_rep"]) == {"brand_inspector", "brand_rep"}
    assert apart_in(["brand_inspector", "brand_region_manager"])
    for role in SIDE_ROLES[Side.BRAND] - {"brand_auditor"}:
        assert apart_in(["brand_auditor", role])
    assert apart_in(["brand_inspector", "brand_analyst"]) == frozenset()
    assert all(code.endswith(".read") for code in ROLE_CODES["brand_auditor"] | ROLE_CODES["brand_analyst"])


def test_a_clerk_sees_purchase_prices_unless_the_owner_says_otherwise() -> None:
    assert ROLE_CODES["outlet_clerk"] - ROLE_CODES["outlet_clerk_unpriced"] == {"prices.purchase"}
    without = {"dealer_warehouse", "dealer_rep", "dealer_driver", "outlet_clerk_unpriced"}
    assert {role for role in SIDE_ROLES[Side.DEALER] if "prices.purchase" not in ROLE_CODES[role]} == without


def test_a_seat_is_not_given_roles_that_meet(cast: Cast) -> None:
    collisions = 0
    for one, other in itertools.combinations(sorted(SIDE_ROLES[Side.BRAND] - ADMINISTRATORS), 2):
        held = codes_of((one, other))
        if apart_in((one, other)) or any(pair <= held for pair in CONFLICTS):
            collisions += 1
            with pytest.raises(DutiesCollide):
                change_seat(actor=cast.admin, seat_id=cast.seats["product"].pk, roles=[one, other])
    assert collisions > 10
    cast.seats["product"].refresh_from_db()
    assert cast.seats["product"].roles == ["brand_product"]


@pytest.mark.parametrize(
    "act",
    [
        lambda actor: change_look(actor=actor, command=ChangeLook("新名", "", "新", "")),
        lambda actor: require_second_factor(actor=actor, on=False),
        lambda actor: change_paper_rules(actor=actor, command=ChangePaperRules((), accepts_verified=False)),
    ],
    ids=["look", "second factor", "papers"],
)
def test_a_limited_administrator_leaves_the_whole_houses_rules_alone(
    cast: Cast, act: Callable[[Actor], object]
) -> None:
    cast.seat_limited()
    with pytest.raises(OutOfScope):
        act(cast.actor("admin_qingdao"))
