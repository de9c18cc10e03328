"""Doors of the worker: products that are back in stock."""

from celery import shared_task

from core.tasks.fanning import in_every_brand
from ordering.lists import services


@shared_task
def tell_of_returns() -> None:
    """Every five minutes, every brand by a task of its own."""
    in_every_brand(tell_here, expires_s=300)


@shared_task
def tell_here() -> None:
    """Tell who waits for what is free again in the schema the task carries."""
    services.tell_of_returns()
