"""Doors of the worker: producers' licences that are about to end."""

from celery import shared_task

from core.catalogue import services
from core.tasks.fanning import in_every_brand


@shared_task
def warn_of_endings() -> None:
    """Every hour, every brand by a task of its own."""
    in_every_brand(warn_here)


@shared_task
def warn_here() -> None:
    """Tell what is due in the schema the task carries."""
    services.warn_of_endings()
