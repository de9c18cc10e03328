"""What leaves the house is written down with its number of rows."""

from core.db.acts import act
from core.events.services import record
from core.kernel.actor import Actor
from tenants.access.events import RIGHTS_EXPORTED
from tenants.access.permissions import Permission


def note_rights_export(*, actor: Actor, rows: int) -> None:
    """Somebody takes the list of who can do what away."""
    actor.require(Permission.READ, writes=False)
    with act():
        record(
            kind=RIGHTS_EXPORTED,
            aggregate_type="rights",
            aggregate_id=str(actor.dealer_id),
            version=0,
            actor=actor,
            payload={"rows": rows},
            seller_id=actor.dealer_id,
        )
