"""The wiring as an app, so that its commands are found."""

from django.apps import AppConfig


class ProjectConfig(AppConfig):
    """Settings, URLs and commands over all rooms."""

    name = "core.project"
    label = "project"
