"""What a seat may do with products."""

from enum import StrEnum


class Permission(StrEnum):
    """Permission codes of the room."""

    READ = "catalogue.read"
    EDIT = "catalogue.edit"
    IMPORT = "catalogue.import"
    SETTINGS = "settings.edit"
