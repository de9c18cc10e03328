"""Lines of the cart that a paste added to: what they held before, kept in the session until the next paste."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from django.contrib.sessions.backends.base import SessionBase

from core.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class Grown:
    """One such line: quantities in ``unit`` before and after. It says so as long as it still holds ``after``."""

    sku_code: str
    unit: str
    before: int
    after: int


def keep_grown(session: SessionBase, actor: Actor, lines: Iterable[Grown]) -> None:
    """Let these be the lines of the last paste that had a quantity already."""
    rows = [asdict(line) for line in lines]
    if rows:
        session[_key(actor)] = rows
    elif _key(actor) in session:
        del session[_key(actor)]


def grown_of(session: SessionBase, actor: Actor) -> tuple[Grown, ...]:
    """The lines the seat's last paste added to."""
    return tuple(Grown(**row) for row in session.get(_key(actor), ()))


def _key(actor: Actor) -> str:
    return f"pad-grown:{actor.seat_id}"
