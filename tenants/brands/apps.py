"""Django app of the room: brands and their domains."""

from django.apps import AppConfig


class BrandsConfig(AppConfig):
    """The room ``tenants.brands``."""

    name = "tenants.brands"
    label = "brands"
    default_auto_field = "django.db.models.BigAutoField"
