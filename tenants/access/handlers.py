"""What this room hears."""

from uuid import UUID

from core.events.registry import HeardEvent, Runs, handles
from tenants.access.services.personal import forget_person
from tenants.people.events import PERSON_ERASED


@handles(PERSON_ERASED, runs=Runs.BRANDS)
def person_erased(event: HeardEvent) -> None:
    """In every brand: the person's seats end and their name goes."""
    forget_person(UUID(event.payload["person_id"]))
