"""What stock tells the other rooms. Quantities are bottles."""

WAREHOUSE = "warehouse"
"""Aggregate type; its id is the warehouse's code."""
COUNT = "stock_count"
"""Aggregate type; its id is the number of the count, adjustment or transfer."""

WAREHOUSE_OPENED = "dms.warehouse_opened.v1"
"""Payload: ``warehouse_id``, ``kind``, ``region``."""
STOCK_COUNTED = "dms.stock_counted.v1"
"""Payload: ``warehouse``, ``said`` (digest of the count), ``changes``: ``{sku, batch, bottles}`` signed differences."""
STOCK_ADJUSTED = "dms.stock_adjusted.v1"
"""Payload: ``warehouse``, ``reason``, ``lines``: ``{sku, batch, bottles}`` signed differences."""
STOCK_TRANSFERRED = "dms.stock_transferred.v1"
"""Payload: ``from``, ``to`` (warehouse codes), ``lines``: ``{sku, batch, bottles}``."""
STOCK_HOUSE = "stock_house"
"""Aggregate type; its id is the dealer's id whose stock it is."""
THRESHOLDS_SET = "dms.stock_thresholds_set.v1"
"""Payload: ``warehouse`` (code, or empty for all that sell), ``lines``: ``{sku, bottles}``; 0 bottles takes it away."""
STOCK_LOW = "dms.stock_low.v1"
"""Payload: ``dealer_id``, ``count``, ``lines``: ``{sku, name, warehouse, bottles, free}`` just fallen under.

A hundred lines at most."""
