"""The brand's rules for orders, and with them the next order's serial when one is about to be placed."""

from dataclasses import dataclass

from core.db import sql

_SETTINGS = """
SELECT approval_hours, minimum_amount, auto_approve_up_to, tax_rate_bp, requires_licence, requires_grant,
       shows_prices_on_notes, time_zone, version, CASE WHEN %(is_placing)s THEN nextval('orders_order_number') END
FROM orders_orderingsettings WHERE id = 1
"""


@dataclass(frozen=True, slots=True)
class OrderingTerms:
    """The settings row as a value; amounts in minor units, ``tax_rate_bp`` 1300 = 13 %.

    ``shows_prices_on_notes``: delivery notes carry amounts; usually they do not, drivers and receivers need not know.

    ``serial`` is the next of the order numbers, taken in the same statement when an order is placed: numbers may have
    gaps, statements cost.
    """

    approval_hours: int
    minimum_amount: int
    auto_approve_up_to: int
    tax_rate_bp: int
    requires_licence: bool
    requires_grant: bool
    shows_prices_on_notes: bool
    time_zone: str
    version: int
    serial: int | None = None


def ordering_settings(*, is_placing: bool = False) -> OrderingTerms:
    """The one row of settings; one statement."""
    row = sql.row(_SETTINGS, {"is_placing": is_placing})
    if row is None:
        raise RuntimeError("the settings row is made with the schema")
    return OrderingTerms(*row)
