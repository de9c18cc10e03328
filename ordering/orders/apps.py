"""Django app of the room: orders."""

from django.apps import AppConfig


class OrdersConfig(AppConfig):
    """The room ``ordering.orders``."""

    name = "ordering.orders"
    label = "orders"
    default_auto_field = "django.db.models.BigAutoField"
