"""What this room hears."""

from uuid import UUID

from core.events.registry import HeardEvent, Runs, handles
from tenants.access.services.hosts import warn_of_lost_host
from tenants.access.services.personal import forget_arrived, forget_person
from tenants.access.services.tokens import end_tokens_of
from tenants.brands.events import BRAND_IMPORTED, DOMAIN_LOST
from tenants.people.events import PERSON_ERASED, PERSON_LOCKED


@handles(PERSON_ERASED, runs=Runs.BRANDS)
def person_erased(event: HeardEvent) -> None:
    """In every brand: the person's seats end and their name goes."""
    forget_person(UUID(event.payload["person_id"]))


@handles(PERSON_LOCKED, runs=Runs.BRANDS)
def person_locked(event: HeardEvent) -> None:
    """In every brand: the programs of a closed account stop too."""
    end_tokens_of(UUID(event.aggregate_id))


@handles(DOMAIN_LOST, runs=Runs.BRANDS)
def domain_lost(event: HeardEvent) -> None:
    """In the brand whose host has been without its record for days: its administrators are told."""
    warn_of_lost_host(event.payload["host"])


@handles(BRAND_IMPORTED, runs=Runs.PUBLIC)
def brand_imported(event: HeardEvent) -> None:
    """People erased while a brand was on its way here are forgotten in it too."""
    forget_arrived(event.aggregate_id)
