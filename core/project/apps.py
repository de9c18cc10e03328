"""The wiring as an app, so that its commands are found."""

from django.apps import AppConfig


class ProjectConfig(AppConfig):
    """Settings, URLs and commands over all rooms."""

    name = "core.project"
    label = "project"

    def ready(self) -> None:
        """Make the Celery app in every process: whoever queues a task must know the broker and the task.

        The checks of the wiring are registered here too.
        """
        from core.project import checks  # noqa: F401 - registers them
        from core.project.celery import app

        app.autodiscover_tasks(force=True)
