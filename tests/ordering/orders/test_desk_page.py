"""The seller's desk: views with counts, search, sums by currency, what stands in the way; and what was sold of late."""

from datetime import date, timedelta

import pytest

from billing.ledger.models import TradingAccount
from core.kernel import clock
from core.kernel.actor import Scope
from core.kernel.quantity import Unit
from dms.dealers.models import Dealer
from ordering.fulfilment.services import CloseShort, Ship, Wish, close_short, ship
from ordering.orders.models import Order, OrderLine
from ordering.orders.selectors import OrderFilters
from ordering.orders.selectors.desk import CurrencySum, desk_counts, desk_order, desk_page
from ordering.orders.selectors.sold import quiet_dealers, sold_by_week, top_buyers, top_skus
from ordering.orders.services import Approve, OrderedLine, PlaceOrder, Reject, approve, place_order, reject
from tests.cast import Cast
from tests.factories.seats import actor_on, make_seat
from tests.ordering.orders.placed import placed_number
from tests.ordering.watching import statements


def shown(cast: Cast, **asked: str) -> list[str]:
    """The numbers the desk shows under what stands in the URL."""
    page = desk_page(actor=cast.sales_admin, filters=OrderFilters.of(asked))
    return [one.row.number for one in page.rows]


def test_each_view_shows_and_counts_its_orders(cast: Cast) -> None:
    waits, moving, lost = (placed_number(cast, (3, 1)) for _ in range(3))
    approve(actor=cast.sales_admin, command=Approve(moving))
    reject(actor=cast.sales_admin, command=Reject(lost, "缺货"))
    page = desk_page(actor=cast.sales_admin, filters=OrderFilters())
    assert {view: count for view, count in page.counts.items() if count} == {
        "": 3,
        "approve": 1,
        "allocate": 1,
        "ship": 1,
        "lost": 1,
    }
    assert shown(cast, view="approve") == [waits]
    assert shown(cast, view="ship") == shown(cast, view="allocate") == [moving]
    assert shown(cast, view="lost") == [lost]
    assert sorted(shown(cast, view="nonsense")) == sorted([waits, moving, lost])


def test_sums_are_those_of_all_that_is_shown_by_currency(cast: Cast) -> None:
    first, second = placed_number(cast, (3, 1)), placed_number(cast, (3, 2))
    Order.objects.filter(number=second).update(currency="USD")
    page = desk_page(actor=cast.sales_admin, filters=OrderFilters(sort="total"))
    assert page.sums == (CurrencySum("CNY", 1, 12, 36_000), CurrencySum("USD", 1, 24, 72_000))
    assert [one.row.number for one in page.rows] == [first, second]
    assert desk_counts(cast.sales_admin).waiting == page.sums
    assert shown(cast, currency="usd") == [second]


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("泉城", True),
        ("C1", True),
        ("后门", True),
        ("PO-77", True),
        ("光瓶", True),
        ("XH-QX-420", True),
        ("青花", False),
    ],
)
def test_search_finds_number_dealer_reference_note_and_product(cast: Cast, text: str, is_found: bool) -> None:
    number = placed_number(cast, (3, 1))
    Order.objects.filter(number=number).update(note="请走后门卸货", buyer_reference="PO-77")
    assert (number in shown(cast, q=text)) is is_found
    assert shown(cast, q=number[:8]) == [number]


def test_blocked_late_and_expiring_are_marked(cast: Cast) -> None:
    waits, moving = placed_number(cast, (3, 1)), placed_number(cast, (3, 1))
    approve(actor=cast.sales_admin, command=Approve(moving))
    Order.objects.filter(number=waits).update(approve_by=clock.now() + timedelta(hours=3))
    Order.objects.filter(number=moving).update(wished_on=clock.business_day() - timedelta(days=1))
    assert (shown(cast, view="expiring"), shown(cast, view="late"), shown(cast, view="blocked")) == (
        [waits],
        [moving],
        [],
    )
    TradingAccount.objects.filter(buyer=cast.c1.party).update(is_blocked=True)
    assert sorted(shown(cast, view="blocked")) == sorted([waits, moving])
    TradingAccount.objects.filter(buyer=cast.c1.party).update(is_blocked=False)
    Dealer.objects.filter(pk=cast.c1.pk).update(status=Dealer.Status.SUSPENDED)
    one = desk_order(cast.sales_admin, moving)
    assert one is not None
    assert (one.is_blocked, one.is_late, one.is_expiring) == (True, True, False)


def test_a_page_costs_three_statements_for_one_row_and_for_many(cast: Cast) -> None:
    placed_number(cast, (3, 1))
    counted = []
    for _ in range(2):
        with statements() as seen:
            desk_page(actor=cast.sales_admin, filters=OrderFilters.of({"q": "光瓶", "view": "approve"}))
        counted.append(len(seen))
        for _again in range(12):
            placed_number(cast, (3, 1))
    assert counted == [3, 3]


def test_a_row_counts_whole_cases_and_the_bottles_beside_them(cast: Cast) -> None:
    light = cast.light()
    lines = (OrderedLine(cast.skus[3].code, 7, Unit.BOTTLE), OrderedLine(light.code, 2))
    number = place_order(actor=cast.buyer_c1, command=PlaceOrder(lines=lines)).number
    one = desk_order(cast.sales_admin, number)
    assert one is not None
    assert (one.cases, one.loose) == (2, 7)
    scope = Scope(product_lines=("LIGHT",))
    keeper = actor_on(cast.portal, make_seat(cast.portal, "小酒内勤", cast.root, "brand_sales_admin", scope=scope))
    seen = desk_order(keeper, number)
    assert seen is not None
    assert (seen.cases, seen.loose) == (2, 0)


def test_weeks_by_currency_count_what_was_not_lost(cast: Cast) -> None:
    day = date(2026, 1, 12)
    kept, lost, short, dollars = (placed_number(cast, (3, 1)) for _ in range(4))
    reject(actor=cast.sales_admin, command=Reject(lost, "缺货"))
    approve(actor=cast.sales_admin, command=Approve(short))
    ship(actor=cast.warehouse, command=Ship(short, "W1", (Wish(1, 3),)))
    close_short(actor=cast.sales_admin, command=CloseShort(short, "电话同意"))
    Order.objects.filter(number=dollars).update(currency="USD")
    Order.objects.filter(number=kept).update(submitted_at=clock.start_of_day(date(2026, 1, 4)))
    yuan, usd = sold_by_week(cast.sales_admin, until=day, weeks=3)
    assert (yuan.currency, usd.currency) == ("CNY", "USD")
    assert [(week.monday.day, week.orders, week.bottles, week.total) for week in yuan.weeks] == [
        (29, 1, 12, 36_000),
        (5, 0, 0, 0),
        (12, 1, 3, 9_000),
    ]
    assert (usd.total, usd.orders) == (36_000, 1)
    (best,) = top_buyers(cast.sales_admin, since=date(2025, 12, 29), until=day, currency="CNY")
    assert (best.code, best.orders, best.total) == ("C1", 2, 45_000)
    (sku,) = top_skus(cast.sales_admin, since=date(2025, 12, 29), until=day, currency="CNY")
    assert (sku.bottles, sku.total) == (15, 45_000)


def test_a_seat_of_some_lines_is_told_what_its_lines_come_to(cast: Cast) -> None:
    light, day = cast.light(), clock.business_day()
    lines = (OrderedLine(cast.skus[3].code, 10), OrderedLine(light.code, 1))
    number = place_order(actor=cast.buyer_c1, command=PlaceOrder(lines=lines)).number
    scope = Scope(product_lines=("LIGHT",))
    keeper = actor_on(cast.portal, make_seat(cast.portal, "小酒内勤", cast.root, "brand_sales_admin", scope=scope))
    sold = OrderLine.objects.get(order__number=number, sku=light)
    (curve,) = sold_by_week(keeper, until=day, weeks=1)
    (best,) = top_buyers(keeper, since=day, until=day, currency="CNY")
    (sku,) = top_skus(keeper, since=day, until=day, currency="CNY")
    assert {curve.total, best.total, sku.total} == {sold.amount}
    assert curve.bottles == sold.bottles
    page = desk_page(actor=keeper, filters=OrderFilters())
    assert page.sums == desk_counts(keeper).waiting == (CurrencySum("CNY", 1, sold.bottles, sold.amount),)
    assert [one.row.total for one in page.rows] == [sold.amount]
    assert desk_page(actor=cast.sales_admin, filters=OrderFilters()).sums[0].total > sold.amount


def test_quiet_dealers_are_those_without_an_order_for_a_while(cast: Cast) -> None:
    today = clock.business_day()
    number = placed_number(cast, (3, 1))
    since = today - timedelta(weeks=8)
    assert [one.code for one in quiet_dealers(cast.sales_admin, since=since)] == ["C2", "P1"]
    Order.objects.filter(number=number).update(submitted_at=clock.start_of_day(since) - timedelta(days=1))
    found = list(quiet_dealers(cast.sales_admin, since=since))
    assert [one.code for one in found] == ["C2", "P1", "C1"]
