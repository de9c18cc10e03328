"""Permission codes of the room."""

from enum import StrEnum


class Permission(StrEnum):
    """What a seat may do with sales policies. Whoever wrote or submitted one never approves it."""

    READ = "promotions.read"
    WRITE = "promotions.write"
    APPROVE = "promotions.approve"
