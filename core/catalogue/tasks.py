"""Doors of the worker: producers' licences that are about to end."""

from celery import shared_task

from core.catalogue import services
from core.db.acts import brand_schema
from core.db.schemas import brand_schemas


@shared_task
def warn_of_endings() -> None:
    """Every hour, every brand by a task of its own."""
    for schema in brand_schemas():
        with brand_schema(schema):
            warn_here.delay()


@shared_task
def warn_here() -> None:
    """Tell what is due in the schema the task carries."""
    services.warn_of_endings()
