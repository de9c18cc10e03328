"""Django app of the room: long acts."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class JobsConfig(AppConfig):
    """The room ``core.jobs``."""

    name = "core.jobs"
    label = "jobs"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Find every room's job functions: the web process checks who may start them, the worker runs them."""
        autodiscover_modules("resources")
