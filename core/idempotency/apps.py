"""Django app of the room: answers already given."""

from django.apps import AppConfig


class IdempotencyConfig(AppConfig):
    """The room ``core.idempotency``."""

    name = "core.idempotency"
    label = "idempotency"
    default_auto_field = "django.db.models.BigAutoField"
