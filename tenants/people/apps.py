"""Django app of the room: people and sign-in."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """The room ``tenants.people``."""

    name = "tenants.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"
