"""Many at once, and words among colleagues: one refused does not stop the others, nothing is done twice."""

import pytest

from core.events.models import Event
from core.kernel.errors import DomainError, Missing, NotPermitted
from ordering.orders.models import Order, StaffNote
from ordering.orders.selectors.deeds import last_deeds, staff_notes
from ordering.orders.services import AddNote, Approve, Reject, add_note, approve_each, reject
from tests.cast import Cast
from tests.ordering.orders.placed import placed_number


def test_each_order_is_decided_by_itself(cast: Cast) -> None:
    first, gone, second = (placed_number(cast, (3, 1)) for _ in range(3))
    reject(actor=cast.region_manager, command=Reject(gone, "缺货"))
    wanted = [Approve(first, 1), Approve(gone, 1), Approve("SO-NONE"), Approve(second, 1), Approve(first, 1)]
    found = approve_each(actor=cast.sales_admin, commands=wanted)
    assert [(one.number, one.refusal.code if one.refusal else "") for one in found] == [
        (first, ""),
        (gone, "conflict.version"),
        ("SO-NONE", "missing"),
        (second, ""),
    ]
    assert set(Order.objects.filter(status="CONFIRMED").values_list("number", flat=True)) == {first, second}


def test_the_second_time_everything_is_refused_and_who_did_it_is_known(cast: Cast) -> None:
    number = placed_number(cast, (3, 1))
    approve_each(actor=cast.sales_admin, commands=[Approve(number, 1)])
    (again,) = approve_each(actor=cast.region_manager, commands=[Approve(number, 1)])
    assert not again.is_done
    deed = last_deeds(cast.region_manager, [number])[number]
    assert (deed.kind, deed.person_name, deed.version) == ("ordering.order_approved.v1", "销售内勤", 2)
    assert Event.objects.filter(kind="ordering.order_approved.v1").count() == 1


def test_refuses_a_role_without_the_right_before_anything(cast: Cast) -> None:
    number = placed_number(cast, (3, 1))
    with pytest.raises(NotPermitted):
        approve_each(actor=cast.rep, commands=[Approve(number)])
    assert last_deeds(cast.buyer_c2, [number]) == {}


def test_a_note_stays_among_the_sellers_people(cast: Cast) -> None:
    number = placed_number(cast, (3, 1))
    add_note(actor=cast.finance, command=AddNote(number, "  客户说周五打款 "))
    order = Order.objects.get(number=number)
    (note,) = staff_notes(cast.sales_admin, order.pk, order.seller_id)
    assert (note.text, note.person_name) == ("客户说周五打款", "品牌财务")
    assert staff_notes(cast.buyer_c1, order.pk, order.seller_id) == ()
    told = Event.objects.get(kind="ordering.staff_note_added.v1")
    assert (told.payload, told.buyer_id, told.aggregate_type) == ({"order": number}, None, "staff_note")


def test_refuses_an_empty_note_the_buyer_and_who_only_reads(cast: Cast) -> None:
    number = placed_number(cast, (3, 1))
    with pytest.raises(DomainError, match=r"order\.note"):
        add_note(actor=cast.finance, command=AddNote(number, " "))
    with pytest.raises(NotPermitted):
        add_note(actor=cast.actor("auditor"), command=AddNote(number, "看过"))
    with pytest.raises(Missing):
        add_note(actor=cast.actor("admin_c1"), command=AddNote(number, "我们自己的单"))
    assert not StaffNote.objects.exists()
