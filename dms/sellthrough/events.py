"""What happens to market quotes."""

QUOTES = "market_quotes"
MARKET_QUOTES_RECORDED = "dms.market_quotes_recorded.v1"
"""Quotes were written down, or taken back (no amount); each with SKU, division, day, source, unit and minor units."""
