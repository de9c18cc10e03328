"""What this room hears."""

from uuid import UUID

from core.events.registry import HeardEvent, Runs, handles
from tenants.access.services.personal import forget_person
from tenants.access.services.tokens import end_tokens_of
from tenants.people.events import PERSON_ERASED, PERSON_LOCKED


@handles(PERSON_ERASED, runs=Runs.BRANDS)
def person_erased(event: HeardEvent) -> None:
    """In every brand: the person's seats end and their name goes."""
    forget_person(UUID(event.payload["person_id"]))


@handles(PERSON_LOCKED, runs=Runs.BRANDS)
def person_locked(event: HeardEvent) -> None:
    """In every brand: the programs of a closed account stop too."""
    end_tokens_of(UUID(event.aggregate_id))
