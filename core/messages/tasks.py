"""Doors of the worker: send what is due here, and find what was left lying anywhere."""

from celery import shared_task

from core.db.acts import PUBLIC, brand_schema
from core.db.schemas import brand_schemas
from core.events import broker
from core.kernel import clock
from core.messages import selectors, services


@shared_task
def dispatch() -> None:
    """Send what is due in this task's schema."""
    services.dispatch()


@shared_task
def dispatch_late() -> None:
    """Queue a dispatch for every schema with something due: the broker was away, or a worker died."""
    for schema in (PUBLIC, *brand_schemas()):
        with brand_schema(schema):
            has_due = selectors.due(clock.now()).exists()
        if has_due:
            broker.send(services.DISPATCH_TASK, schema=schema, expires_s=120)


@shared_task
def forget_letters() -> None:
    """Once a day: letters to addresses are not kept for ever, in any schema."""
    for schema in (PUBLIC, *brand_schemas()):
        with brand_schema(schema):
            services.forget_letters()
