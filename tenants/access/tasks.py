"""Doors of the worker: warn of tokens that end."""

from celery import shared_task

from core.db.acts import brand_schema
from core.db.schemas import brand_schemas
from tenants.access import services


@shared_task
def warn_of_ending_tokens() -> None:
    """Ask every brand's schema, each by a task of its own."""
    for schema in brand_schemas():
        with brand_schema(schema):
            warn_here.delay()


@shared_task
def warn_here() -> None:
    """Warn in the schema the task carries."""
    services.warn_of_ending_tokens()
