"""Which product lines a buyer may trade: its own grants, or for a terminal those of the dealer that supplies it."""

from datetime import date

from dms.dealers.selectors import TradingDealer
from dms.territories.selectors import CoveredLines, covered_lines, outlet_lines


def coverage_of(buyer: TradingDealer, *, region_code: str, day: date) -> CoveredLines:
    """Product lines the buyer may order for ``region_code``; one query."""
    if buyer.tier == "TERMINAL":
        return outlet_lines(
            outlet_id=buyer.id,
            seller_id=buyer.supplier_id,
            is_usual=buyer.is_usual,
            channel=buyer.channel,
            region_code=region_code,
            day=day,
        )
    return covered_lines(dealer_id=buyer.id, channel=buyer.channel, region_code=region_code, day=day)
