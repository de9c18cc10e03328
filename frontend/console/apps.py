"""Django app of the room: what the brand's staff sees."""

from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    """The room ``frontend.console``."""

    name = "frontend.console"
    label = "console"
    default_auto_field = "django.db.models.BigAutoField"
