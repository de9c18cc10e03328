"""Django app of the room: long acts."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """The room ``core.jobs``."""

    name = "core.jobs"
    label = "jobs"
    default_auto_field = "django.db.models.BigAutoField"
