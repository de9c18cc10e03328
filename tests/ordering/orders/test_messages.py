"""Who is told when an order moves, and that acts of the past tell nobody."""

import pytest

from core.events.relay import relay
from core.kernel import clock
from core.messages.models import Message
from ordering.fulfilment.services import Receive, Ship, Wish, receive, ship
from ordering.orders.services import Approve, OrderedLine, PlacedOrder, PlaceOrder, Reject, approve, place_order, reject
from tests.cast import Cast
from tests.portals import XINGHE


@pytest.fixture
def now_cast(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Cast:
    """The cast, with acts that count as happening now although the clock stands still."""
    monkeypatch.setattr(clock, "is_fixed", lambda: False)
    return cast


def placed(cast: Cast) -> PlacedOrder:
    return place_order(actor=cast.buyer_c1, command=PlaceOrder(lines=(OrderedLine(cast.skus[1].code, 2),)))


def told(cast: Cast) -> dict[str, set[str]]:
    """Who (by the cast's names) was told what, in the portal."""
    relay(XINGHE.schema)
    names = {seat.pk: name for name, seat in cast.seats.items()}
    found: dict[str, set[str]] = {}
    for message in Message.objects.filter(way=Message.Way.IN_APP):
        found.setdefault(message.template, set()).add(names[message.seat_id])  # type: ignore[index]
    return found


def test_a_waiting_order_is_told_to_those_who_may_approve_it(now_cast: Cast) -> None:
    placed(now_cast)
    assert told(now_cast) == {"orders.waits": {"admin", "sales_admin", "region_manager"}}


def test_the_buyers_people_hear_of_the_decision(now_cast: Cast) -> None:
    approve(actor=now_cast.sales_admin, command=Approve(placed(now_cast).number))
    reject(actor=now_cast.sales_admin, command=Reject(placed(now_cast).number, "超出配额"))
    heard = told(now_cast)
    assert heard["orders.approved"] == heard["orders.rejected"] == {"admin_c1", "buyer_c1"}
    assert "超出配额" in Message.objects.filter(template="orders.rejected")[0].body


def test_receivers_hear_of_a_truck_and_the_warehouse_of_a_short_receipt(now_cast: Cast) -> None:
    number = placed(now_cast).number
    approve(actor=now_cast.sales_admin, command=Approve(number))
    sent = ship(actor=now_cast.warehouse, command=Ship(number, "W1"))
    receive(actor=now_cast.buyer_c1, command=Receive(sent.number, (Wish(1, 11),), "少一瓶"))
    heard = told(now_cast)
    assert heard["fulfilment.on_its_way"] == {"admin_c1", "buyer_c1", "warehouse_c1"}
    assert heard["fulfilment.short"] == {"admin", "warehouse"}


def test_acts_of_the_past_tell_nobody(cast: Cast) -> None:
    placed(cast)
    assert told(cast) == {}
