"""What a seat may do with the channel tree."""

from enum import StrEnum


class Permission(StrEnum):
    """Codes of the room."""

    READ = "dealers.read"
    EDIT = "dealers.edit"
    IMPORT = "dealers.import"
    EDIT_OWN = "dealers.edit_own"
    SETTINGS = "settings.edit"
