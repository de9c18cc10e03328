"""amend_order: a waiting order becomes another at the prices of now; stock and money move along, or nothing does."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from billing.ledger.models import Hold, TradingAccount
from billing.ledger.services import PayIn, pay_in
from core.events.models import Event
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.errors import DomainError, Missing, NotPermitted
from core.kernel.quantity import Unit
from dms.dealers.models import Address
from dms.stock.models import Reservation, Stock
from ordering.orders.models import Order, OrderingSettings, OrderLine
from ordering.orders.rules.checks import AskedLine
from ordering.orders.selectors import check_amendment
from ordering.orders.services import (
    AmendedOrder,
    AmendOrder,
    Approve,
    Cancel,
    OrderedLine,
    PlaceOrder,
    Reject,
    amend_order,
    approve,
    cancel,
    expire_due,
    place_order,
    reject,
)
from ordering.pricing.models import PriceEntry
from ordering.pricing.rules import ManualPrice
from tests.cast import Cast
from tests.ordering.orders.placed import placed_number
from tests.ordering.watching import refused, refused_by_line, statements, world

CASE_1, CASE_3 = 178_000, 36_000
"""Minor units a case of SKU 1 and 3 for C1, below the step of ten."""


def amend(actor: Actor, number: str, *lines: OrderedLine, **more: Any) -> AmendedOrder:
    """Amend at the version that stands, unless told."""
    version = more.pop("version", None) or Order.objects.values_list("version", flat=True).get(number=number)
    return amend_order(actor=actor, command=AmendOrder(number=number, version=version, lines=lines, **more))


def wish(cast: Cast, number: int, quantity: int, manual: ManualPrice | None = None) -> OrderedLine:
    """A line of one of the cast's SKUs."""
    return OrderedLine(cast.skus[number].code, quantity, Unit.CASE, manual)


def reserved(cast: Cast, number: int) -> int:
    """Bottles of a SKU kept at the root."""
    return Stock.objects.get(sku=cast.skus[number], owner=cast.root).reserved


def test_lines_stock_and_money_follow_and_the_event_tells_old_and_new(cast: Cast) -> None:
    number = placed_number(cast, (1, 2), (3, 1))
    before = Order.objects.get(number=number)
    amended = amend(
        cast.buyer_c1, number, wish(cast, 1, 3), wish(cast, 2, 1), expected_total=_total(cast, number, (1, 3), (2, 1))
    )
    order = Order.objects.get(number=number)
    assert (order.status, order.version, order.total) == ("SUBMITTED", before.version + 1, amended.total)
    assert order.approve_by == before.approve_by
    assert (order.placed_by_name, order.amended_by_ids) == (before.placed_by_name, [cast.buyer_c1.person_id])
    lines = OrderLine.objects.filter(order=order).order_by("line_no")
    assert [(line.sku_code, line.quantity) for line in lines] == [(cast.skus[1].code, 3), (cast.skus[2].code, 1)]
    assert sum(line.amount for line in lines) == order.total
    assert (reserved(cast, 1), reserved(cast, 3)) == (18, 0)
    hold = Hold.objects.get()
    assert (hold.pk, hold.prepay_part + hold.credit_part) == (before.hold_id, order.total)
    event = Event.objects.get(kind="ordering.order_amended.v1")
    assert (event.aggregate_version, event.payload["was_total"], event.payload["total"]) == (
        2,
        before.total,
        order.total,
    )
    assert [(one["sku"], one["before"], one["after"]) for one in event.payload["changes"]] == [
        (cast.skus[1].code, 2, 3),
        (cast.skus[3].code, 1, 0),
        (cast.skus[2].code, 0, 1),
    ]
    assert [line["sku"] for line in event.payload["lines"]] == [cast.skus[1].code, cast.skus[2].code]


def _total(cast: Cast, number: str, *wishes: tuple[int, int], actor: Actor | None = None) -> int:
    asked = [AskedLine(no, cast.skus[sku].code, quantity) for no, (sku, quantity) in enumerate(wishes, start=1)]
    return check_amendment(actor=actor or cast.buyer_c1, number=number, lines=asked).checked.priced.total


def test_growing_takes_prepayment_first_and_shrinking_gives_credit_back_first(cast: Cast) -> None:
    number = placed_number(cast, (1, 1))
    pay_in(actor=cast.finance, command=PayIn(cast.c1.pk, 100_000, "BANK-1"))
    amend(cast.buyer_c1, number, wish(cast, 1, 2), expected_total=2 * CASE_1)
    hold = Hold.objects.get()
    assert (hold.prepay_part, hold.credit_part) == (100_000, 2 * CASE_1 - 100_000)
    amend(cast.buyer_c1, number, wish(cast, 1, 1), expected_total=CASE_1)
    hold.refresh_from_db()
    assert (hold.prepay_part, hold.credit_part) == (100_000, CASE_1 - 100_000)


def test_prices_are_those_of_now_and_have_to_be_agreed_to(cast: Cast) -> None:
    number = placed_number(cast, (1, 2))
    PriceEntry.objects.filter(price_list=cast.city, sku=cast.skus[1]).update(amount=190_000)
    with refused("order.total_changed"):
        amend(cast.buyer_c1, number, wish(cast, 1, 3), expected_total=3 * CASE_1)
    with refused("order.total_changed"):
        amend(cast.buyer_c1, number, wish(cast, 1, 2))
    amended = amend(cast.buyer_c1, number, wish(cast, 1, 2), expected_total=380_000)
    assert [one.is_new_price for one in amended.changes] == [True]


def test_what_the_order_keeps_is_free_to_it(cast: Cast) -> None:
    everything = Stock.objects.get(sku=cast.skus[3], owner=cast.root).on_hand // 12
    number = placed_number(cast, (3, everything))
    amend(cast.buyer_c1, number, wish(cast, 3, everything), note="靠后门卸货")
    assert Order.objects.get(number=number).note == "靠后门卸货"
    with refused("stock.insufficient"):
        amend(cast.buyer_c1, number, wish(cast, 3, everything + 1), expected_total=(everything + 1) * CASE_3)
    assert not any(fault for fault in _checked(cast, number, everything).checked.faults)


def _checked(cast: Cast, number: str, quantity: int) -> Any:
    return check_amendment(actor=cast.buyer_c1, number=number, lines=[AskedLine(1, cast.skus[3].code, quantity)])


def test_what_changes_nothing_does_nothing(cast: Cast) -> None:
    number = placed_number(cast, (1, 2), (3, 1))
    before = world()
    assert amend(cast.buyer_c1, number, wish(cast, 1, 2), wish(cast, 3, 1)).changes == ()
    assert world() == before


def test_address_day_and_words_change_and_what_is_not_named_stays(cast: Cast) -> None:
    number = placed_number(cast, (1, 1))
    other = Address.objects.create(
        dealer=cast.c1, label="二仓", recipient="老王", region_code="370100", line="北园路 9 号"
    )
    day = clock.business_day() + timedelta(days=5)
    amend(cast.buyer_c1, number, wish(cast, 1, 1), address_id=other.pk, wished_on=day, buyer_reference="PO-9")
    order = Order.objects.get(number=number)
    assert (order.ship_to_name, order.ship_to_line, order.wished_on, order.buyer_reference) == (
        "老王",
        "北园路 9 号",
        day,
        "PO-9",
    )
    payload = Event.objects.get(kind="ordering.order_amended.v1").payload
    assert [payload[f"changes_{name}"] for name in ("address", "wished_on", "reference", "note")] == [
        True,
        True,
        True,
        False,
    ]
    assert "老王" not in str(payload)
    amend(cast.buyer_c1, number, wish(cast, 1, 2), expected_total=2 * CASE_1)
    order.refresh_from_db()
    assert (order.ship_to_name, order.wished_on, order.buyer_reference) == ("老王", day, "PO-9")


@pytest.mark.parametrize("day", [date(2020, 1, 1)])
def test_a_new_wished_day_lies_ahead(cast: Cast, day: date) -> None:
    number = placed_number(cast, (1, 1))
    with refused("order.wished_on"):
        amend(cast.buyer_c1, number, wish(cast, 1, 1), wished_on=day)


def test_every_fault_is_told_at_once_by_line(cast: Cast) -> None:
    number = placed_number(cast, (1, 1))
    lines = (wish(cast, 1, 0), OrderedLine("NO-SUCH", 1), wish(cast, 3, 100_000))
    with refused_by_line(
        {1: {"order.quantity"}, 2: {"order.sku_unknown"}, 3: {"stock.insufficient"}, None: {"ledger.credit_exhausted"}}
    ):
        amend(cast.admin_c1, number, *lines, expected_total=1)
    with refused("order.empty"):
        amend(cast.buyer_c1, number, expected_total=0)


def test_the_account_decides_over_the_addition(cast: Cast) -> None:
    number = placed_number(cast, (1, 1))
    TradingAccount.objects.filter(buyer=cast.c1.party).update(credit_limit=CASE_1 + 1_000)
    with pytest.raises(DomainError) as caught:
        amend(cast.admin_c1, number, wish(cast, 1, 2), expected_total=2 * CASE_1)
    (fault,) = caught.value.problems()
    assert (fault.code, fault.fields["wanted"], fault.fields["available"]) == (
        "ledger.credit_exhausted",
        2 * CASE_1,
        CASE_1 + 1_000,
    )
    TradingAccount.objects.filter(buyer=cast.c1.party).update(is_blocked=True)
    with refused("ledger.account_blocked"):
        amend(cast.buyer_c1, number, wish(cast, 1, 2), expected_total=2 * CASE_1)
    amend(cast.buyer_c1, number, wish(cast, 3, 1), expected_total=CASE_3)


def test_a_price_made_by_hand_stays_with_its_line(cast: Cast) -> None:
    by_hand = PlaceOrder(lines=(wish(cast, 1, 2, ManualPrice(300_000, "开业支持")), wish(cast, 3, 1)), buyer_code="C1")
    number = place_order(actor=cast.admin, command=by_hand).number
    amend(cast.buyer_c1, number, wish(cast, 1, 2), wish(cast, 3, 2), expected_total=300_000 + 2 * CASE_3)
    assert OrderLine.objects.get(order__number=number, line_no=1).manual_price_reason == "开业支持"
    amend(cast.buyer_c1, number, wish(cast, 1, 3), expected_total=3 * CASE_1)
    assert OrderLine.objects.get(order__number=number).manual_price_reason == ""
    with refused("order.manual_price"):
        amend(cast.admin_c1, number, wish(cast, 1, 3, ManualPrice(1, "自己改")), expected_total=1)


def test_a_price_made_by_hand_serves_one_line_and_not_its_twins(cast: Cast) -> None:
    first, second = ManualPrice(300_000, "开业支持"), ManualPrice(200_000, "陈列补贴")
    by_hand = PlaceOrder(lines=(wish(cast, 1, 2, first), wish(cast, 1, 2, second)), buyer_code="C1")
    number = place_order(actor=cast.admin, command=by_hand).number
    three = [wish(cast, 1, 2)] * 3
    asked = [AskedLine(no, cast.skus[1].code, 2, Unit.CASE) for no in (1, 2, 3)]
    checked = check_amendment(actor=cast.buyer_c1, number=number, lines=asked)
    assert checked.checked.priced.total == 300_000 + 200_000 + 2 * CASE_1
    amend(cast.buyer_c1, number, *three, expected_total=300_000 + 200_000 + 2 * CASE_1)
    rows = OrderLine.objects.filter(order__number=number).order_by("line_no")
    assert list(rows.values_list("amount", "manual_price_reason")) == [
        (300_000, "开业支持"),
        (200_000, "陈列补贴"),
        (2 * CASE_1, ""),
    ]


def test_the_clerk_gives_a_reason_and_does_not_approve_then(cast: Cast) -> None:
    number = placed_number(cast, (1, 2))
    with refused("order.reason"):
        amend(cast.sales_admin, number, wish(cast, 1, 1), expected_total=CASE_1)
    amend(cast.sales_admin, number, wish(cast, 1, 1), expected_total=CASE_1, reason="库存只够一箱")
    with refused("order.own_approval"):
        approve(actor=cast.sales_admin, command=Approve(number))
    assert approve(actor=cast.region_manager, command=Approve(number)).status == "CONFIRMED"
    event = Event.objects.get(kind="ordering.order_amended.v1")
    assert (event.payload["reason"], event.payload["by_buyer"]) == ("库存只够一箱", False)


def test_whoever_made_a_price_does_not_approve_after_anothers_word(cast: Cast) -> None:
    number = placed_number(cast, (1, 2))
    made = wish(cast, 1, 2, ManualPrice(100, "开业支持"))
    amend(cast.admin, number, made, expected_total=100, reason="开业支持")
    amend(cast.buyer_c1, number, wish(cast, 1, 2), expected_total=100, note="谢谢")
    assert Order.objects.get(number=number).amended_by_ids == [cast.admin.person_id, cast.buyer_c1.person_id]
    with refused("order.own_approval"):
        approve(actor=cast.admin, command=Approve(number))
    assert approve(actor=cast.region_manager, command=Approve(number)).status == "CONFIRMED"


def test_no_amendment_is_approved_by_the_rules(cast: Cast) -> None:
    number = placed_number(cast, (1, 2))
    OrderingSettings.objects.update(auto_approve_up_to=10_000_000)
    amend(cast.buyer_c1, number, wish(cast, 3, 1), expected_total=CASE_3)
    assert Order.objects.get(number=number).status == "SUBMITTED"


@pytest.mark.parametrize("end", ["approve", "reject", "cancel"])
def test_what_was_decided_is_not_changed(cast: Cast, end: str) -> None:
    number = placed_number(cast, (1, 1))
    if end == "approve":
        approve(actor=cast.sales_admin, command=Approve(number))
    elif end == "reject":
        reject(actor=cast.sales_admin, command=Reject(number, "超区"))
    else:
        cancel(actor=cast.buyer_c1, command=Cancel(number))
    with refused("order.not_amendable"):
        amend(cast.buyer_c1, number, wish(cast, 1, 2), expected_total=2 * CASE_1)


def test_the_deadline_stays_and_after_it_nothing_is_changed(cast: Cast) -> None:
    number = placed_number(cast, (1, 1))
    with clock.at(clock.now() + timedelta(hours=71)):
        amend(cast.buyer_c1, number, wish(cast, 1, 2), expected_total=2 * CASE_1)
    with clock.at(clock.now() + timedelta(hours=72)):
        with refused("order.deadline_passed"):
            amend(cast.buyer_c1, number, wish(cast, 1, 1), expected_total=CASE_1)
        assert expire_due() == 1
    assert (reserved(cast, 1), Hold.objects.get().status) == (0, "VOIDED")


def test_two_tabs_and_a_stale_approval_are_told_so(cast: Cast) -> None:
    number = placed_number(cast, (1, 1))
    amend(cast.buyer_c1, number, wish(cast, 1, 2), expected_total=2 * CASE_1, version=1)
    with refused("conflict.version"):
        amend(cast.buyer_c1, number, wish(cast, 1, 3), expected_total=3 * CASE_1, version=1)
    with refused("conflict.version"):
        approve(actor=cast.sales_admin, command=Approve(number, version=1))
    approve(actor=cast.sales_admin, command=Approve(number, version=2))


def test_an_amended_order_ships_and_is_cancelled_like_any_other(cast: Cast) -> None:
    number = placed_number(cast, (1, 1))
    amend(cast.buyer_c1, number, wish(cast, 1, 2), expected_total=2 * CASE_1)
    approve(actor=cast.sales_admin, command=Approve(number))
    cancel(actor=cast.buyer_c1, command=Cancel(number))
    assert (reserved(cast, 1), Reservation.objects.filter(document_number=number).count()) == (0, 1)


def test_strangers_and_seats_without_the_right_change_nothing(cast: Cast) -> None:
    number = placed_number(cast, (1, 1))
    for stranger in (cast.buyer_p1, cast.buyer_c2):
        with pytest.raises(Missing):
            amend(stranger, number, wish(cast, 1, 2), expected_total=1)
    with pytest.raises(NotPermitted):
        amend(replace(cast.buyer_c1, codes=frozenset({"orders.read"})), number, wish(cast, 1, 2), expected_total=1)


def test_the_same_statements_for_one_line_and_for_many(cast: Cast) -> None:
    counts = []
    for wishes in ([(1, 2)], [(1, 2), (2, 1), (3, 2)]):
        number = placed_number(cast, (1, 1))
        lines = [wish(cast, sku, quantity) for sku, quantity in wishes]
        total = _total(cast, number, *wishes)
        with statements() as seen:
            amend_order(
                actor=cast.buyer_c1,
                command=AmendOrder(number=number, version=1, lines=tuple(lines), expected_total=total),
            )
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 15
