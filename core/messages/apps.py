"""Django app of the room: mail, SMS and in-app messages."""

from django.apps import AppConfig


class MessagesConfig(AppConfig):
    """The room ``core.messages``."""

    name = "core.messages"
    label = "outbox"
    default_auto_field = "django.db.models.BigAutoField"
