"""The verbs of fulfilment: allocate, ship in parts, receive."""

from ordering.fulfilment.rules import Wish
from ordering.fulfilment.services.allocating import Allocate, Place, allocate
from ordering.fulfilment.services.bulk import ship_each
from ordering.fulfilment.services.carriers import ChangeCarrier, change_carrier
from ordering.fulfilment.services.closing import CloseShort, close_short
from ordering.fulfilment.services.receiving import Receive, Received, receive
from ordering.fulfilment.services.shipping import Ship, ShipEverything, Shipped, ship, ship_everything

__all__ = [
    "Allocate",
    "ChangeCarrier",
    "CloseShort",
    "Place",
    "Receive",
    "Received",
    "Ship",
    "ShipEverything",
    "Shipped",
    "Wish",
    "allocate",
    "change_carrier",
    "close_short",
    "receive",
    "ship",
    "ship_each",
    "ship_everything",
]
