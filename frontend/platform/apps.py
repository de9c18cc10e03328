"""Django app of the room: the public face."""

from django.apps import AppConfig


class PlatformConfig(AppConfig):
    """The room ``frontend.platform``."""

    name = "frontend.platform"
    label = "platform"
    default_auto_field = "django.db.models.BigAutoField"
