"""Django app of the room: price lists."""

from django.apps import AppConfig


class PricingConfig(AppConfig):
    """The room ``ordering.pricing``."""

    name = "ordering.pricing"
    label = "pricing"
    default_auto_field = "django.db.models.BigAutoField"
