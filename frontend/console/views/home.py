"""The desk: what waits today, what was sold of late, who and what sold most."""

from datetime import timedelta

from django.http import HttpResponse

from core.kernel import clock
from core.messages.selectors import inbox
from core.messages.services import mark_read
from core.web.paging import PAGE_SIZE, page_number
from core.web.requests import SignedInRequest
from dms.stock.permissions import Permission as StockPermission
from dms.stock.selectors import StockFilter, stock_page
from frontend.console.charts import day_chart
from frontend.console.doors import staff_page
from frontend.console.shell import shown
from frontend.ui import format as words
from frontend.ui.paging import link_with
from frontend.ui.shapes import Pager
from ordering.orders.permissions import Permission
from ordering.orders.selectors.desk import oldest_waiting, sold_by_day, top_buyers, top_skus

DAYS = 30
MOST_SHORT = 6


@staff_page()
def home(request: SignedInRequest) -> HttpResponse:
    """Today at a glance; a seat sees what its role works with."""
    actor, currency = request.actor, request.brand.currency
    today = clock.business_day(zone=request.brand.time_zone)
    context: dict[str, object] = {"today": today, "currency": currency}
    if actor.can(Permission.READ):
        since = today - timedelta(days=DAYS - 1)
        days = sold_by_day(actor, since=since, until=today, zone=request.brand.time_zone)
        bars = [(day.day, day.total, f"{day.day} {words.money(day.total, currency)}") for day in days]
        context |= {
            "sees_orders": True,
            "days": days,
            "sold_total": sum(day.total for day in days),
            "sold_orders": sum(day.orders for day in days),
            "chart": day_chart(bars),
            "small_chart": day_chart(bars, width=354, height=175),
            "buyers": top_buyers(actor, since=since, until=today),
            "skus": top_skus(actor, since=since, until=today),
            "oldest": oldest_waiting(actor),
        }
    if actor.can(StockPermission.READ):
        short = stock_page(actor=actor, filters=StockFilter(only="short"), size=MOST_SHORT)
        context |= {"sees_stock": True, "short": short.rows, "has_more_short": short.has_next}
    return shown(request, "console/home.html", context, at="home")


@staff_page()
def messages_page(request: SignedInRequest) -> HttpResponse:
    """One's own messages; looking at them marks them as read."""
    number = page_number(request)
    found = inbox(request.actor, limit=PAGE_SIZE + 1, offset=(number - 1) * PAGE_SIZE)
    rows, has_next = found[:PAGE_SIZE], len(found) > PAGE_SIZE
    if any(not row.is_read for row in rows):
        mark_read(actor=request.actor)
    pager = Pager(
        previous_url=link_with(request, page=number - 1) if number > 1 else "",
        next_url=link_with(request, page=number + 1) if has_next else "",
    )
    return shown(request, "console/messages.html", {"rows": rows, "pager": pager}, at="")
