"""Django app of the room: what a dealer sees."""

from django.apps import AppConfig


class StorefrontConfig(AppConfig):
    """The room ``frontend.storefront``."""

    name = "frontend.storefront"
    label = "storefront"
    default_auto_field = "django.db.models.BigAutoField"
