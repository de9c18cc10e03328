"""Handing a round in, and deciding on it: another person than those who wrote it."""

from dataclasses import dataclass

from core.db.acts import act
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.errors import refuse_all
from core.kernel.text import normalised
from ordering.pricing.permissions import Permission
from ordering.rounds import errors, events
from ordering.rounds.models import PriceRound, PriceRoundLine
from ordering.rounds.rules import Status
from ordering.rounds.selectors.floors import lines_under_floor
from ordering.rounds.services.locking import locked_round, saved, touched


@dataclass(frozen=True, slots=True)
class DecideRound:
    """Approve the round as seen in ``version``, or send it back with a reason.

    ``allows_floor``: prices under the red line are meant.
    """

    number: str
    version: int
    approves: bool
    reason: str = ""
    allows_floor: bool = False


def submit_round(*, actor: Actor, number: str, version: int) -> PriceRound:
    """Hand a draft in. Raises ``Missing``, ``RoundState``, ``VersionConflict``, ``RoundEmpty``, or that it is late."""
    actor.require(Permission.EDIT)
    with act():
        row = locked_round(actor, number, step="submit", version=version)
        if not PriceRoundLine.objects.filter(round=row).exists():
            raise errors.RoundEmpty
        if row.takes_effect_at <= clock.now():
            raise errors.TakesEffectTooEarly(field="takes_effect_at")
        touched(row, actor)
        row.status, row.submitted_at, row.submitted_by_name = Status.SUBMITTED, clock.now(), actor.person_name[:80]
        row.decided_at, row.decided_by_name, row.decision_reason = None, "", ""
        saved(row, actor, events.ROUND_SUBMITTED)
    return row


def decide_round(*, actor: Actor, command: DecideRound) -> PriceRound:
    """Approve, or send back to its writers.

    Raises ``Missing``, ``RoundState``, ``VersionConflict``, ``OwnRound``, ``ReasonMissing``, and by line
    ``FloorUnagreed`` where prices go under the red line and nobody said so.
    """
    actor.require(Permission.APPROVE)
    with act():
        row = locked_round(actor, command.number, step="decide", version=command.version)
        if any(actor.stands_for(person) for person in row.touched_by_ids):
            raise errors.OwnRound
        reason = normalised(command.reason)[:200]
        if not command.approves and not reason:
            raise errors.ReasonMissing(field="reason")
        if command.approves and not command.allows_floor:
            refuse_all(
                errors.FloorUnagreed(line=one.line_no, sku=one.sku_code, list=one.list_code, floor=one.floor)
                for one in lines_under_floor(row)
            )
        row.status = Status.APPROVED if command.approves else Status.DRAFT
        row.allows_floor = command.approves and command.allows_floor
        row.decided_at, row.decided_by_name, row.decision_reason = clock.now(), actor.person_name[:80], reason
        saved(row, actor, events.ROUND_APPROVED if command.approves else events.ROUND_SENT_BACK, reason=reason)
    return row
