"""What held when an order was placed: the buyer's papers and what it was granted, asked of the day it came in."""

from dataclasses import dataclass
from datetime import date

from core.db import sql
from core.kernel import clock
from core.kernel.errors import Missing
from dms.dealers.rules import MissingPaper
from dms.dealers.selectors import trading_dealer
from ordering.orders.models import Order
from ordering.orders.selectors.settings import ordering_settings
from ordering.pricing.selectors import coverage_of


@dataclass(frozen=True, slots=True)
class StoodThen:
    """The gate as it stood on ``day``, as far as it is known today.

    ``missing``: papers that were not in force; ``outside``: names of products no grant covered. ``asks_papers`` and
    ``asks_grants``: whether the brand's rules ask for them. ``is_supplied``: the seller still supplies the buyer;
    when not, nothing more is known.
    """

    day: date
    region_code: str
    channel: str
    is_supplied: bool
    asks_papers: bool
    asks_grants: bool
    missing: tuple[MissingPaper, ...] = ()
    outside: tuple[str, ...] = ()


_LINES = """
SELECT DISTINCT line.line_no, line.sku_name, sku.product_line_id, sku.id
FROM orders_orderline AS line JOIN catalogue_sku AS sku ON sku.id = line.sku_id
WHERE line.order_id = %(order)s ORDER BY line.line_no
"""


def stood_then(order: Order) -> StoodThen:
    """The papers and grants of the day an order came in, for whoever has found the order. Four statements."""
    settings = ordering_settings()
    day = clock.business_day(order.submitted_at or order.created_at, settings.time_zone)
    rules = (settings.requires_licence, settings.requires_grant)
    try:
        buyer = trading_dealer(buyer_id=order.buyer_id, seller_id=order.seller_id, day=day)
    except Missing:
        return StoodThen(day, order.ship_to_region, order.channel, False, *rules)
    region = order.ship_to_region or buyer.region_code
    covered = coverage_of(buyer, region_code=region, day=day)
    lines = sql.rows(_LINES, {"order": order.pk})
    outside = tuple(dict.fromkeys(name for _no, name, *goods in lines if not covered.covers(*goods)))
    return StoodThen(day, region, buyer.channel, True, *rules, buyer.missing_papers, outside)
