"""Django app of the room: the channel tree."""

from django.apps import AppConfig


class DealersConfig(AppConfig):
    """The room ``dms.dealers``."""

    name = "dms.dealers"
    label = "dealers"
    default_auto_field = "django.db.models.BigAutoField"
