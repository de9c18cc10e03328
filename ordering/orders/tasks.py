"""Doors of the worker: let orders expire whose time to be approved is over."""

from celery import shared_task

from core.db.acts import brand_schema
from core.db.schemas import brand_schemas
from ordering.orders import services


@shared_task
def expire_due() -> None:
    """Ask every brand's schema, each by a task of its own."""
    for schema in brand_schemas():
        with brand_schema(schema):
            expire_here.delay()


@shared_task
def expire_here() -> None:
    """Expire what is due in the schema the task carries."""
    services.expire_due()
