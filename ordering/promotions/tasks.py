"""Doors of the worker: promotions that have begun and of which nobody has heard."""

from celery import shared_task

from core.tasks.fanning import in_every_brand
from ordering.promotions import services


@shared_task
def tell_of_beginnings() -> None:
    """Every minute, every brand by a task of its own: a promotion may begin at any minute."""
    in_every_brand(tell_here, expires_s=60)


@shared_task
def tell_here() -> None:
    """Write to whom it concerns in the schema the task carries."""
    services.tell_begun()
