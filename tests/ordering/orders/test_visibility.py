"""Who sees which orders: seller or buyer, never the brand what a dealer sells; pages in constant queries."""

from dataclasses import replace
from datetime import date

import pytest

from core.events.selectors import timeline
from core.kernel.actor import Scope
from core.kernel.errors import Missing, NotPermitted
from ordering.orders.selectors import OrderFilters, order_detail, order_page, orders_visible_to
from ordering.orders.selectors.desk import desk_counts, desk_page, oldest_waiting
from ordering.orders.selectors.sold import sold_by_week, top_buyers, top_skus
from ordering.orders.services import Approve, approve
from tests.cast import Cast
from tests.ordering.orders.placed import placed_number
from tests.ordering.watching import statements

STAFF = ("admin", "sales_admin", "region_manager", "rep", "finance", "warehouse", "auditor")


@pytest.fixture
def downstream(cast: Cast) -> str:
    """The number of an order that C1 sells to T1."""
    return placed_number(cast, (1, 2), actor=cast.buyer_t1)


@pytest.mark.parametrize("key", STAFF)
def test_what_a_dealer_sells_is_invisible_to_the_brand_in_every_selector(cast: Cast, downstream: str, key: str) -> None:
    actor = cast.actor(key)
    assert not orders_visible_to(actor).exists()
    page = order_page(actor=actor, filters=OrderFilters())
    assert (page.rows, page.counts, page.total) == ((), {}, 0)
    assert order_page(actor=actor, filters=OrderFilters(text=downstream, buyer_code="T1")).rows == ()
    with pytest.raises(Missing):
        order_detail(actor=actor, number=downstream)
    assert desk_counts(actor).to_approve == 0
    assert list(oldest_waiting(actor)) == []
    day = date(2026, 1, 12)
    assert desk_page(actor=actor, filters=OrderFilters()).rows == ()
    assert top_buyers(actor, since=day, until=day, currency="CNY") == ()
    assert top_skus(actor, since=day, until=day, currency="CNY") == ()
    assert sold_by_week(actor, until=day, weeks=4) == ()


@pytest.mark.parametrize("key", ["buyer_t1", "admin_c1", "buyer_c1", "finance_c1"])
def test_seller_and_buyer_see_it(cast: Cast, downstream: str, key: str) -> None:
    actor = cast.actor(key)
    assert [row.number for row in order_page(actor=actor, filters=OrderFilters()).rows] == [downstream]
    assert order_detail(actor=actor, number=downstream).order.total == 416_000


def test_another_dealers_order_is_missing(cast: Cast) -> None:
    number = placed_number(cast)
    for key in ("buyer_c2", "buyer_p1", "buyer_t1"):
        assert not orders_visible_to(cast.actor(key)).exists()
        with pytest.raises(Missing):
            order_detail(actor=cast.actor(key), number=number)


def test_nothing_without_the_permission(cast: Cast) -> None:
    with pytest.raises(NotPermitted):
        orders_visible_to(cast.pricing)


def test_a_seat_limited_to_regions_sees_its_buyers_only(cast: Cast) -> None:
    jinan = placed_number(cast)
    qingdao = placed_number(cast, (1, 1), actor=cast.buyer_c2)

    def seen(*regions: str) -> set[str | None]:
        actor = replace(cast.region_manager, scope=Scope(regions=regions))
        return {order.number for order in orders_visible_to(actor)}

    assert seen("370100") == {jinan}
    assert seen("370200", "410000") == {qingdao}
    assert seen("370000") == seen("CN") == {jinan, qingdao}
    below_p1 = replace(cast.rep, scope=Scope(dealer_subtree_id=cast.p1.pk))
    assert {order.number for order in orders_visible_to(below_p1)} == {jinan}


def test_the_detail_says_where_every_price_came_from_and_what_happened(cast: Cast) -> None:
    number = placed_number(cast, (1, 10))
    approve(actor=cast.sales_admin, command=Approve(number))
    detail = order_detail(actor=cast.buyer_c1, number=number)
    assert (detail.is_buyer, detail.is_seller) == (True, False)
    assert detail.lines[0].price_trace["list"] == "CITY"
    assert [item.kind for item in detail.timeline] == ["ordering.order_placed.v1", "ordering.order_approved.v1"]
    assert detail.timeline == tuple(timeline("order", number))


def test_pages_are_filtered_sorted_and_counted(cast: Cast) -> None:
    first = placed_number(cast, (1, 1))
    second = placed_number(cast, (1, 2))
    third = placed_number(cast, (1, 3), actor=cast.buyer_c2)
    approve(actor=cast.sales_admin, command=Approve(second))

    def numbers(**filters: object) -> list[str]:
        page = order_page(actor=cast.sales_admin, filters=replace(OrderFilters(), **filters))  # type: ignore[arg-type]  # by name
        return [row.number for row in page.rows]

    assert numbers() == [third, second, first]
    assert numbers(sort="total") == [first, second, third]
    assert numbers(sort="; DROP TABLE") == [third, second, first]
    assert numbers(statuses=("CONFIRMED",)) == [second]
    assert numbers(buyer_code="C2") == [third]
    assert numbers(text="泉城") == [second, first]
    assert numbers(text=first) == [first]
    assert numbers(since=date(2026, 1, 13)) == []
    assert numbers(until=date(2026, 1, 12), role="sales") == [third, second, first]
    assert numbers(role="purchases") == []
    page = order_page(actor=cast.sales_admin, filters=OrderFilters(statuses=("SUBMITTED",)), page=99)
    assert (page.total, page.page, page.page_count) == (2, 1, 1)
    assert page.counts == {"SUBMITTED": 2, "CONFIRMED": 1}


def test_constant_queries(cast: Cast) -> None:
    counts = []
    for _ in range(2):
        numbers = [placed_number(cast, (1, 1), (3, 1)) for _ in range(3)]
        with statements() as page:
            order_page(actor=cast.sales_admin, filters=OrderFilters())
        with statements() as detail:
            order_detail(actor=cast.sales_admin, number=numbers[0])
        counts.append((len(page), len(detail)))
    assert counts == [(2, 3), (2, 3)]
