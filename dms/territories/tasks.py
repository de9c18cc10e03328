"""Doors of the worker: supplies whose day has come."""

from celery import shared_task

from core.tasks.fanning import in_every_brand
from dms.territories import services


@shared_task
def begin_supplies() -> None:
    """Every five minutes, every brand by a task of its own: midnight is another one in each time zone."""
    in_every_brand(begin_here, expires_s=300)


@shared_task
def begin_here() -> None:
    """Let begin what is due in the schema the task carries."""
    services.begin_supplies()
