"""Names of erased people stay on a transaction's record for three years, and go after them."""

from datetime import timedelta

import pytest

from core.db.acts import act, public
from core.events.models import Event
from core.events.services import record
from core.kernel import clock
from ordering.fulfilment.models import Shipment
from ordering.fulfilment.services import Receive, Ship, receive, ship
from ordering.fulfilment.tasks import KEPT, forget_names
from ordering.orders.events import ORDER_APPROVED
from ordering.orders.models import Order, StaffNote
from ordering.orders.services import (
    AddNote,
    AddToCart,
    Approve,
    CartLine,
    OrderedLine,
    PlaceOrder,
    add_note,
    add_to_cart,
    approve,
    place_order,
)
from tenants.people.erasing import NAMELESS, erased_people
from tenants.people.models import User
from tests.cast import Cast
from tests.factories.people import make_person


@pytest.fixture
def number(cast: Cast) -> str:
    """An order C1's buyer placed and signed for, approved by the sales desk and sent by the warehouse."""
    lines = (OrderedLine(cast.skus[1].code, 1),)
    placed = place_order(actor=cast.buyer_c1, command=PlaceOrder(lines=lines)).number
    approve(actor=cast.sales_admin, command=Approve(placed))
    sent = ship(actor=cast.warehouse, command=Ship(placed, cast.w1.code))
    receive(actor=cast.buyer_c1, command=Receive(sent.number))
    return str(placed)


def erased(*names: str) -> None:
    for name in names:
        person = make_person(name)
        with public():
            User.objects.filter(pk=person.pk).update(erased_at=clock.now(), is_active=False)


def names(number: str) -> tuple[str, str, str, str]:
    """Who placed, decided, sent and signed for it, as the rows say."""
    order, shipment = Order.objects.get(number=number), Shipment.objects.get(order__number=number)
    return order.placed_by_name, order.decided_by_name, shipment.shipped_by_name, shipment.signed_by_name


def test_within_three_years_they_stay(cast: Cast, number: str) -> None:
    before = names(number)
    erased(cast.buyer_c1.person_name, cast.sales_admin.person_name, cast.warehouse.person_name)
    with clock.at(clock.now() + KEPT - timedelta(days=1)):
        forget_names()
    assert names(number) == before
    assert all(before)


def test_after_three_years_they_go_and_others_stay(cast: Cast, number: str) -> None:
    _, decided_by, _, _ = names(number)
    erased(cast.buyer_c1.person_name, cast.warehouse.person_name)
    with clock.at(clock.now() + KEPT + timedelta(days=1)):
        forget_names()
    assert names(number) == (NAMELESS, decided_by, NAMELESS, NAMELESS)
    assert Order.objects.get(number=number).placed_by_id == cast.buyer_c1.person_id


def test_who_decided_is_found_by_the_event(cast: Cast, number: str) -> None:
    placed_by, _, shipped_by, signed_by = names(number)
    erased(cast.sales_admin.person_name)
    with clock.at(clock.now() + KEPT + timedelta(days=1)):
        forget_names()
    assert names(number) == (placed_by, NAMELESS, shipped_by, signed_by)


def test_who_wrote_a_note_among_colleagues_is_forgotten_with_the_order(cast: Cast, number: str) -> None:
    add_note(actor=cast.finance, command=AddNote(number, "周五打款"))
    erased(cast.finance.person_name)
    with clock.at(clock.now() + KEPT - timedelta(days=1)):
        forget_names()
    assert StaffNote.objects.get().person_name == "品牌财务"
    with clock.at(clock.now() + KEPT + timedelta(days=1)):
        forget_names()
    assert (StaffNote.objects.get().person_name, StaffNote.objects.get().text) == (NAMELESS, "周五打款")


def test_a_cart_is_no_record(cast: Cast) -> None:
    add_to_cart(actor=cast.buyer_c1, command=AddToCart((CartLine(cast.skus[1].code, 1),)))
    erased(cast.buyer_c1.person_name)
    forget_names()
    assert Order.objects.get(status=Order.Status.DRAFT).placed_by_name == NAMELESS


def test_whose_decision_was_not_the_last_is_not_named_there(cast: Cast, number: str) -> None:
    """Two people decided one order: the name on it is the last one's, and stays when the first is erased."""
    first = Event.objects.get(kind=ORDER_APPROVED)
    with act():
        record(
            kind=ORDER_APPROVED,
            aggregate_type=first.aggregate_type,
            aggregate_id=number,
            version=first.aggregate_version + 1,
            actor=cast.admin,
            payload={},
        )
    Order.objects.filter(number=number).update(decided_by_name=cast.admin.person_name)
    erased(cast.sales_admin.person_name)
    with clock.at(clock.now() + KEPT + timedelta(days=1)):
        forget_names()
    assert names(number)[1] == cast.admin.person_name


def test_who_is_named_nowhere_any_more_is_not_looked_for_again(cast: Cast, number: str) -> None:
    erased(cast.buyer_c1.person_name, cast.rep.person_name)
    rep = make_person(cast.rep.person_name).pk
    forget_names()
    assert rep in erased_people(), "on the day of erasing a brand may not have heard of it"
    with clock.at(clock.now() + timedelta(days=2)):
        forget_names()
    assert erased_people() == [cast.buyer_c1.person_id]
    with clock.at(clock.now() + KEPT + timedelta(days=1)):
        forget_names()
        assert erased_people() == []
    assert names(number)[0] == NAMELESS
