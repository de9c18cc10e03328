"""The brand's rules for prices, and what anything computed from prices is to be keyed by."""

from datetime import datetime

from core.db import sql
from dms.dealers.selectors import TradingDealer
from ordering.pricing.models import PricingSettings
from ordering.pricing.selectors.chains import CHAIN, chain_parameters


def pricing_settings() -> PricingSettings:
    """The one row, or the defaults where nobody has changed them yet. One query."""
    return PricingSettings.objects.first() or PricingSettings()


_KEY = f"""
WITH {CHAIN}
SELECT (SELECT version FROM pricing_pricingsettings), chain.id, depth, source.id, source.version
FROM chain JOIN pricing_pricelist AS source ON source.id = chain.source_id ORDER BY position, chain.id, depth
"""


def chain_key(
    *, seller_id: int, buyer: TradingDealer, currency: str, at: datetime
) -> tuple[tuple[int | None, ...], ...]:
    """What a buyer's prices depend on: lists in their order, parents and versions, the settings' version. One query.

    Whatever is kept of prices is kept under it (and the instant: entries begin to rule without a new version). Buyers
    of one chain share it.
    """
    kinds = ("SALE", "FLOOR")
    asked = chain_parameters(seller_id=seller_id, buyer=buyer, currency=currency, at=at, kinds=kinds)
    return tuple(sql.rows(_KEY, asked))
