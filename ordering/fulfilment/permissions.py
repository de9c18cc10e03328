"""Permission codes of the room."""

from enum import StrEnum


class Permission(StrEnum):
    """What a seat may do with shipments."""

    READ = "fulfilment.read"
    ALLOCATE = "fulfilment.allocate"
    SHIP = "fulfilment.ship"
    RECEIVE = "fulfilment.receive"
