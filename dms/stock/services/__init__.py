"""The verbs of stock."""

from dms.stock.rules import Demand, Placement, Taken
from dms.stock.services.allocation import move_reservation
from dms.stock.services.reservations import Arrival, Take, receive, release, reserve, ship
from dms.stock.services.warehouses import OpenWarehouse, open_warehouse, receiving_warehouse

__all__ = [
    "Arrival",
    "Demand",
    "OpenWarehouse",
    "Placement",
    "Take",
    "Taken",
    "move_reservation",
    "open_warehouse",
    "receive",
    "receiving_warehouse",
    "release",
    "reserve",
    "ship",
]
