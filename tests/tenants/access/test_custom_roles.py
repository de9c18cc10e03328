"""Roles of the brand's own: codes of one side, no break of duties, in force at the next request."""

import pytest

from core.kernel.actor import Side
from core.kernel.errors import Missing, NotPermitted
from tenants.access.actors import actor_of_seat_id
from tenants.access.errors import DutiesCollide, NotForARole, RoleInUse, RolesNotOfSide, RoleTaken
from tenants.access.models import CustomRole
from tenants.access.rights import rights_on
from tenants.access.services import change_role, change_seat, close_seat, make_role, retire_role
from tests.cast import Cast
from tests.tenants.access.offers import lent, offered


def made(cast: Cast, *codes: str, name: str = "查价", side: Side = Side.BRAND) -> CustomRole:
    """A role of the brand's own."""
    return make_role(actor=cast.admin, name=name, side=side, codes=codes or ("prices.read", "catalogue.read"))


def codes_of_rep(cast: Cast) -> frozenset[str]:
    """What the representative may do now."""
    actor = actor_of_seat_id(cast.seats["rep"].pk)
    assert actor is not None
    return actor.codes


def test_a_seat_may_do_what_its_own_role_says_and_no_more(cast: Cast) -> None:
    role = made(cast)
    change_seat(actor=cast.admin, seat_id=cast.seats["rep"].pk, roles=[role.code])
    assert codes_of_rep(cast) == {"prices.read", "catalogue.read"}
    rights = rights_on(cast.seats["rep"].pk)
    assert rights is not None
    assert rights.role_words == ("查价",)
    change_role(actor=cast.admin, code=role.code, name="看货", codes=["catalogue.read"])
    assert codes_of_rep(cast) == {"catalogue.read"}


def test_what_no_role_of_ones_own_carries(cast: Cast) -> None:
    for codes in ((), ("access.edit",), ("no.code",)):
        with pytest.raises(NotForARole):
            make_role(actor=cast.admin, name="x", side=Side.BRAND, codes=codes)
    with pytest.raises(NotForARole):
        made(cast, "settings.edit", side=Side.DEALER)
    with pytest.raises(DutiesCollide):
        made(cast, "orders.place", "orders.approve")
    assert not CustomRole.objects.exists()


def test_two_roles_break_a_duty_together(cast: Cast) -> None:
    placing = made(cast, "orders.place", name="开单")
    with pytest.raises(DutiesCollide):
        change_seat(actor=cast.admin, seat_id=cast.seats["rep"].pk, roles=[placing.code, "brand_sales_admin"])
    harmless = made(cast, "stock.read", name="看库存")
    roles = [harmless.code, "brand_sales_admin"]
    change_seat(actor=cast.admin, seat_id=cast.seats["rep"].pk, roles=roles)
    with pytest.raises(DutiesCollide):
        change_role(actor=cast.admin, code=harmless.code, name="看库存", codes=["stock.read", "prices.edit"])
    assert "prices.edit" not in codes_of_rep(cast)


def test_a_role_is_of_one_side(cast: Cast) -> None:
    role = made(cast, "orders.read", side=Side.DEALER)
    with pytest.raises(RolesNotOfSide):
        change_seat(actor=cast.admin, seat_id=cast.seats["rep"].pk, roles=[role.code])
    change_seat(actor=cast.admin_c1, seat_id=cast.seats["buyer_c1"].pk, roles=[role.code])


def test_a_role_in_use_stays(cast: Cast) -> None:
    role = made(cast)
    change_seat(actor=cast.admin, seat_id=cast.seats["rep"].pk, roles=[role.code])
    with pytest.raises(RoleInUse):
        retire_role(actor=cast.admin, code=role.code)
    close_seat(actor=cast.admin, seat_id=cast.seats["rep"].pk)
    offered(cast, roles=[role.code])
    with pytest.raises(RoleInUse):
        retire_role(actor=cast.admin, code=role.code)


def test_a_retired_role_is_gone_and_its_name_free(cast: Cast) -> None:
    role = made(cast)
    with pytest.raises(RoleTaken):
        made(cast)
    retire_role(actor=cast.admin, code=role.code)
    with pytest.raises(Missing):
        change_role(actor=cast.admin, code=role.code, name="x", codes=["orders.read"])
    made(cast)


def test_only_the_brands_administrators_make_roles(cast: Cast) -> None:
    with pytest.raises(NotPermitted):
        make_role(actor=cast.sales_admin, name="x", side=Side.BRAND, codes=["orders.read"])
    with pytest.raises(Missing):
        make_role(actor=cast.admin_c1, name="x", side=Side.DEALER, codes=["orders.read"])


def test_a_role_of_ones_own_does_not_arm_an_auditor(cast: Cast) -> None:
    writing = made(cast, "orders.approve", name="审批")
    with pytest.raises(DutiesCollide):
        change_seat(actor=cast.admin, seat_id=cast.seats["auditor"].pk, roles=["brand_auditor", writing.code])
    reading = made(cast, "orders.read", name="查单")
    change_seat(actor=cast.admin, seat_id=cast.seats["auditor"].pk, roles=["brand_auditor", reading.code])
    with pytest.raises(DutiesCollide):
        change_role(actor=cast.admin, code=reading.code, name="查单", codes=["orders.read", "orders.approve"])


def test_a_role_does_not_grow_to_meet_what_was_lent(cast: Cast) -> None:
    role = made(cast, "orders.read", name="查单")
    change_seat(actor=cast.admin, seat_id=cast.seats["rep"].pk, roles=[role.code])
    lent(cast, "sales_admin", "rep", "orders.approve")
    with pytest.raises(DutiesCollide):
        change_role(actor=cast.admin, code=role.code, name="查单", codes=["orders.read", "orders.place"])
