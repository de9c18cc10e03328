"""Doors of the worker: run a job, find those nobody runs."""

from uuid import UUID

from celery import shared_task

from core.db.acts import PUBLIC, brand_schema
from core.db.schemas import brand_schemas
from core.jobs import services


@shared_task
def run(job_id: str) -> None:
    """Run one job of this task's schema."""
    services.run(UUID(job_id))


@shared_task
def adopt_orphans() -> None:
    """Once a minute, in every schema."""
    for schema in (PUBLIC, *brand_schemas()):
        with brand_schema(schema):
            services.adopt_orphans()


@shared_task
def forget_previews() -> None:
    """Once a day, in every schema."""
    for schema in (PUBLIC, *brand_schemas()):
        with brand_schema(schema):
            services.forget_previews()
