"""Django app of the room: grants."""

from django.apps import AppConfig


class TerritoriesConfig(AppConfig):
    """The room ``dms.territories``."""

    name = "dms.territories"
    label = "territories"
    default_auto_field = "django.db.models.BigAutoField"
