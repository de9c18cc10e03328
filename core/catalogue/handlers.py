"""What the public register says about producers' licences. The register stands above this room: heard by name."""

from core.catalogue import services
from core.catalogue.models import Producer
from core.events.registry import HeardEvent, Runs, handles


@handles("organisations.licence_verified.v1", "organisations.licence_told.v1", runs=Runs.BRANDS)
def copy_verified(event: HeardEvent) -> None:
    """A verified SC licence of a producer of this brand."""
    services.copy_verified(told=event.payload, version=event.version)


@handles("organisations.licence_rejected.v1", runs=Runs.BRANDS)
def copy_rejected(event: HeardEvent) -> None:
    """A licence this brand had sent was not found right."""
    services.copy_refuted(told=event.payload, version=event.version, check=Producer.Check.REJECTED)


@handles("organisations.licence_withdrawn.v1", runs=Runs.BRANDS)
def copy_withdrawn(event: HeardEvent) -> None:
    """A verified licence counts no longer."""
    services.copy_refuted(told=event.payload, version=event.version, check=Producer.Check.WITHDRAWN)
