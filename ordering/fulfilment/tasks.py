"""Door of the worker: names of erased people go when the record of a transaction need not be kept any more."""

from datetime import timedelta
from uuid import UUID

from celery import shared_task

from core.db.acts import brand_schema
from core.kernel import clock
from ordering.fulfilment.services import forgetting as shipments
from ordering.orders.services import forgetting as orders
from tenants.brands.selectors import brands_with_people
from tenants.people.erasing import erased_people, note_names_gone

KEPT = timedelta(days=3 * 366)
"""Three years after the transaction (电子商务法 art. 31)."""


@shared_task
def forget_names() -> None:
    """Once a day: whoever was erased and whose name some brand's records still bear."""
    people, before = erased_people(), clock.now() - KEPT
    left: set[UUID] = set()
    for brand in brands_with_people() if people else ():
        with brand_schema(brand.schema_name):
            orders.forget_names(people, before=before)
            shipments.forget_names(people, before=before)
            left |= orders.still_named(people) | shipments.still_named(people)
    note_names_gone(set(people) - left)
