"""Which product lines a buyer may trade: its own grants, or for a terminal those of the dealer that supplies it."""

from datetime import date

from dms.dealers.selectors import TradingDealer
from dms.territories.selectors import CoveredLines, covered_lines


def coverage_of(buyer: TradingDealer, *, region_code: str, day: date) -> CoveredLines:
    """Product lines the buyer may order for ``region_code``; one query."""
    holder_id = buyer.supplier_id if buyer.tier == "TERMINAL" else buyer.id
    return covered_lines(dealer_id=holder_id, channel=buyer.channel, region_code=region_code, day=day)
