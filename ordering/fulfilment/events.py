"""What leaves and arrives, as other rooms, the feed and the timeline hear it."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.kernel.errors import Field

ORDER_ALLOCATED = "ordering.order_allocated.v1"
ORDER_SHIPPED = "ordering.order_shipped.v1"
CARRIER_CHANGED = "ordering.carrier_changed.v1"
SHIPMENT_RECEIVED = "ordering.shipment_received.v1"

Payload = dict[str, Field | list[dict[str, Field]]]


@dataclass(frozen=True, slots=True)
class MovedLine:
    """One line of a shipment as it is told: bottles, their share of the line's amount and tax (minor units)."""

    line_no: int
    sku: str
    product_line: str
    bottles: int
    amount: int
    tax: int
    received: int | None = None

    def told(self) -> dict[str, Field]:
        """The line in a payload; ``net`` is the amount without tax."""
        return {
            "line": self.line_no,
            "sku": self.sku,
            "product_line": self.product_line,
            "bottles": self.bottles,
            "amount": self.amount,
            "tax": self.tax,
            "net": self.amount - self.tax,
            "received": self.received,
        }


def shipment_told(
    *, shipment: str, order: str, warehouse: str, fulfilment: str, currency: str, lines: Sequence[MovedLine]
) -> Payload:
    """Payload of ``ORDER_SHIPPED`` and ``SHIPMENT_RECEIVED``."""
    return {
        "shipment": shipment,
        "order": order,
        "warehouse": warehouse,
        "fulfilment": fulfilment,
        "currency": currency,
        "bottles": sum(line.bottles for line in lines),
        "amount": sum(line.amount for line in lines),
        "tax": sum(line.tax for line in lines),
        "lines": [line.told() for line in lines],
    }
