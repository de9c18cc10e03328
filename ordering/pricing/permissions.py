"""Permission codes of the room."""

from enum import StrEnum


class Permission(StrEnum):
    """What a seat may do with prices."""

    READ = "prices.read"
    EDIT = "prices.edit"
    APPROVE = "prices.approve"
    PURCHASE = "prices.purchase"
    SETTINGS = "settings.edit"
