"""Permission codes of the room."""

from enum import StrEnum


class Permission(StrEnum):
    """What a seat may do with orders."""

    READ = "orders.read"
    PLACE = "orders.place"
    APPROVE = "orders.approve"
    CANCEL = "orders.cancel"
    NOTE = "orders.note"
    SETTINGS = "settings.edit"
