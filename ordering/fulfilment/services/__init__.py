"""The verbs of fulfilment: allocate, ship in parts, receive."""

from ordering.fulfilment.rules import Wish
from ordering.fulfilment.services.allocating import Allocate, Place, allocate
from ordering.fulfilment.services.bulk import ship_each
from ordering.fulfilment.services.carriers import ChangeCarrier, change_carrier
from ordering.fulfilment.services.closing import CloseShort, close_short
from ordering.fulfilment.services.receiving import Receive, Received, receive
from ordering.fulfilment.services.shipping import (
    Load,
    Ship,
    ShipEverything,
    Shipped,
    ShipTogether,
    ship,
    ship_everything,
    ship_together,
)

__all__ = [
    "Allocate",
    "ChangeCarrier",
    "CloseShort",
    "Load",
    "Place",
    "Receive",
    "Received",
    "Ship",
    "ShipEverything",
    "ShipTogether",
    "Shipped",
    "Wish",
    "allocate",
    "change_carrier",
    "close_short",
    "receive",
    "ship",
    "ship_each",
    "ship_everything",
    "ship_together",
]
