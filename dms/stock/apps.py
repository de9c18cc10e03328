"""Django app of the room: warehouses and stock."""

from django.apps import AppConfig


class StockConfig(AppConfig):
    """The room ``dms.stock``."""

    name = "dms.stock"
    label = "stock"
    default_auto_field = "django.db.models.BigAutoField"
