"""Django app of the room: tasks."""

from django.apps import AppConfig


class TasksConfig(AppConfig):
    """The room ``core.tasks``."""

    name = "core.tasks"
    label = "tasks"
