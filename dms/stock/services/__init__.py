"""The verbs of stock."""

from dms.stock.rules import Demand, Placement, Taken
from dms.stock.services.allocation import move_reservation
from dms.stock.services.reservations import Arrival, Take, receive, release, reserve, ship

__all__ = [
    "Arrival",
    "Demand",
    "Placement",
    "Take",
    "Taken",
    "move_reservation",
    "receive",
    "release",
    "reserve",
    "ship",
]
