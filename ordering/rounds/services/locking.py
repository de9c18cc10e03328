"""The round's row, locked before anything of it changes (rank ORDER), and saved with its event."""

from uuid import UUID

from core.db.locks import Rank, locked
from core.events.services import record
from core.kernel.actor import Actor
from core.kernel.errors import Missing, OutOfScope, VersionConflict
from ordering.rounds.errors import RoundState
from ordering.rounds.events import ROUND, told
from ordering.rounds.models import PriceRound, PriceRoundLine
from ordering.rounds.rules import STEPS
from ordering.rounds.selectors.rounds import reaches_outside, rounds_visible_to


def locked_round(actor: Actor, number: str, *, step: str, version: int | None) -> PriceRound:
    """Raises ``Missing``, ``OutOfScope``, ``RoundState`` where ``step`` does not fit, ``VersionConflict``."""
    row = next(iter(locked(rounds_visible_to(actor).filter(number=number), Rank.ORDER)), None)
    if row is None:
        raise Missing(round=number[:30])
    if reaches_outside(actor, row):
        raise OutOfScope
    if row.status not in STEPS[step]:
        raise RoundState(number=row.number, status=row.status)
    if version is not None and row.version != version:
        raise VersionConflict(version=row.version)
    return row


def saved(row: PriceRound, actor: Actor, kind: str, *, is_new: bool = False, reason: str = "") -> None:
    """Save the round in its next version, remember who touched it while it is written, and record ``kind``."""
    if not is_new:
        row.version += 1
        row.save()
    record(
        kind=kind,
        aggregate_type=ROUND,
        aggregate_id=row.number,
        version=row.version,
        actor=actor,
        payload=told(
            number=row.number,
            status=row.status,
            line_count=PriceRoundLine.objects.filter(round=row).count(),
            reason=reason,
        ),
        seller_id=row.seller_id,
    )


def touched(row: PriceRound, actor: Actor) -> None:
    """Whoever writes on a round or submits it does not decide on it."""
    row.touched_by_ids = sorted({*row.touched_by_ids, *hands_of(actor)})


def hands_of(actor: Actor) -> list[UUID]:
    """Who acts, and who lent the rights that are used."""
    return [actor.person_id, *([actor.acting_for] if actor.acting_for else [])]
