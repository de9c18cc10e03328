"""Door of the worker: forgetting old answers, brand by brand."""

from celery import shared_task

from core.db.acts import PUBLIC, brand_schema
from core.db.schemas import brand_schemas
from core.idempotency import services
from core.kernel import clock


@shared_task
def purge() -> None:
    """Once a day, in every schema."""
    for schema in (PUBLIC, *brand_schemas()):
        with brand_schema(schema):
            services.purge(now=clock.now())
