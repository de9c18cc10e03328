"""Doors of the worker: stock that has fallen under a threshold."""

from celery import shared_task

from core.tasks.fanning import in_every_brand
from dms.stock import services


@shared_task
def check_thresholds() -> None:
    """Every five minutes, every brand by a task of its own."""
    in_every_brand(check_here, expires_s=300)


@shared_task
def check_here() -> None:
    """Tell what has just fallen under in the schema the task carries."""
    services.check_thresholds()
