"""Doors of the worker: papers that are about to end."""

from celery import shared_task

from core.tasks.fanning import in_every_brand
from dms.dealers import services


@shared_task
def warn_of_endings() -> None:
    """Every hour, every brand by a task of its own: midnight is another one in each time zone."""
    in_every_brand(warn_here)


@shared_task
def warn_here() -> None:
    """Tell what is due in the schema the task carries."""
    services.warn_of_endings()
