"""Django app of the room: events and their deliveries."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class EventsConfig(AppConfig):
    """The room ``core.events``."""

    name = "core.events"
    label = "events"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Find every room's handlers: who records an event must know who hears it."""
        autodiscover_modules("handlers")
