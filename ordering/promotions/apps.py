"""Django app of the room: sales policies."""

from django.apps import AppConfig


class PromotionsConfig(AppConfig):
    """The room ``ordering.promotions``."""

    name = "ordering.promotions"
    label = "promotions"
    default_auto_field = "django.db.models.BigAutoField"
