"""Permission codes of the room; what operators may do stands in ``core.kernel.operators``."""

from enum import StrEnum


class Permission(StrEnum):
    """What a seat of the brand may do with its own portal."""

    SETTINGS_EDIT = "settings.edit"
