"""The order pad: lines pasted, typed and scanned, removed, and the last such change taken back.

What names a product and a quantity goes into the seat's cart, the rest is kept beside it. Every act remembers what it
changed line by line, so that taking it back leaves alone what another window did since: a line that holds something
else by now stays as it is.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from core.db import sql
from core.db.acts import act
from core.db.locks import Rank, locked
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.quantity import Unit
from ordering.orders.errors import NothingToUndo
from ordering.orders.models import AsideLine, Order, PadUndo
from ordering.orders.paste import PastedLine, parse_paste
from ordering.orders.permissions import Permission
from ordering.orders.selectors.naming import sorted_out
from ordering.orders.selectors.pads import UNDO_FOR
from ordering.orders.services.carts import (
    CartLine,
    Changed,
    Draft,
    Key,
    SetInCart,
    locked_draft,
    lying_in,
    set_line,
    store,
)

MOST_ASIDES = 500
"""More lines to mend than that nobody mends; the oldest fall out."""
MOST_UNDONE = 20
"""Changes of a pad that can be taken back, one after the other."""


@dataclass(frozen=True, slots=True)
class Pasted:
    """What became of pasted lines: put into the cart (``grown`` of them lay there already), kept beside it.

    ``joined``: how many of those added became one line with another of the same product and unit.
    """

    added: int
    grown: int
    kept: int
    joined: int = 0


@dataclass(frozen=True, slots=True)
class Undone:
    """How many lines are as they were before, and how many were changed since and stay."""

    back: int
    stay: int


@dataclass(frozen=True, slots=True)
class RemoveFromPad:
    """Lines of the cart by SKU code and unit, lines beside it by id; ``is_all``: whatever lies there."""

    lines: tuple[Key, ...] = ()
    asides: tuple[int, ...] = ()
    is_all: bool = False


def paste_into_pad(*, actor: Actor, text: str) -> Pasted:
    """Add the lines of ``text``; constant statements. Raises ``paste.TooManyLines`` and as ``add_to_cart`` does."""
    actor.require(Permission.PLACE)
    known, unknown = sorted_out(actor, parse_paste(text))
    with act():
        changed = add_lines(actor, [CartLine(one.sku_code, one.quantity, one.unit) for one in known])
        kept = keep_aside(actor, [_as_typed(actor, line) for line in unknown])
        remember(actor, PadUndo.Deed.PASTE, changed, added=kept)
    grown = sum(1 for _code, _unit, before, *_ in changed if before)
    joined = len(known) - len(changed)
    return Pasted(len(known), grown, len(unknown), joined)


def set_on_pad(*, actor: Actor, command: SetInCart) -> None:
    """Set one line so that it can be taken back. Refuses as ``set_in_cart`` does."""
    actor.require(Permission.PLACE)
    with act():
        remember(actor, PadUndo.Deed.SET, set_line(actor, command))


def remove_from_pad(*, actor: Actor, command: RemoveFromPad) -> int:
    """Take lines off the pad; what is gone already is no fault. How many went."""
    actor.require(Permission.PLACE)
    with act():
        draft = locked_draft(actor)
        lines = lying_in(draft)
        wanted = set(command.lines)
        going = [
            (line.sku_code, line.unit.value, line.quantity, 0, place)
            for place, line in enumerate(lines)
            if line.unit and (command.is_all or (line.sku_code, line.unit) in wanted)
        ]
        if going:
            gone = {place for *_, place in going}
            store(actor, draft, [line for at, line in enumerate(lines) if at not in gone], draft[2] if draft else "")
        asides = own_asides(actor) if command.is_all else own_asides(actor).filter(pk__in=command.asides)
        dropped = [_row(aside) for aside in asides] if command.is_all or command.asides else []
        if dropped:
            asides.delete()
        if going or dropped:
            deed = PadUndo.Deed.CLEAR if command.is_all else PadUndo.Deed.REMOVE
            remember(actor, deed, going, dropped=dropped)
        return len(going) + len(dropped)


def undo_pad(*, actor: Actor) -> Undone:
    """Take the last change back: the lines that still hold what it left there, as they were before.

    Raises ``NothingToUndo``, and as ``save_cart`` does.
    """
    actor.require(Permission.PLACE)
    with act():
        draft = locked_draft(actor)
        last = open_change(actor)
        if last is None:
            raise NothingToUndo
        lines = lying_in(draft)
        changed = [
            _put_back(lines, CartLine(code, before, Unit(unit)), after, place)
            for code, unit, before, after, place in last.lines
        ]
        if any(changed):
            store(actor, draft, lines, draft[2] if draft else "")
        own_asides(actor).filter(pk__in=last.added).delete()
        keep_aside(actor, [_as_it_was(actor, row) for row in last.dropped])
        last.delete()
        stay = changed.count(False)
        return Undone(last.count - stay, stay)


def _put_back(lines: list[CartLine], wanted: CartLine, left: int, place: int) -> bool:
    """Let the line hold ``wanted`` again where it still holds ``left``; whether it did."""
    at = next((n for n, line in enumerate(lines) if (line.sku_code, line.unit) == (wanted.sku_code, wanted.unit)), None)
    if left != (lines[at].quantity if at is not None else 0):
        return False
    if at is not None:
        lines[at : at + 1] = [wanted] if wanted.quantity else []
    elif wanted.quantity:
        lines.insert(min(place, len(lines)), wanted)
    return True


# what the acts above and those of asides.py share -----------------------------------------------------


def add_lines(actor: Actor, known: Sequence[CartLine], draft: Draft | None = None) -> Changed:
    """Add lines to the cart, locking it; each with what it held before and holds now. Inside an act."""
    if not known:
        return []
    draft = draft or locked_draft(actor)
    lying = lying_in(draft)
    before = {(line.sku_code, line.unit): line.quantity for line in lying}
    after = store(actor, draft, (*known, *lying), draft[2] if draft else "", first=len(known))
    return [
        (code, unit.value, before.get((code, unit), 0), quantity, place)
        for place, ((code, unit), quantity) in enumerate(after.items())
        if quantity != before.get((code, unit), 0)
    ]


def open_change(actor: Actor, deed: PadUndo.Deed | None = None) -> PadUndo | None:
    """The last change (of that sort) that can still be taken back: not for ever, and not once the seat has sent an
    order since.

    What was ordered is not laid into the next cart again. Inside an act, the draft locked.
    """
    rows = PadUndo.objects.filter(seat_id=actor.seat_id, at__gt=clock.now() - UNDO_FOR)
    found = locked(rows.filter(deed=deed) if deed else rows, Rank.ORDER)
    if not found:
        return None
    last = found[-1]
    sent = Order.objects.filter(buyer_id=actor.dealer_id, seat_id=actor.seat_id, submitted_at__gt=last.at)
    return None if sent.exists() else last


def own_asides(actor: Actor) -> QuerySet[AsideLine]:
    """The lines kept beside the cart of the actor's seat, the oldest first."""
    return AsideLine.objects.filter(seat_id=actor.seat_id, buyer_id=actor.dealer_id).order_by("pk")


def keep_aside(actor: Actor, lines: Sequence[AsideLine]) -> list[int]:
    """Keep lines beside the cart; their ids. The oldest fall out above ``MOST_ASIDES``. Inside an act."""
    if not lines:
        return []
    kept = [line.pk for line in AsideLine.objects.bulk_create(lines)]
    too_old = own_asides(actor).order_by("-pk").values("pk")[MOST_ASIDES : 2 * MOST_ASIDES]
    AsideLine.objects.filter(pk__in=too_old).delete()
    return kept


def remember(
    actor: Actor,
    deed: PadUndo.Deed,
    changed: Changed,
    *,
    dropped: Sequence[dict[str, object]] = (),
    added: Iterable[int] = (),
) -> None:
    """Let this be the change that is taken back first; one statement, in which the oldest fall out."""
    made = list(added)
    count = len(changed) + len(dropped) + len(made)
    if count:
        facts = {"lines": changed, "dropped": list(dropped), "added": made}
        whole = {"seat": actor.seat_id, "deed": deed.value, "count": count, "at": clock.now(), "kept": MOST_UNDONE - 1}
        sql.execute(_REMEMBER, {**whole, **{name: json.dumps(value) for name, value in facts.items()}})


_REMEMBER = """
WITH gone AS (
    DELETE FROM orders_padundo WHERE id IN (
        SELECT id FROM orders_padundo WHERE seat_id = %(seat)s ORDER BY id DESC OFFSET %(kept)s)
)
INSERT INTO orders_padundo (seat_id, deed, count, lines, dropped, added, at)
VALUES (%(seat)s, %(deed)s, %(count)s, %(lines)s::jsonb, %(dropped)s::jsonb, %(added)s::jsonb, %(at)s)
"""


_KEPT = ("raw", "term", "quantity", "unit", "problem", "value", "name")


def _row(aside: AsideLine) -> dict[str, object]:
    return {name: getattr(aside, name) for name in _KEPT}


def _as_it_was(actor: Actor, row: dict[str, object]) -> AsideLine:
    return AsideLine(seat_id=actor.seat_id, buyer_id=actor.dealer_id, created_at=clock.now(), **row)


def _as_typed(actor: Actor, line: PastedLine) -> AsideLine:
    fields = line.problem.fields if line.problem else {}
    return _as_it_was(
        actor,
        {
            "raw": line.raw[:200],
            "term": line.term[:200],
            "quantity": line.quantity,
            "unit": line.unit.value if line.unit else "",
            "problem": line.problem.text if line.problem else "",
            "value": str(fields.get("value") or "")[:40],
        },
    )
