"""The order pad of a seat: its cart, the lines kept beside it, and the last change that can be taken back."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson

from core.db import sql
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.quantity import Unit
from ordering.orders.models import PadUndo
from ordering.orders.permissions import Permission
from ordering.orders.selectors.carts import Cart, cart_of

UNDO_FOR = timedelta(minutes=15)
"""How long a change of the pad can be taken back, unless the seat sends an order before that."""


@dataclass(frozen=True, slots=True)
class Aside:
    """One line kept beside the cart. ``quantity`` None and ``unit`` empty: not said.

    ``problem`` is a msgid, ``value`` its place; ``name`` is the product's where the line was set aside out of the cart.
    """

    id: int
    raw: str
    term: str
    quantity: int | None = None
    unit: str = ""
    problem: str = ""
    value: str = ""
    name: str = ""

    @property
    def asked_unit(self) -> Unit | None:
        """The unit the line named."""
        return Unit(self.unit) if self.unit else None


@dataclass(frozen=True, slots=True)
class LastChange:
    """What the last change did: ``deed`` as ``PadUndo`` names it, to ``count`` lines, until when it can be undone."""

    deed: str
    count: int
    until: datetime

    @property
    def is_open(self) -> bool:
        """Whether it can still be taken back."""
        return clock.now() < self.until


@dataclass(frozen=True, slots=True)
class Grown:
    """A line that had a quantity when the last paste added to it: quantities in ``unit`` before and after."""

    sku_code: str
    unit: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class PadState:
    """Everything kept for one seat's pad."""

    cart: Cart
    asides: tuple[Aside, ...]
    last: LastChange | None
    grown: tuple[Grown, ...]


_BESIDE = """
SELECT id, raw, term, quantity, unit, problem, value, name, NULL::timestamptz, NULL::jsonb
FROM orders_asideline WHERE seat_id = %(seat)s AND buyer_id = %(buyer)s
UNION ALL
SELECT 0, deed, '', count, '', '', '', '', at, lines FROM orders_padundo AS last
WHERE seat_id = %(seat)s AND NOT EXISTS (
    SELECT FROM orders_order WHERE buyer_id = %(buyer)s AND seat_id = last.seat_id AND submitted_at > last.at)
ORDER BY 1
"""


def pad_of(actor: Actor) -> PadState:
    """The pad of the actor's seat; two queries."""
    actor.require(Permission.PLACE, writes=False)
    cart = cart_of(actor)
    asides: list[Aside] = []
    last: LastChange | None = None
    grown: tuple[Grown, ...] = ()
    for number, *rest, at, lines in sql.rows(_BESIDE, {"seat": actor.seat_id, "buyer": actor.dealer_id}):
        if number:
            asides.append(Aside(number, *rest))
        else:
            last = LastChange(rest[0], rest[2], at + UNDO_FOR)
            grown = tuple(_grown(lines)) if rest[0] == PadUndo.Deed.PASTE else ()
    return PadState(cart, tuple(asides), last, grown)


def _grown(lines: Any) -> Iterable[Grown]:
    for code, unit, before, after, _place in orjson.loads(lines) if isinstance(lines, str) else lines:
        if 0 < before < after:
            yield Grown(code, unit, before, after)
