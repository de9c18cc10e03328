"""Django app of the room: what a house buys again and again, under a name."""

from django.apps import AppConfig


class ListsConfig(AppConfig):
    """The room ``ordering.lists``."""

    name = "ordering.lists"
    label = "lists"
    default_auto_field = "django.db.models.BigAutoField"
