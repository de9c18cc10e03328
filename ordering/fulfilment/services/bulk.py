"""Many orders sent off at once: everything kept for each, each in an act of its own."""

from collections.abc import Iterable
from functools import partial

from core.kernel.actor import Actor
from ordering.fulfilment.permissions import Permission
from ordering.fulfilment.services.shipping import ShipEverything, ship_everything
from ordering.orders.services.bulk import MOST_AT_ONCE, Outcome, outcome_of


def ship_each(*, actor: Actor, commands: Iterable[ShipEverything]) -> tuple[Outcome, ...]:
    """Ship order by order in the order given; a number named twice counts once. ``made``: the shipments' numbers."""
    actor.require(Permission.SHIP)
    wanted = {command.order_number: command for command in commands}
    return tuple(
        outcome_of(number, partial(_shipped, actor, command)) for number, command in list(wanted.items())[:MOST_AT_ONCE]
    )


def _shipped(actor: Actor, command: ShipEverything) -> list[str]:
    return [made.number for made in ship_everything(actor=actor, command=command)]
