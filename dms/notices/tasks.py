"""Doors of the worker: notices that are out and that somebody has not been written to about."""

from celery import shared_task

from core.tasks.fanning import in_every_brand
from dms.notices import services


@shared_task
def tell_of_notices() -> None:
    """Every minute, every brand by a task of its own: a notice may have been planned for any minute."""
    in_every_brand(tell_here, expires_s=60)


@shared_task
def tell_here() -> None:
    """Write to whoever is left in the schema the task carries."""
    services.tell_due()
