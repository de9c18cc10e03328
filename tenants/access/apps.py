"""Django app of the room: seats and tokens."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    """The room ``tenants.access``."""

    name = "tenants.access"
    label = "access"
    default_auto_field = "django.db.models.BigAutoField"
