"""Many orders decided at once: each in an act of its own, so that one refused does not stop the others."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from core.kernel.actor import Actor
from core.kernel.errors import DomainError
from ordering.orders.permissions import Permission
from ordering.orders.services.deciding import Approve, approve

MOST_AT_ONCE = 100
"""Orders one click may decide about; more is a filter somebody did not see."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one order: done, with the numbers of the documents that were made, or refused, and why."""

    number: str
    refusal: DomainError | None = None
    made: tuple[str, ...] = ()

    @property
    def is_done(self) -> bool:
        """Whether the act happened."""
        return self.refusal is None


def approve_each(*, actor: Actor, commands: Iterable[Approve]) -> tuple[Outcome, ...]:
    """Approve order by order in the order given; a number named twice counts once. Never half an order."""
    actor.require(Permission.APPROVE)
    wanted = {command.number: command for command in commands}
    return tuple(
        outcome_of(number, partial(_approved, actor, command))
        for number, command in list(wanted.items())[:MOST_AT_ONCE]
    )


def _approved(actor: Actor, command: Approve) -> tuple[str, ...]:
    approve(actor=actor, command=command)
    return ()


def outcome_of(number: str, call: Callable[[], Sequence[str]]) -> Outcome:
    """Call one verb for one order; what it made, or its refusal as a value."""
    try:
        return Outcome(number, made=tuple(call()))
    except DomainError as refusal:
        return Outcome(number, refusal)
