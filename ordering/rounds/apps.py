"""Django app of the room: price rounds."""

from django.apps import AppConfig


class RoundsConfig(AppConfig):
    """The room ``ordering.rounds``."""

    name = "ordering.rounds"
    label = "rounds"
    default_auto_field = "django.db.models.BigAutoField"
