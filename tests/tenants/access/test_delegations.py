"""Rights lent for an absence: a seat of their own, within what the giver has, for these days only."""

from datetime import timedelta

import pytest

from core.events.models import Event
from core.kernel import clock
from core.kernel.actor import Actor, Scope, Side
from core.kernel.errors import Missing, NotPermitted, OutOfScope
from core.messages.models import Message
from tenants.access.actors import actor_of_seat_id
from tenants.access.errors import ActingSeat, BadAbsence, DutiesCollide, NoColleague, NothingLent, OwnSeat
from tenants.access.events import RIGHTS_LENT, RIGHTS_RETURNED
from tenants.access.models import Delegation, Seat
from tenants.access.rights import rights_of_person
from tenants.access.roles import ROLE_CODES
from tenants.access.selectors import left_out_of, seat_ids_with, seats_visible_to
from tenants.access.services import (
    change_seat,
    close_seat,
    end_delegation,
    issue_token,
    make_role,
)
from tests.cast import Cast
from tests.factories.seats import make_seat
from tests.tenants.access.offers import lent, offered


def acting(delegation: Delegation) -> Actor:
    """The actor on the acting seat, which must be in force."""
    actor = actor_of_seat_id(delegation.seat_id)
    assert actor is not None
    return actor


def test_the_stand_in_gets_a_seat_with_the_lent_codes_and_the_givers_limits(cast: Cast) -> None:
    change_seat(actor=cast.admin, seat_id=cast.seats["finance"].pk, scope=Scope(regions=("370100",)))
    actor = acting(lent(cast, "finance", "warehouse", "ledger.read"))
    assert (actor.person_id, actor.acting_for) == (cast.warehouse.person_id, cast.finance.person_id)
    assert (actor.codes, actor.scope.regions) == (frozenset({"ledger.read"}), ("370100",))
    assert actor.stands_for(cast.finance.person_id)
    own = actor_of_seat_id(cast.seats["warehouse"].pk)
    assert own is not None
    assert (own.scope.regions, own.can("ledger.read")) == ((), False)
    assert len(rights_of_person(cast.warehouse.person_id)) == 2


def test_it_lasts_for_its_days_only(cast: Cast) -> None:
    seat_id = lent(cast, "finance", "warehouse", "ledger.read", days=(1, 3)).seat_id
    for days, is_there in ((0, False), (1, True), (2, True), (3, False)):
        with clock.at(clock.now() + timedelta(days=days)):
            assert (actor_of_seat_id(seat_id) is not None) is is_there


def test_what_the_giver_loses_the_stand_in_loses(cast: Cast) -> None:
    delegation = lent(cast, "finance", "warehouse", "ledger.read", "orders.read")
    change_seat(actor=cast.admin, seat_id=cast.seats["finance"].pk, roles=["brand_analyst"])
    assert acting(delegation).codes == {"ledger.read", "orders.read"} & ROLE_CODES["brand_analyst"]


@pytest.mark.parametrize("closed", ["finance", "warehouse"])
def test_it_ends_with_either_seat(cast: Cast, closed: str) -> None:
    delegation = lent(cast, "finance", "warehouse", "ledger.read")
    close_seat(actor=cast.admin, seat_id=cast.seats[closed].pk)
    assert actor_of_seat_id(delegation.seat_id) is None
    assert Seat.objects.get(pk=delegation.seat_id).status == Seat.Status.CLOSED
    assert Event.objects.filter(kind=RIGHTS_RETURNED).count() == 1


@pytest.mark.parametrize("by", ["finance", "warehouse", "admin"])
def test_giver_receiver_and_administrator_end_it(cast: Cast, by: str) -> None:
    delegation = lent(cast, "finance", "warehouse", "ledger.read")
    end_delegation(actor=cast.actor(by), delegation_id=delegation.pk)
    assert actor_of_seat_id(delegation.seat_id) is None
    with pytest.raises(Missing):
        end_delegation(actor=cast.actor(by), delegation_id=delegation.pk)


def test_nobody_else_ends_it(cast: Cast) -> None:
    delegation = lent(cast, "finance", "warehouse", "ledger.read")
    with pytest.raises(NotPermitted):
        end_delegation(actor=cast.rep, delegation_id=delegation.pk)
    with pytest.raises(Missing):
        end_delegation(actor=cast.admin_c1, delegation_id=delegation.pk)


def test_an_administrator_lends_for_somebody_absent_others_only_their_own(cast: Cast) -> None:
    lent(cast, "finance", "warehouse", "ledger.read", by="admin")
    with pytest.raises(NotPermitted):
        lent(cast, "finance", "warehouse", "ledger.read", by="rep")


def test_what_cannot_be_lent(cast: Cast) -> None:
    with pytest.raises(NothingLent):
        lent(cast, "finance", "warehouse", "settings.edit")
    with pytest.raises(NothingLent):
        lent(cast, "admin", "warehouse", "access.edit")
    for codes in (("orders.place",), ("orders.approve",)):
        receiver = "sales_admin" if codes == ("orders.place",) else "rep"
        with pytest.raises(DutiesCollide):
            lent(cast, "admin", receiver, *codes)
    with pytest.raises(DutiesCollide):
        lent(cast, "admin", "warehouse", "orders.place", "orders.approve")  # more than one pair of hands may hold
    assert not Delegation.objects.exists()


def test_only_inside_one_house_and_never_to_oneself(cast: Cast) -> None:
    for giver, receiver in (("finance", "finance_c1"), ("finance_c1", "buyer_c2"), ("finance", "finance")):
        with pytest.raises(NoColleague):
            lent(cast, giver, receiver, "ledger.read")
    with pytest.raises(Missing):
        lent(cast, "buyer_c2", "buyer_c2", "orders.read", by="admin_c1")


@pytest.mark.parametrize("days", [(2, 1), (0, 0), (-3, 0), (0, 93)])
def test_an_absence_has_an_end_in_sight(cast: Cast, days: tuple[int, int]) -> None:
    with pytest.raises(BadAbsence):
        lent(cast, "finance", "warehouse", "ledger.read", days=days)


def test_what_was_lent_goes_no_further(cast: Cast) -> None:
    actor = acting(lent(cast, "admin", "warehouse", "access.read", "ledger.read"))
    with pytest.raises(ActingSeat):
        issue_token(actor=actor, seat_id=actor.seat_id, name="x", codes=(), days=1)
    with pytest.raises(NotPermitted):
        make_role(actor=actor, name="x", side=Side.BRAND, codes=["orders.read"])
    with pytest.raises(ActingSeat):
        end_delegation(actor=actor, delegation_id=Delegation.objects.get().pk)
    assert actor.seat_id not in set(seats_visible_to(actor).values_list("pk", flat=True))


def test_own_rights_cannot_be_widened_through_the_acting_seat(cast: Cast) -> None:
    """Even a brand that lends everything does not lend the right to change seats; and own seats are out of reach."""
    offered(cast)
    actor = acting(lent(cast, "admin", "warehouse", "access.read"))
    with pytest.raises(NotPermitted):
        change_seat(actor=actor, seat_id=cast.seats["warehouse"].pk, roles=["brand_admin"])


def test_new_roles_do_not_meet_what_was_lent(cast: Cast) -> None:
    lent(cast, "sales_admin", "warehouse", "orders.approve")
    with pytest.raises(DutiesCollide):
        change_seat(actor=cast.admin, seat_id=cast.seats["warehouse"].pk, roles=["brand_pricing"])


def test_whom_to_tell_knows_who_stands_in(cast: Cast) -> None:
    delegation = lent(cast, "finance", "warehouse", "ledger.read")
    told = seat_ids_with(dealer_id=cast.root.pk, code="ledger.read", reaches=lambda scope: True)
    assert delegation.seat_id in told
    with clock.at(clock.now() + timedelta(days=8)):
        later = seat_ids_with(dealer_id=cast.root.pk, code="ledger.read", reaches=lambda scope: True)
    assert delegation.seat_id not in later


def test_the_trail_names_the_seats(cast: Cast) -> None:
    delegation = lent(cast, "finance", "warehouse", "ledger.read")
    event = Event.objects.get(kind=RIGHTS_LENT)
    assert event.aggregate_id == str(delegation.seat_id)
    assert event.payload["giver_seat_id"] == str(cast.seats["finance"].pk)
    assert not Message.objects.exists()  # an act of the past tells nobody


def test_no_administrator_serves_themselves_from_a_colleagues_rights(cast: Cast) -> None:
    with pytest.raises(OwnSeat):
        lent(cast, "sales_admin", "admin", "orders.approve", by="admin")
    assert not Delegation.objects.exists()


def test_a_limited_administrator_lends_nobodys_rights_but_their_own(cast: Cast) -> None:
    cast.seat_limited()
    with pytest.raises(OutOfScope):
        lent(cast, "sales_admin", "finance", "orders.read", by="admin_qingdao")
    assert not Delegation.objects.exists()


def test_nothing_that_writes_is_lent_to_an_auditor_and_no_approval_to_an_inspector(cast: Cast) -> None:
    inspector = make_seat(cast.portal, "稽查员", cast.root, "brand_inspector")
    cast.seats["inspector"] = inspector
    with pytest.raises(DutiesCollide):
        lent(cast, "warehouse", "auditor", "stock.adjust")
    with pytest.raises(DutiesCollide):
        lent(cast, "region_manager", "inspector", "orders.approve")
    assert acting(lent(cast, "region_manager", "inspector", "prices.read")).codes == {"prices.read"}


def test_an_absence_of_an_administrator_leaves_out_what_must_not_meet(cast: Cast) -> None:
    """Nothing named: all that the colleague may hold beside their own."""
    delegation = lent(cast, "admin", "sales_admin")
    assert {"orders.approve", "dealers.edit", "settings.edit"} <= set(delegation.codes)
    promotions = {"promotions.write", "promotions.approve"}  # nobody holds both
    apart = {"orders.place", "prices.edit", "ledger.pay_in", "ledger.set_limit"} | promotions
    assert set(left_out_of(delegation)) == apart
    to_finance = lent(cast, "admin", "finance")
    assert {"orders.approve", "orders.place"} <= set(left_out_of(to_finance)), "the finance's own stays"
    to_warehouse = lent(cast, "admin", "warehouse")
    assert set(left_out_of(to_warehouse)) == apart
    with pytest.raises(DutiesCollide):
        lent(cast, "admin", "warehouse", "orders.approve", "orders.place")
