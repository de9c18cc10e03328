"""What a seat of the brand may do with notices; a dealer's seat reads those meant for its house without a code."""

from enum import StrEnum


class Permission(StrEnum):
    """Codes of the room."""

    READ = "notices.read"
    WRITE = "notices.write"
    SETTINGS = "settings.edit"
