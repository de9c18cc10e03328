"""Django app of the room: double entry by book."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """The room ``billing.ledger``."""

    name = "billing.ledger"
    label = "ledger"
    default_auto_field = "django.db.models.BigAutoField"
