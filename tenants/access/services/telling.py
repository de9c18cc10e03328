"""What is recorded of seats, and what the platform hears after it."""

from functools import partial

from django.db import transaction

from core.db.acts import current_schema
from core.events.services import record
from core.kernel.actor import Actor
from tenants.access.models import Invitation, Seat
from tenants.access.selectors import seated_people
from tenants.brands.services import forget_portal, note_portal, settle_portals


def record_seat(kind: str, seat: Seat, actor: Actor | None, **more: object) -> None:
    """Something happened to a seat."""
    record(
        kind=kind,
        aggregate_type="seat",
        aggregate_id=str(seat.pk),
        version=seat.version,
        actor=actor,
        payload={"person_id": str(seat.person_id), "side": seat.side, "roles": seat.roles, **more},
        seller_id=actor.dealer_id if actor else None,
        buyer_id=seat.dealer_id,
    )


def record_invitation(kind: str, invitation: Invitation, actor: Actor | None) -> None:
    """Something happened to an invitation."""
    record(
        kind=kind,
        aggregate_type="invitation",
        aggregate_id=str(invitation.pk),
        version=invitation.version,
        actor=actor,
        payload={"side": invitation.side, "roles": invitation.roles},
        seller_id=actor.dealer_id if actor else None,
        buyer_id=invitation.dealer_id,
    )


def show_portal(seat: Seat) -> None:
    """After the commit the platform shows the person the way here: another schema is another transaction."""
    told = partial(note_portal, schema_name=current_schema(), person_id=seat.person_id, side=seat.side)
    transaction.on_commit(told, robust=True)


def hide_portal(seat: Seat) -> None:
    """After the commit the platform forgets the way where no seat of that side is left."""
    others = Seat.objects.filter(person_id=seat.person_id, side=seat.side, status=Seat.Status.ACTIVE, is_acting=False)
    if others.exists():
        return
    told = partial(forget_portal, schema_name=current_schema(), person_id=seat.person_id, side=seat.side)
    transaction.on_commit(told, robust=True)


def heal_portals() -> int:
    """Mend what the platform shows of this brand: a kill between the two commits loses what it was told. How many."""
    return settle_portals(schema_name=current_schema(), seated=seated_people)
