"""Django app of the room: what goods fetch and how they move beyond the brand's own sales."""

from django.apps import AppConfig


class SellthroughConfig(AppConfig):
    """The room ``dms.sellthrough``."""

    name = "dms.sellthrough"
    label = "sellthrough"
    default_auto_field = "django.db.models.BigAutoField"
