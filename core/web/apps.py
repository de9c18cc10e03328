"""Django app of the room: web."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """The room ``core.web``."""

    name = "core.web"
    label = "web"
