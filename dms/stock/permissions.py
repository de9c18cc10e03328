"""What a seat may do with stock."""

from enum import StrEnum


class Permission(StrEnum):
    """Codes of the room."""

    READ = "stock.read"
    ADJUST = "stock.adjust"
    COUNT = "stock.count"
    TRANSFER = "stock.transfer"
    THRESHOLDS = "stock.thresholds"
