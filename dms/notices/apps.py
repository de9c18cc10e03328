"""Django app of the room: what the brand tells its dealers."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """The room ``dms.notices``."""

    name = "dms.notices"
    label = "notices"
    default_auto_field = "django.db.models.BigAutoField"
