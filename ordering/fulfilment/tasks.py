"""Door of the worker: names of erased people go when the record of a transaction need not be kept any more."""

from datetime import timedelta

from celery import shared_task

from core.db.acts import brand_schema
from core.kernel import clock
from ordering.fulfilment.services import forgetting as shipments
from ordering.orders.services import forgetting as orders
from tenants.brands.selectors import brands_with_people
from tenants.people.erasing import erased_people

KEPT = timedelta(days=3 * 366)
"""Three years after the transaction (电子商务法 art. 31)."""


@shared_task
def forget_names() -> None:
    """Once a day, in every brand."""
    people, before = erased_people(), clock.now() - KEPT
    for brand in brands_with_people() if people else ():
        with brand_schema(brand.schema_name):
            orders.forget_names(people, before=before)
            shipments.forget_names(people, before=before)
