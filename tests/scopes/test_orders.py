"""Orders, shipments and notices within the limits: seen where any line lies inside, decided where all do."""

from dataclasses import replace

import pytest

from core.events.relay import relay
from core.kernel import clock
from core.kernel.actor import Actor, Scope
from core.kernel.errors import DomainError, Missing, OutOfScope
from core.messages.models import Message
from ordering.fulfilment.selectors import ready_lines, shipment, shipments_visible_to
from ordering.fulfilment.services import Allocate, Ship, allocate, ship
from ordering.orders.errors import OwnApproval, SkuUnknown
from ordering.orders.models import Order
from ordering.orders.rules.checks import AskedLine
from ordering.orders.selectors import OrderFilters, check_lines, order_detail, order_page, orders_visible_to
from ordering.orders.selectors.desk import desk_counts
from ordering.orders.selectors.sold import top_skus
from ordering.orders.services import (
    AddToCart,
    Approve,
    Cancel,
    CartLine,
    OrderedLine,
    PlaceOrder,
    Reject,
    add_to_cart,
    approve,
    cancel,
    place_order,
    reject,
)
from tests.cast import Cast
from tests.ordering.orders.placed import placed_number
from tests.ordering.watching import statements
from tests.portals import XINGHE

LIGHT, CLASSIC = Scope(product_lines=("LIGHT",)), Scope(product_lines=("CLASSIC",))
QINGDAO, JINAN = Scope(regions=("370200",)), Scope(regions=("370100",))


def limited(actor: Actor, scope: Scope) -> Actor:
    return replace(actor, scope=scope)


@pytest.fixture
def mixed(cast: Cast) -> str:
    """C1's order with a line of each product line; the number."""
    light = cast.light()
    lines = (OrderedLine(cast.skus[1].code, 2), OrderedLine(light.code, 1))
    return place_order(actor=cast.buyer_c1, command=PlaceOrder(lines=lines)).number


def test_a_mixed_order_is_seen_by_both_lines_and_decided_by_neither(cast: Cast, mixed: str) -> None:
    for scope, sku in ((LIGHT, "XH-QX-520-0100-NV-24"), (CLASSIC, cast.skus[1].code)):
        actor = limited(cast.sales_admin, scope)
        detail = order_detail(actor=actor, number=mixed)
        assert ([line.sku_code for line in detail.lines], detail.hidden_lines) == ([sku], 1)
        with pytest.raises(OutOfScope):
            approve(actor=actor, command=Approve(mixed))
        with pytest.raises(OutOfScope):
            reject(actor=actor, command=Reject(mixed, "缺货"))
        with pytest.raises(OutOfScope):
            cancel(actor=actor, command=Cancel(mixed))
    assert Order.objects.get(number=mixed).status == "SUBMITTED"
    both = limited(cast.sales_admin, Scope(product_lines=("CLASSIC", "LIGHT")))
    assert approve(actor=both, command=Approve(mixed)).status == "CONFIRMED"


def test_an_order_without_a_line_inside_is_missing(cast: Cast) -> None:
    cast.light()
    number = placed_number(cast)
    actor = limited(cast.sales_admin, LIGHT)
    assert not orders_visible_to(actor).exists()
    assert order_page(actor=actor, filters=OrderFilters()).total == 0
    assert desk_counts(actor).to_approve == 0
    with pytest.raises(Missing):
        order_detail(actor=actor, number=number)
    with pytest.raises(Missing):
        approve(actor=actor, command=Approve(number))


def test_what_sold_most_counts_the_lines_inside_only(cast: Cast, mixed: str) -> None:
    day = clock.business_day()
    found = top_skus(limited(cast.sales_admin, LIGHT), since=day, until=day, currency="CNY")
    assert [one.code for one in found] == ["XH-QX-520-0100-NV-24"]


def test_shipments_show_the_lines_inside_and_leave_by_who_answers_for_all(cast: Cast, mixed: str) -> None:
    approve(actor=cast.sales_admin, command=Approve(mixed))
    keeper = limited(cast.warehouse, LIGHT)
    assert [line.sku_code for line in ready_lines(keeper, mixed)] == ["XH-QX-520-0100-NV-24"]
    with pytest.raises(OutOfScope):
        allocate(actor=keeper, command=Allocate(mixed, "W1"))
    with pytest.raises(OutOfScope):
        ship(actor=keeper, command=Ship(mixed, "W1"))
    with pytest.raises(Missing):
        ship(actor=limited(cast.warehouse, QINGDAO), command=Ship(mixed, "W1"))
    assert ready_lines(limited(cast.warehouse, QINGDAO), mixed) == ()
    sent = ship(actor=cast.warehouse, command=Ship(mixed, "W1"))
    assert [line.sku_code for line in shipment(keeper, sent.number).lines] == ["XH-QX-520-0100-NV-24"]
    assert not shipments_visible_to(limited(cast.warehouse, QINGDAO)).exists()
    with pytest.raises(Missing):
        shipment(limited(cast.warehouse, QINGDAO), sent.number)


def test_a_rep_orders_for_the_dealers_inside_only_and_another_approves(cast: Cast) -> None:
    rep = limited(cast.rep, Scope(dealer_subtree_id=cast.c1.pk))
    command = PlaceOrder(lines=(OrderedLine(cast.skus[1].code, 1),), buyer_code="C1")
    for stranger in ("C2", "P1", "NOBODY"):
        with pytest.raises(Missing):
            place_order(actor=rep, command=replace(command, buyer_code=stranger))
        with pytest.raises(Missing):
            check_lines(actor=rep, lines=[AskedLine(1, cast.skus[1].code, 1)], buyer_code=stranger)
    placed = place_order(actor=rep, command=command)
    both = replace(cast.sales_admin, person_id=rep.person_id)
    with pytest.raises(OwnApproval):
        approve(actor=both, command=Approve(placed.number))
    stand_in = replace(cast.sales_admin, acting_for=rep.person_id)
    with pytest.raises(OwnApproval):
        approve(actor=stand_in, command=Approve(placed.number))
    assert approve(actor=cast.sales_admin, command=Approve(placed.number)).status == "CONFIRMED"


def test_goods_outside_cannot_be_ordered(cast: Cast) -> None:
    light = cast.light()
    buyer = limited(cast.buyer_c1, LIGHT)
    with pytest.raises(DomainError) as refused:
        place_order(
            actor=buyer,
            command=PlaceOrder(lines=(OrderedLine(light.code, 1), OrderedLine(cast.skus[1].code, 1))),
        )
    assert [(type(fault), fault.line) for fault in refused.value.problems()] == [(SkuUnknown, 2)]
    with pytest.raises(DomainError):
        add_to_cart(actor=buyer, command=AddToCart((CartLine(cast.skus[1].code, 1),)))
    assert not Order.objects.exists()


def test_a_dealers_seat_keeps_its_own_purchases_and_loses_customers_outside(cast: Cast) -> None:
    own = placed_number(cast)
    sold = placed_number(cast, (1, 1), actor=cast.buyer_t1)
    actor = limited(cast.admin_c1, QINGDAO)
    assert {order.number for order in orders_visible_to(actor)} == {own}
    with pytest.raises(Missing):
        approve(actor=actor, command=Approve(sold))


def test_amounts_are_kept_from_who_may_not_see_purchase_prices(cast: Cast) -> None:
    number = placed_number(cast)
    blind = replace(cast.buyer_c1, codes=cast.buyer_c1.codes - {"prices.purchase"})
    detail = order_detail(actor=blind, number=number)
    assert (detail.order.total, detail.order.tax, detail.order.hold) == (None, None, None)
    assert {(line.unit_price, line.amount, line.tax) for line in detail.lines} == {(None, None, None)}
    assert {row.total for row in order_page(actor=blind, filters=OrderFilters(sort="-total")).rows} == {None}
    with pytest.raises(DomainError) as refused:
        place_order(actor=blind, command=PlaceOrder(lines=(OrderedLine(cast.skus[1].code, 90),)))
    fault = next(one for one in refused.value.problems() if one.code == "ledger.credit_exhausted")
    assert fault.fields == {}
    assert Order.objects.get(number=number).total > 0


def test_notices_reach_those_who_could_open_what_they_speak_of(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "is_fixed", lambda: False)
    cast.seat_limited()
    placed_number(cast)
    relay(XINGHE.schema)
    names = {seat.pk: name for name, seat in cast.seats.items()}
    told = {names[message.seat_id] for message in Message.objects.filter(way=Message.Way.IN_APP) if message.seat_id}
    assert told == {"admin", "sales_admin", "region_manager", "manager_jinan"}


def test_a_seat_without_limits_pays_no_statement_for_them(cast: Cast) -> None:
    numbers = [placed_number(cast, (1, 1)) for _ in range(3)]

    def cost(actor: Actor, number: str) -> int:
        with statements() as seen:
            reject(actor=actor, command=Reject(number, "缺货"))
        return len(seen)

    unlimited = cost(cast.sales_admin, numbers[0])
    assert cost(limited(cast.sales_admin, JINAN), numbers[1]) == unlimited + 1
    assert cost(limited(cast.sales_admin, CLASSIC), numbers[2]) == unlimited + 1
