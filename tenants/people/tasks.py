"""Door of the worker: forgetting what is over."""

from celery import shared_task

from core.db.acts import PUBLIC, brand_schema
from core.kernel import clock
from tenants.people.services import purge_claims, purge_resets, purge_sign_ups
from tenants.people.sign_ins import purge


@shared_task
def purge_what_is_over() -> None:
    """Once a day: sign-ins, sessions and tickets that ended long ago, requests for a new password and codes."""
    with brand_schema(PUBLIC):
        purge(clock.now())
        purge_resets()
        purge_claims()
        purge_sign_ups()
