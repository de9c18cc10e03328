"""Doors of the worker: papers that are about to end."""

from celery import shared_task

from core.db.acts import brand_schema
from core.db.schemas import brand_schemas
from dms.dealers import services


@shared_task
def warn_of_endings() -> None:
    """Every hour, every brand by a task of its own: midnight is another one in each time zone."""
    for schema in brand_schemas():
        with brand_schema(schema):
            warn_here.delay()


@shared_task
def warn_here() -> None:
    """Tell what is due in the schema the task carries."""
    services.warn_of_endings()
