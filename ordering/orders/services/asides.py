"""Lines kept beside the cart: said what was meant, how much of it; set aside out of the cart and put back."""

from collections.abc import Collection
from dataclasses import dataclass

from core.catalogue.selectors import named_skus
from core.db.acts import act
from core.db.locks import Rank, locked
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.errors import DomainError
from core.kernel.quantity import MAX_BOTTLES, Unit
from ordering.orders.models import AsideLine, PadUndo
from ordering.orders.permissions import Permission
from ordering.orders.selectors.carts import CartItem, cart_of
from ordering.orders.services.carts import CartLine, Changed, Draft, Key, locked_draft, lying_in, store
from ordering.orders.services.pads import add_lines, keep_aside, open_change, own_asides


@dataclass(frozen=True, slots=True)
class MendAside:
    """What a line kept beside the cart means: the product it names, how much of it. None: as it stands."""

    id: int
    sku_code: str = ""
    quantity: int | None = None
    unit: Unit | None = None


def mend_aside(*, actor: Actor, command: MendAside) -> bool:
    """Mend one line; once it names a product and a quantity it goes into the cart. Whether it did.

    What the cart cannot hold stays beside it as a line of that product. A line that is gone already is no fault
    (a second tap). Raises as ``add_to_cart`` does for other faults.
    """
    actor.require(Permission.PLACE)
    named = command.sku_code or _surely_named(actor, command.id)
    with act():
        draft = locked_draft(actor)  # before the line, as everybody does: what is removed goes in that order too
        line = next(iter(locked(own_asides(actor).filter(pk=command.id), Rank.ORDER)), None)
        if line is None:
            return False
        if command.quantity is not None:
            line.quantity = command.quantity or None
            line.unit = command.unit.value if command.unit else line.unit
            line.problem = "" if command.quantity else line.problem
        if not line.quantity or line.problem or not named:
            line.term = command.sku_code or line.term
            line.save()
            return False
        return _goes_into_the_cart(actor, line, named, draft)


def _surely_named(actor: Actor, number: int) -> str:
    """The product the line's own words name, when they name one."""
    term = own_asides(actor).filter(pk=number).values_list("term", flat=True).first()
    match = named_skus(actor, [term])[term] if term else None
    return match.sku.code if match and match.sku else ""


def _goes_into_the_cart(actor: Actor, line: AsideLine, sku_code: str, draft: Draft | None) -> bool:
    unit = Unit(line.unit) if line.unit else None
    try:
        changed = add_lines(actor, [CartLine(sku_code, line.quantity or 0, unit)], draft)
    except DomainError as fault:
        if {one.code for one in fault.problems()} != {"order.quantity"}:
            raise
        line.term = sku_code
        line.save()
        return False
    number = line.pk
    line.delete()
    _joins_the_paste(actor, number, changed)
    return True


def _joins_the_paste(actor: Actor, number: int, changed: Changed) -> None:
    """What was mended is part of what was pasted, as long as that can be taken back: with it, and no longer."""
    last = open_change(actor, PadUndo.Deed.PASTE)
    if last is None:
        return
    lines = {(code, unit): (code, unit, before, after, place) for code, unit, before, after, place in last.lines}
    for code, unit, before, after, place in changed:
        first = lines.get((code, unit), (code, unit, before, after, place))
        lines[code, unit] = (code, unit, first[2], after, place)
    last.lines = list(lines.values())
    last.added = [kept for kept in last.added if kept != number]
    last.count = len(last.lines) + len(last.added)
    last.save(update_fields=["lines", "added", "count"])


def set_aside(*, actor: Actor, keys: Collection[Key]) -> int:
    """Take lines out of the cart and keep them beside it, to be found again after the order. How many.

    Where the same was set aside before, the quantities add up.
    """
    actor.require(Permission.PLACE)
    wanted = set(keys)
    names = {(item.sku_code, item.unit): item for item in cart_of(actor).items}
    with act():
        draft = locked_draft(actor)
        lines = lying_in(draft)
        going = [line for line in lines if line.unit and (line.sku_code, line.unit) in wanted]
        if not going:
            return 0
        left = [line for line in lines if line not in going]
        store(actor, draft, left, draft[2] if draft else "")
        there = {(one.term, one.unit): one for one in own_asides(actor).filter(quantity__gt=0, problem="")}
        new = []
        for line in going:
            same = there.get((line.sku_code, line.unit.value if line.unit else ""))
            if same is None:
                new.append(_out_of_the_cart(actor, line, names.get((line.sku_code, line.unit or Unit.CASE))))
            else:
                same.quantity = min((same.quantity or 0) + line.quantity, MAX_BOTTLES)
        AsideLine.objects.bulk_update(there.values(), ["quantity"])
        keep_aside(actor, new)
        return len(going)


def _out_of_the_cart(actor: Actor, line: CartLine, item: CartItem | None) -> AsideLine:
    name = item.sku_name if item else line.sku_code
    return AsideLine(
        seat_id=actor.seat_id,
        buyer_id=actor.dealer_id,
        raw=name,
        term=line.sku_code,
        quantity=line.quantity,
        unit=line.unit.value if line.unit else "",
        name=name,
        created_at=clock.now(),
    )
