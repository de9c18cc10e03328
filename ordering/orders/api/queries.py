"""Reading what a list of orders is narrowed to."""

from rest_framework.request import Request

from core.web.queries import Query
from ordering.orders.models import Order
from ordering.orders.selectors import OrderFilters

ROLES = ("sales", "purchases")


def filters_of(request: Request) -> OrderFilters:
    """``?status=``, ``?fulfilment=``, ``?role=``, ``?buyer=``, ``?q=``, ``?since=``, ``?until=``; refuses others."""
    query = Query(request)
    filters = OrderFilters(
        statuses=query.choices("status", Order.Status.values),
        fulfilment=query.choices("fulfilment", Order.Fulfilment.values),
        buyer_code=query.text("buyer"),
        text=query.text("q"),
        since=query.day("since"),
        until=query.day("until"),
        role=query.choice("role", ROLES),
    )
    query.finish("after", "limit")
    return filters
