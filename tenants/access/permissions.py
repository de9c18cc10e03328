"""Permission codes of the room."""

from enum import StrEnum


class Permission(StrEnum):
    """Who may look at and change seats."""

    READ = "access.read"
    EDIT = "access.edit"
    SETTINGS = "settings.edit"
