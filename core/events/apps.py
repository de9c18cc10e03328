"""Django app of the room: events and their deliveries."""

from django.apps import AppConfig


class EventsConfig(AppConfig):
    """The room ``core.events``."""

    name = "core.events"
    label = "events"
    default_auto_field = "django.db.models.BigAutoField"
