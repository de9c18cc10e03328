"""Permission codes of the room; a dealer's seat holds none of them: what a neighbour sells for is not its to read."""

from enum import StrEnum


class Permission(StrEnum):
    """What a seat of the brand may do with market quotes."""

    READ = "market.read"
    WRITE = "market.write"
    IMPORT = "market.import"
