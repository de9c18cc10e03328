"""Doors of the worker: let orders expire whose time to be approved is over."""

from celery import shared_task

from core.tasks.fanning import in_every_brand
from ordering.orders import services


@shared_task
def expire_due() -> None:
    """Ask every brand's schema, each by a task of its own."""
    in_every_brand(expire_here, expires_s=60)


@shared_task
def expire_here() -> None:
    """Expire what is due in the schema the task carries."""
    services.expire_due()
