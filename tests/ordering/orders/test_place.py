"""place_order: priced and frozen, reserved, held, recorded; refused whole, by line, and then nothing has happened."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from billing.ledger.models import Hold, TradingAccount
from billing.ledger.services import PayIn, SetLimit, pay_in, set_limit
from core.catalogue.models import Sku
from core.events.models import Event
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.errors import Missing, NotPermitted, ReadOnlyPortal
from core.kernel.money import vat_inside
from core.kernel.quantity import Unit
from dms.dealers.models import Address, Credential, Dealer
from dms.stock.models import Reservation, Stock
from dms.territories.models import Grant
from ordering.orders.models import Order, OrderingSettings, OrderLine
from ordering.orders.rules.checks import MOST_LINES
from ordering.orders.services import OrderedLine, PlacedOrder, PlaceOrder, place_order
from ordering.pricing.rules import ManualPrice
from tests.cast import Cast
from tests.factories.wide import make_many_skus, price_all, stock_all
from tests.ordering.watching import refused, refused_by_line, statements, world


def ordered(cast: Cast, *wishes: tuple[int, int], unit: Unit | None = None) -> tuple[OrderedLine, ...]:
    """Lines of the cast's SKUs by number and quantity."""
    return tuple(OrderedLine(cast.skus[number].code, quantity, unit) for number, quantity in wishes)


def place(actor: Actor, *lines: OrderedLine, **more: Any) -> PlacedOrder:
    """Place these lines."""
    return place_order(actor=actor, command=PlaceOrder(lines=lines, **more))


def test_an_order_is_priced_frozen_reserved_held_and_recorded(cast: Cast) -> None:
    placed = place(cast.buyer_c1, *ordered(cast, (1, 10), (3, 2)), note="  春节 前到 ", buyer_reference="PO-7")
    assert (placed.status, placed.payment_status, placed.bottles, placed.line_count) == ("SUBMITTED", "UNPAID", 84, 2)
    assert placed.total == 10 * 170_000 + 2 * 36_000
    assert placed.tax == vat_inside(1_700_000, 1300) + vat_inside(72_000, 1300)
    assert placed.approve_by == clock.now() + timedelta(hours=72)
    order = Order.objects.get(number=placed.number)
    assert (order.seller, order.buyer, order.currency) == (cast.root, cast.c1, "CNY")
    assert (order.placed_by_name, order.note, order.buyer_reference) == ("采购员乙", "春节 前到", "PO-7")
    assert (order.ship_to_region, order.ship_to_name, order.ship_to_line) == ("370100", "收货人", "工业路 1 号")
    first, second = OrderLine.objects.filter(order=order).order_by("line_no")
    assert (first.unit, first.quantity, first.bottles, first.unit_price, first.amount) == (
        "CASE",
        10,
        60,
        170_000,
        1_700_000,
    )
    assert (first.sku_name, first.bottles_per_case, first.price_list_id) == ("杏禾青花20 53度", 6, cast.city.pk)
    assert first.price_trace["from_quantity"] == 10
    assert second.price_list_id == cast.national.pk
    hold = Hold.objects.get()
    assert (hold.document_number, hold.prepay_part, hold.credit_part) == (placed.number, 0, placed.total)
    assert order.hold == hold
    assert {(r.line_no, r.bottles) for r in Reservation.objects.filter(document_number=placed.number)} == {
        (1, 60),
        (2, 24),
    }
    assert Stock.objects.get(sku=cast.skus[1], owner=cast.root).reserved == 60


def test_the_event_carries_all_a_hearer_needs(cast: Cast) -> None:
    placed = place(cast.buyer_c1, *ordered(cast, (1, 10)))
    event = Event.objects.get(kind="ordering.order_placed.v1")
    assert (event.aggregate_id, event.seller_id, event.buyer_id) == (placed.number, cast.root.pk, cast.c1.pk)
    assert event.payload["lines"] == [
        {
            "line": 1,
            "sku": cast.skus[1].code,
            "product_line": "CLASSIC",
            "unit": "CASE",
            "quantity": 10,
            "bottles": 60,
            "amount": 1_700_000,
            "tax": 195_575,
            "net": 1_504_425,
        }
    ]
    assert {event.payload[name] for name in ("region", "channel", "currency")} == {"370100", "TRADITIONAL", "CNY"}
    assert "采购员乙" not in str(event.payload)


def test_each_dealer_gets_its_own_price(cast: Cast) -> None:
    totals = {key: place(cast.actor(key), *ordered(cast, (1, 1))).total for key in ("buyer_p1", "buyer_c1", "buyer_c2")}
    assert totals == {"buyer_p1": 198_000, "buyer_c1": 178_000, "buyer_c2": 168_000}


def test_a_terminal_buys_from_the_dealer_that_supplies_it(cast: Cast) -> None:
    placed = place(cast.buyer_t1, *ordered(cast, (1, 2)))
    order = Order.objects.get(number=placed.number)
    assert (order.seller, order.buyer, order.total) == (cast.c1, cast.t1, 416_000)
    assert Stock.objects.get(sku=cast.skus[1], owner=cast.c1).reserved == 12
    assert Stock.objects.get(sku=cast.skus[1], owner=cast.root).reserved == 0


def test_prepayment_is_held_before_credit(cast: Cast) -> None:
    pay_in(actor=cast.finance, command=PayIn(cast.c1.pk, 100_000, "BANK-1"))
    place(cast.buyer_c1, *ordered(cast, (1, 1)))
    hold = Hold.objects.get()
    assert (hold.prepay_part, hold.credit_part) == (100_000, 78_000)


def test_numbers_rise_and_carry_the_business_day(cast: Cast) -> None:
    with clock.at(datetime(2026, 1, 12, 15, 59, tzinfo=UTC)):
        before = place(cast.buyer_c1, *ordered(cast, (3, 1))).number
    with clock.at(datetime(2026, 1, 12, 16, 1, tzinfo=UTC)):
        after = place(cast.buyer_c1, *ordered(cast, (3, 1))).number
    assert before.startswith("SO20260112-")
    assert after.startswith("SO20260113-")
    assert before[11:] < after[11:]


def test_bottles_may_be_ordered_where_the_sku_is_sold_by_bottle_too(cast: Cast) -> None:
    placed = place(cast.buyer_c1, *ordered(cast, (3, 7), unit=Unit.BOTTLE))
    assert (placed.bottles, placed.total) == (7, 7 * 3_200)


def test_every_fault_of_every_line_is_told_at_once(cast: Cast) -> None:
    lines = (
        *ordered(cast, (1, 5)),
        OrderedLine("XH-NO-SUCH", 1),
        *ordered(cast, (6, 1), (5, 1), (2, 3)),
        *ordered(cast, (1, 6), unit=Unit.BOTTLE),
        *ordered(cast, (1, 0), (4, 1)),
    )
    with refused_by_line(
        {
            2: {"order.sku_unknown"},
            3: {"order.not_on_shelf"},
            4: {"price.missing"},
            5: {"stock.insufficient"},
            6: {"order.unit"},
            7: {"order.quantity"},
            8: {"stock.insufficient"},
        }
    ):
        place(cast.buyer_c1, *lines)


def test_two_lines_of_one_sku_are_measured_together(cast: Cast) -> None:
    with refused_by_line({1: {"stock.insufficient"}, 2: {"stock.insufficient"}}):
        place(cast.buyer_c1, *ordered(cast, (2, 1), (2, 2)))
    place(cast.buyer_c1, *ordered(cast, (2, 1), (2, 1)))
    assert Stock.objects.get(sku=cast.skus[2]).reserved == 12


def test_an_sku_that_is_not_released_yet_does_not_exist_for_a_dealer(cast: Cast) -> None:
    Sku.objects.filter(pk=cast.skus[1].pk).update(status=Sku.Status.DRAFT)
    with refused("order.sku_unknown"):
        place(cast.buyer_c1, *ordered(cast, (1, 1)))


def test_refuses_when_credit_is_exhausted(cast: Cast) -> None:
    with refused("ledger.credit_exhausted"):
        place(cast.buyer_c2, *ordered(cast, (1, 12)))


def test_tells_short_stock_and_short_money_together(cast: Cast) -> None:
    with refused("stock.insufficient", "ledger.credit_exhausted"):
        place(cast.buyer_c2, *ordered(cast, (1, 101)))


def test_refuses_a_blocked_account(cast: Cast) -> None:
    set_limit(actor=cast.finance, command=SetLimit(cast.c1.pk, is_blocked=True))
    with refused("ledger.account_blocked"):
        place(cast.buyer_c1, *ordered(cast, (1, 1)))


def test_refuses_without_an_account(cast: Cast) -> None:
    TradingAccount.objects.filter(buyer=cast.c1.party).delete()
    with refused("ledger.account_missing", "price.missing"):
        place(cast.buyer_c1, *ordered(cast, (1, 1)))


@pytest.mark.parametrize("status", [Dealer.Status.SUSPENDED, Dealer.Status.CLOSED, Dealer.Status.DRAFT])
def test_refuses_a_dealer_that_may_not_trade(cast: Cast, status: str) -> None:
    Dealer.objects.filter(pk=cast.c1.pk).update(status=status)
    with refused("order.dealer_inactive"):
        place(cast.buyer_c1, *ordered(cast, (1, 1)))
    with refused("order.dealer_inactive"):
        place(cast.buyer_t1, *ordered(cast, (1, 1)))


def test_a_licence_counts_on_its_last_day_and_not_after(cast: Cast) -> None:
    Credential.objects.filter(dealer=cast.c1, type="JY").update(valid_to=date(2026, 1, 12))
    place(cast.buyer_c1, *ordered(cast, (3, 1)))
    with clock.at(datetime(2026, 1, 12, 16, 0, tzinfo=UTC)), refused("order.licence"):
        place(cast.buyer_c1, *ordered(cast, (3, 1)))
    OrderingSettings.objects.update(requires_licence=False)
    with clock.at(datetime(2026, 1, 12, 16, 0, tzinfo=UTC)):
        place(cast.buyer_c1, *ordered(cast, (3, 1)))


def test_an_order_by_a_dealer_whose_grant_ended_yesterday_is_blocked(cast: Cast) -> None:
    Grant.objects.filter(dealer=cast.c1).update(valid_to=date(2026, 1, 12))
    with refused_by_line({1: {"order.not_granted"}, 2: {"order.not_granted"}}):
        place(cast.buyer_c1, *ordered(cast, (1, 1), (3, 1)))
    OrderingSettings.objects.update(requires_grant=False)
    place(cast.buyer_c1, *ordered(cast, (1, 1)))


def test_the_grant_is_asked_for_where_the_goods_go(cast: Cast) -> None:
    elsewhere = Address.objects.create(dealer=cast.c1, label="外地", recipient="李", region_code="410100", line="一号")
    with refused("order.not_granted"):
        place(cast.buyer_c1, *ordered(cast, (1, 1)), address_id=elsewhere.pk)


def test_refuses_another_dealers_address(cast: Cast) -> None:
    theirs = Address.objects.get(dealer=cast.c2)
    with refused("order.address"):
        place(cast.buyer_c1, *ordered(cast, (1, 1)), address_id=theirs.pk)


def test_refuses_below_the_minimum_amount(cast: Cast) -> None:
    OrderingSettings.objects.update(minimum_amount=36_001)
    with refused("order.below_minimum"):
        place(cast.buyer_c1, *ordered(cast, (3, 1)))


def test_refuses_a_wished_day_that_is_over(cast: Cast) -> None:
    with refused("order.wished_on"):
        place(cast.buyer_c1, *ordered(cast, (3, 1)), wished_on=date(2026, 1, 11))
    place(cast.buyer_c1, *ordered(cast, (3, 1)), wished_on=date(2026, 1, 12))


def test_refuses_when_the_total_is_not_what_the_buyer_saw(cast: Cast) -> None:
    with refused("order.total_changed"):
        place(cast.buyer_c1, *ordered(cast, (3, 1)), expected_total=35_999)
    assert place(cast.buyer_c1, *ordered(cast, (3, 1)), expected_total=36_000).total == 36_000


def test_refuses_an_order_without_lines_and_one_with_too_many(cast: Cast) -> None:
    with refused("order.empty"):
        place(cast.buyer_c1)
    with refused("order.too_many_lines"):
        place(cast.buyer_c1, *(OrderedLine("X", 1) for _ in range(MOST_LINES + 1)))


def test_refuses_a_multiple_that_is_not_met(cast: Cast) -> None:
    Sku.objects.filter(pk=cast.skus[1].pk).update(order_multiple=5)
    with refused("order.multiple"):
        place(cast.buyer_c1, *ordered(cast, (1, 6)))


def test_refuses_who_may_not_place(cast: Cast) -> None:
    before = world()
    with pytest.raises(NotPermitted):
        place(cast.finance_c1, *ordered(cast, (1, 1)))
    with pytest.raises(ReadOnlyPortal):
        place(replace(cast.buyer_c1, is_read_only=True), *ordered(cast, (1, 1)))
    assert world() == before


def test_the_brands_staff_places_for_a_dealer_it_supplies(cast: Cast) -> None:
    placed = place(cast.admin, *ordered(cast, (1, 1)), buyer_code="C2")
    order = Order.objects.get(number=placed.number)
    assert (order.buyer, order.total, order.placed_by_name) == (cast.c2, 168_000, "管理员")


@pytest.mark.parametrize("code", ["T1", "ROOT", "NOBODY"])
def test_the_brands_staff_cannot_place_for_whom_it_does_not_supply(cast: Cast, code: str) -> None:
    with pytest.raises(Missing):
        place(cast.admin, *ordered(cast, (1, 1)), buyer_code=code)


def test_a_dealer_cannot_place_for_another(cast: Cast) -> None:
    with pytest.raises(Missing):
        place(cast.buyer_c1, *ordered(cast, (1, 1)), buyer_code="C2")
    with pytest.raises(Missing):
        place(cast.admin, *ordered(cast, (1, 1)))


def test_a_price_made_by_hand_is_recorded_and_needs_a_persons_approval(cast: Cast) -> None:
    OrderingSettings.objects.update(auto_approve_up_to=10_000_000)
    lines = [OrderedLine(cast.skus[5].code, 3, None, ManualPrice(100_000, "按发票"))]
    placed = place(cast.admin, *lines, buyer_code="C1")
    line = OrderLine.objects.get(order__number=placed.number)
    assert (line.amount, line.unit_price, line.manual_price_reason) == (100_000, 33_333, "按发票")
    assert line.price_list_id is None
    assert placed.status == "SUBMITTED"
    assert Event.objects.get(kind="ordering.order_placed.v1").payload["manual_line_count"] == 1


def test_only_the_sellers_side_makes_a_price_by_hand(cast: Cast) -> None:
    line = OrderedLine(cast.skus[1].code, 1, None, ManualPrice(1, "便宜"))
    with refused("actor.not_permitted"):
        place(cast.buyer_c1, line)
    with refused("order.manual_price"):
        place(cast.admin_c1, line)
    with refused("price.not_positive"):
        place(cast.admin, replace(line, manual=ManualPrice(0, "送")), buyer_code="C1")


def test_a_small_order_is_confirmed_at_once(cast: Cast) -> None:
    OrderingSettings.objects.update(auto_approve_up_to=178_000)
    placed = place(cast.buyer_c1, *ordered(cast, (1, 1)))
    assert (placed.status, placed.payment_status, placed.approve_by) == ("CONFIRMED", "FUNDED", None)
    assert Event.objects.get(kind="ordering.order_placed.v1").payload["is_auto_approved"] is True
    assert place(cast.buyer_c1, *ordered(cast, (1, 2))).status == "SUBMITTED"


@pytest.fixture
def wide_shelf(cast: Cast) -> list[Sku]:
    """500 SKUs with price and stock, and the credit for them."""
    skus = make_many_skus(cast.skus[1], 500)
    stock_all(cast.w1, skus, 600)
    price_all(cast.national, skus, {1: 100})
    price_all(cast.city, skus, {1: 90, 5: 80})
    return skus


def test_the_number_of_statements_is_the_same_for_1_50_and_500_lines(cast: Cast, wide_shelf: list[Sku]) -> None:
    counts = []
    for size in (1, 50, 500):
        with statements() as seen:
            place(cast.buyer_c1, *(OrderedLine(sku.code, 2) for sku in wide_shelf[:size]))
        counts.append(len(seen))
    assert counts == [10, 10, 10]
    refusals = []
    for size in (1, 50, 500):
        with statements() as seen, pytest.raises(Exception, match="stock"):
            place(cast.buyer_c1, *(OrderedLine(sku.code, 200) for sku in wide_shelf[:size]))
        refusals.append(len(seen))
    assert len(set(refusals)) == 1
