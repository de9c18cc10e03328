"""What a seat may do with grants."""

from enum import StrEnum


class Permission(StrEnum):
    """Codes of the room."""

    READ = "territories.read"
    EDIT = "territories.edit"
    SETTINGS = "settings.edit"
