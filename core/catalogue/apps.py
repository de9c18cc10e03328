"""Django app of the room: a brand's products."""

from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    """The room ``core.catalogue``."""

    name = "core.catalogue"
    label = "catalogue"
    default_auto_field = "django.db.models.BigAutoField"
