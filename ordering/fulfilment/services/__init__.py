"""The verbs of fulfilment: allocate, ship in parts, receive."""

from ordering.fulfilment.rules import Wish
from ordering.fulfilment.services.allocating import Allocate, Place, allocate
from ordering.fulfilment.services.receiving import Receive, Received, receive
from ordering.fulfilment.services.shipping import Ship, Shipped, ship

__all__ = [
    "Allocate",
    "Place",
    "Receive",
    "Received",
    "Ship",
    "Shipped",
    "Wish",
    "allocate",
    "receive",
    "ship",
]
