"""Django app of the room: organisations."""

from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    """The room ``tenants.organisations``."""

    name = "tenants.organisations"
    label = "organisations"
    default_auto_field = "django.db.models.BigAutoField"
