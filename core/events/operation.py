"""What an operator does with deliveries that fail: tries one again at once, or drops it for good, with a reason."""

from core.db.acts import act, current_schema
from core.events.models import Delivery
from core.events.services import poke, record
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.errors import Missing
from core.kernel.operators import Ops
from core.kernel.text import normalised

RETRIED = "events.delivery_retried.v1"
DROPPED = "events.delivery_dropped.v1"


def failed_deliveries(actor: Actor, limit: int = 20) -> list[Delivery]:
    """Deliveries of the present schema that failed at least once, those tried most often first. One query."""
    actor.require(Ops.READ_DELIVERIES, writes=False)
    failed = Delivery.objects.filter(attempts__gt=0).select_related("event")
    return list(failed.order_by("-attempts", "id")[:limit])


def retry_delivery(*, actor: Actor, delivery_id: int, reason: str) -> None:
    """Make a delivery due at once. Raises ``Missing``: it was made meanwhile."""
    actor.require(Ops.EDIT_DELIVERIES)
    with act():
        found = _locked(delivery_id)
        found.due_at = clock.now()
        found.save(update_fields=["due_at"])
        _record(RETRIED, found, actor, reason)
    poke(current_schema())


def drop_delivery(*, actor: Actor, delivery_id: int, reason: str) -> None:
    """Never make this delivery: its handler will not hear of the event. Raises ``Missing``."""
    actor.require(Ops.EDIT_DELIVERIES)
    with act():
        found = _locked(delivery_id)
        _record(DROPPED, found, actor, reason)
        found.delete()


def _locked(delivery_id: int) -> Delivery:
    found = Delivery.objects.select_for_update(of=("self",)).select_related("event").filter(pk=delivery_id).first()
    if found is None:
        raise Missing
    return found


def _record(kind: str, found: Delivery, actor: Actor, reason: str) -> None:
    record(
        kind=kind,
        aggregate_type="delivery",
        aggregate_id=str(found.pk),
        version=0,
        actor=actor,
        payload={"handler": found.handler, "event": str(found.event_id), "reason": normalised(reason)[:200]},
    )
