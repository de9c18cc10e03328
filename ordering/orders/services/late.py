"""What a device did to the order pad while it had no connection, arriving late: quantities set, lines taken out.

The device says what each line held when it last saw it. A line that holds something else by now was changed elsewhere
in between and stays as it is: what somebody saw later goes before what was seen earlier.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from core.db.acts import act
from core.kernel.actor import Actor
from core.kernel.quantity import MAX_BOTTLES, Unit
from ordering.orders.errors import QuantityInvalid
from ordering.orders.models import PadUndo
from ordering.orders.permissions import Permission
from ordering.orders.services.carts import CartLine, Changed, locked_draft, lying_in, store
from ordering.orders.services.pads import remember


@dataclass(frozen=True, slots=True)
class LateChange:
    """One line of the cart: ``was`` of ``unit`` as the device saw it, ``quantity`` wanted; 0 takes it out."""

    sku_code: str
    unit: Unit
    was: int
    quantity: int


@dataclass(frozen=True, slots=True)
class Late:
    """How many lines hold now what the device set, and how many were changed since and stay."""

    done: int
    stay: int


def change_late(*, actor: Actor, changes: Sequence[LateChange]) -> Late:
    """Set lines as the device set them where they still hold what it saw; one change that can be taken back.

    Raises QuantityInvalid below zero, and what ``save_cart`` raises.
    """
    actor.require(Permission.PLACE)
    for number, one in enumerate(changes, start=1):
        if not 0 <= one.quantity <= MAX_BOTTLES:
            raise QuantityInvalid(line=number, field="quantity", quantity=one.quantity)
    with act():
        draft = locked_draft(actor)
        lines = lying_in(draft)
        done = 0
        changed: Changed = []
        for one in changes:
            at = next((n for n, line in enumerate(lines) if (line.sku_code, line.unit) == (one.sku_code, one.unit)), -1)
            now = lines[at].quantity if at >= 0 else 0
            if now == one.quantity:
                done += 1
            elif at >= 0 and now == one.was:
                done += 1
                changed.append((one.sku_code, one.unit.value, now, one.quantity, at))
                lines[at : at + 1] = [CartLine(one.sku_code, one.quantity, one.unit)] if one.quantity else []
        if changed:
            store(actor, draft, lines, draft[2] if draft else "")
            remember(actor, PadUndo.Deed.SET, changed)
        return Late(done, len(changes) - done)
