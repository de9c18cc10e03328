"""Django app of the room: shipments and receipts."""

from django.apps import AppConfig


class FulfilmentConfig(AppConfig):
    """The room ``ordering.fulfilment``."""

    name = "ordering.fulfilment"
    label = "fulfilment"
    default_auto_field = "django.db.models.BigAutoField"
