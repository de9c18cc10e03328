"""Doors of the worker: see whether the hosts of brands are still their own, drop pictures nobody shows."""

from celery import shared_task

from core.tasks.fanning import in_every_brand
from tenants.brands import services


@shared_task
def recheck_hosts() -> None:
    """Once a day, in the public schema."""
    services.recheck_hosts()


@shared_task
def forget_pictures() -> None:
    """Once a day, every brand by a task of its own."""
    in_every_brand(forget_pictures_here)


@shared_task
def forget_pictures_here() -> None:
    """Drop what the brand whose schema the task carries shows nowhere."""
    services.forget_pictures()
