"""What the brands' schemas tell the register: whom they deal with, which papers they send. Heard by name."""

from uuid import UUID

from core.events.registry import HeardEvent, Runs, handles
from tenants.organisations import services


@handles("dms.organisations_used.v1", "catalogue.organisations_used.v1", runs=Runs.PUBLIC)
def note_uses(event: HeardEvent) -> None:
    """A dealer or producer of that schema is this organisation: its facts are delivered there from now on."""
    ids = [UUID(one) for one in event.payload["organisations"]]
    services.note_uses(schema_name=event.schema, organisation_ids=ids)


@handles("dms.licence_submitted.v1", "catalogue.licence_submitted.v1", runs=Runs.PUBLIC)
def take_submission(event: HeardEvent) -> None:
    """A paper to be verified."""
    services.take_submission(schema_name=event.schema, submitted_by=event.person_id, told=event.payload)


@handles("dms.licence_recalled.v1", runs=Runs.PUBLIC)
def take_back(event: HeardEvent) -> None:
    """The sender no longer wants it verified."""
    services.take_back(schema_name=event.schema, licence_id=UUID(event.payload["licence_id"]))
