"""Doors of the worker: warn of tokens that end, mend the ways to the portals, forget offers that ended."""

from celery import shared_task

from core.tasks.fanning import in_every_brand
from tenants.access import services


@shared_task
def warn_of_ending_tokens() -> None:
    """Ask every brand's schema, each by a task of its own."""
    in_every_brand(warn_here)


@shared_task
def warn_here() -> None:
    """Warn in the schema the task carries."""
    services.warn_of_ending_tokens()


@shared_task
def heal_portals() -> None:
    """Every ten minutes, every brand by a task of its own."""
    in_every_brand(heal_here, expires_s=600)


@shared_task
def heal_here() -> None:
    """Mend the ways to the portal whose schema the task carries."""
    services.heal_portals()


@shared_task
def forget_offers() -> None:
    """Once a day, every brand by a task of its own."""
    in_every_brand(forget_offers_here)


@shared_task
def forget_offers_here() -> None:
    """Forget in the schema the task carries."""
    services.forget_offers()
