"""Django app of the room: uploads."""

from django.apps import AppConfig


class FilesConfig(AppConfig):
    """The room ``core.files``."""

    name = "core.files"
    label = "files"
    default_auto_field = "django.db.models.BigAutoField"
