"""Keeping shopping lists and ordering from them. Only the owner changes a list; the house may use a shared one."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from core.catalogue.selectors.found import FoundSku
from core.catalogue.selectors.known import known_skus
from core.db import sql
from core.db.acts import act
from core.db.locks import Rank, locked
from core.events.services import record
from core.jobs.importing import SAME, Change, Judged
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.errors import DomainError, Missing, VersionConflict, refuse_all
from core.kernel.quantity import MAX_BOTTLES, Unit, to_bottles
from core.kernel.text import N_
from core.messages.registry import message_template
from core.messages.services import notify
from ordering.lists import errors
from ordering.lists.events import LIST, LIST_CHANGED, LIST_DELETED, LIST_MADE
from ordering.lists.models import Reminder, ShoppingList, ShoppingListLine
from ordering.lists.rules import MOST_LINES, MOST_LISTS, MOST_REMINDERS, list_name
from ordering.lists.selectors import list_detail
from ordering.orders.errors import QuantityInvalid, SkuUnknown
from ordering.orders.permissions import Permission
from ordering.orders.selectors import Cart
from ordering.orders.services import AddToCart, CartLine, add_to_cart
from tenants.access.models import Seat


@dataclass(frozen=True, slots=True)
class MakeList:
    """A new list of the actor's seat. ``lines`` as a cart takes them; the same SKU in the same unit adds up."""

    name: str
    lines: tuple[CartLine, ...] = ()
    is_shared: bool = False


@dataclass(frozen=True, slots=True)
class ChangeList:
    """Its name and who may use it. ``version``: the list as its owner saw it."""

    list_id: int
    version: int
    name: str
    is_shared: bool


@dataclass(frozen=True, slots=True)
class ListRow:
    """A row of a table: the seat's list called ``name`` shall hold this quantity; 0 takes the line off."""

    name: str
    line: CartLine


Line = tuple[int, str]
"""SKU and unit: what stands once on a list."""


@dataclass(slots=True)
class _Plan:
    """What a table asks of the seat's lists, judged row by row; ``held`` is what they hold by name."""

    known: Mapping[str, FoundSku]
    held: dict[str, dict[Line, int]]
    wanted: dict[str, dict[Line, int]] = field(default_factory=dict)
    fates: dict[int, str] = field(default_factory=dict)
    changes: dict[int, Mapping[str, Change]] = field(default_factory=dict)
    faults: list[DomainError] = field(default_factory=list)

    def take(self, place: int, row: ListRow) -> None:
        """Judge a row and note what it asks for."""
        sku = self.known.get(row.line.sku_code)
        if sku is None:
            self.faults.append(SkuUnknown(line=place, field="sku_code", sku=row.line.sku_code[:48]))
            return
        unit, quantity = _unit_of(row.line, sku), row.line.quantity
        held = self.held.get(row.name, {})
        before = held.get((sku.id, unit.value))
        fault = self._fault(row, sku, unit, is_new=before is None and quantity > 0)
        if fault is not None:
            fault.line = place
            self.faults.append(fault)
            return
        self.wanted.setdefault(row.name, {})[sku.id, unit.value] = quantity
        is_same = quantity == (before or 0)
        self.fates[place] = SAME if is_same else "new" if before is None else "changed"
        if not is_same:
            held_as = (None, None) if before is None else (sku.name, unit.value)
            self.changes[place] = {
                "name": (held_as[0], sku.name),
                "unit": (held_as[1], unit.value),
                "quantity": (before, quantity),
            }

    def _fault(self, row: ListRow, sku: FoundSku, unit: Unit, *, is_new: bool) -> DomainError | None:
        if not 0 <= to_bottles(row.line.quantity, unit, sku.bottles_per_case) <= MAX_BOTTLES:
            return QuantityInvalid(field="quantity", quantity=row.line.quantity)
        wanted, held = self.wanted.get(row.name, {}), self.held.get(row.name, {})
        if (sku.id, unit.value) in wanted:
            return errors.LineTwice(field="sku_code", sku=row.line.sku_code[:48])
        if len(self.held.keys() | self.wanted.keys() | {row.name}) > MOST_LISTS:
            return errors.TooManyLists(field="list", most=MOST_LISTS)
        left = sum(quantity > 0 for quantity in ({**held, **wanted}).values())
        return errors.TooManyListLines(field="list", most=MOST_LINES) if is_new and left >= MOST_LINES else None


def make_list(*, actor: Actor, command: MakeList) -> ShoppingList:
    """A list under a new name. Twice the same is refused by its name.

    Raises ``NameInvalid``, ``NameTaken``, ``TooManyLists``, ``TooManyListLines``, ``SkuUnknown`` or
    ``QuantityInvalid`` by line.
    """
    actor.require(Permission.PLACE)
    if actor.is_brand_staff:
        raise Missing
    name = list_name(command.name)
    with act():
        _take_turns(actor)
        own = ShoppingList.objects.filter(seat_id=actor.seat_id)
        _refuse_name(own, name)
        if own.count() >= MOST_LISTS:
            raise errors.TooManyLists(most=MOST_LISTS)
        row = _made(actor, name, is_shared=command.is_shared)
        _put(actor, row, command.lines)
        _tell(actor, row, LIST_MADE)
    return row


def change_list(*, actor: Actor, command: ChangeList) -> ShoppingList:
    """Rename a list, share it with the house or keep it to oneself. The same again changes nothing.

    Raises ``Missing``, ``NotYours``, ``NameInvalid``, ``NameTaken`` or ``VersionConflict``.
    """
    actor.require(Permission.PLACE)
    name = list_name(command.name)
    with act():
        _take_turns(actor)
        row = _own(actor, command.list_id)
        if (row.name, row.is_shared) == (name, command.is_shared):
            return row
        if row.version != command.version:
            raise VersionConflict(version=row.version)
        _refuse_name(ShoppingList.objects.filter(seat_id=actor.seat_id).exclude(pk=row.pk), name)
        row.name, row.is_shared = name, command.is_shared
        _saved(actor, row)
    return row


def put_in_list(*, actor: Actor, list_id: int, lines: Sequence[CartLine]) -> ShoppingList:
    """Let the list hold these quantities; lines that stand there get the new one, others go to the end.

    A quantity of 0 takes the line out. The same again changes nothing. Raises as ``make_list`` does.
    """
    actor.require(Permission.PLACE)
    with act():
        row = _own(actor, list_id)
        if _put(actor, row, lines):
            _saved(actor, row)
    return row


def delete_list(*, actor: Actor, list_id: int) -> None:
    """Away with it. One that is gone already is ``Missing``. Raises ``NotYours`` for a colleague's."""
    actor.require(Permission.PLACE)
    with act():
        row = _own(actor, list_id)
        _tell(actor, row, LIST_DELETED)
        row.delete()


def use_list(*, actor: Actor, list_id: int) -> tuple[Cart, tuple[str, ...]]:
    """Put what can be ordered into the cart, on top of what lies there; the cart, and the names left out.

    Raises ``Missing``, ``ListEmpty``, and as ``add_to_cart`` does.
    """
    actor.require(Permission.PLACE)
    told = list_detail(actor, list_id)
    wanted = tuple(CartLine(line.sku_code, line.quantity, line.unit) for line in told.lines if line.is_on)
    if not wanted:
        raise errors.ListEmpty
    cart = add_to_cart(actor=actor, command=AddToCart(wanted))
    # no act of its own: where a door answers a request once, its act holds one verb, and this statement with it
    ShoppingList.objects.filter(pk=list_id).update(used_at=clock.now())
    return cart, tuple(line.name for line in told.lines if not line.is_on)


def import_lines(*, actor: Actor, rows: Sequence[ListRow], is_dry_run: bool = False) -> Judged:
    """Let the seat's own lists hold the quantities of the rows; a name that is new makes a list. Good rows are done.

    The same rows again change nothing. Faults by row: ``SkuUnknown``, ``QuantityInvalid``, ``LineTwice``,
    ``TooManyLists``, ``TooManyListLines``. Raises ``Missing`` for the brand's staff.
    """
    actor.require(Permission.PLACE)
    if actor.is_brand_staff:
        raise Missing
    known = known_skus(actor, {row.line.sku_code for row in rows})
    with act():
        _take_turns(actor)
        own = {row.name: row for row in locked(ShoppingList.objects.filter(seat_id=actor.seat_id), Rank.ORDER)}
        plan = _Plan(known, _held(own))
        for place, row in enumerate(rows, start=1):
            plan.take(place, row)
        for name, wanted in plan.wanted.items():
            if not is_dry_run:
                _imported(actor, own.get(name), name, wanted)
    return Judged(plan.fates, plan.changes, plan.faults)


def _held(own: Mapping[str, ShoppingList]) -> dict[str, dict[Line, int]]:
    """What the lists hold, by name. One query."""
    held: dict[str, dict[Line, int]] = {name: {} for name in own}
    rows = ShoppingListLine.objects.filter(shopping_list__in=own.values())
    for name, sku_id, unit, quantity in rows.values_list("shopping_list__name", "sku_id", "unit", "quantity"):
        held[name][sku_id, unit] = quantity
    return held


def _imported(actor: Actor, row: ShoppingList | None, name: str, wanted: dict[Line, int]) -> None:
    if row is None:
        made = _made(actor, name, is_shared=False)
        _write(made, wanted)
        _tell(actor, made, LIST_MADE)
    elif _write(row, wanted):
        _saved(actor, row)


def _made(actor: Actor, name: str, *, is_shared: bool) -> ShoppingList:
    now = clock.now()
    return ShoppingList.objects.create(
        buyer_id=actor.dealer_id,
        seat_id=actor.seat_id,
        owner_name=actor.person_name[:60],
        name=name,
        is_shared=is_shared,
        created_at=now,
        updated_at=now,
    )


def _take_turns(actor: Actor) -> None:
    """Two windows of one person make and name lists one after the other: a list that is not there yet locks nobody."""
    locked(Seat.objects.filter(pk=actor.seat_id), Rank.KEY)


def _own(actor: Actor, list_id: int) -> ShoppingList:
    """The list, locked. Raises ``Missing`` or ``NotYours``."""
    row = next(iter(locked(ShoppingList.objects.filter(pk=list_id, buyer_id=actor.dealer_id), Rank.ORDER)), None)
    if row is None or (row.seat_id != actor.seat_id and not row.is_shared):
        raise Missing
    if row.seat_id != actor.seat_id:
        raise errors.NotYours(owner=row.owner_name)
    return row


def _refuse_name(others: Iterable[ShoppingList], name: str) -> None:
    if any(row.name == name for row in others):
        raise errors.NameTaken(field="name", name=name)


def _put(actor: Actor, row: ShoppingList, lines: Sequence[CartLine]) -> bool:
    """Write the quantities; whether anything is different now."""
    known = known_skus(actor, {line.sku_code for line in lines})
    faults: list[DomainError] = []
    wanted: dict[Line, int] = {}
    for number, line in enumerate(lines, start=1):
        sku = known.get(line.sku_code)
        if sku is None:
            faults.append(SkuUnknown(line=number, field="sku", sku=line.sku_code[:48]))
            continue
        unit = _unit_of(line, sku)
        total = wanted.get((sku.id, unit.value), 0) + line.quantity
        if not 0 <= to_bottles(total, unit, sku.bottles_per_case) <= MAX_BOTTLES:
            faults.append(QuantityInvalid(line=number, field="quantity", quantity=line.quantity))
        wanted[sku.id, unit.value] = total
    refuse_all(faults)
    return _write(row, wanted)


def _unit_of(line: CartLine, sku: FoundSku) -> Unit:
    return line.unit or (Unit.BOTTLE if sku.sells_in == "BOTTLE" else Unit.CASE)


def _write(row: ShoppingList, wanted: dict[Line, int]) -> bool:
    held = {(line.sku_id, line.unit): line for line in row.lines.all()}
    gone = [held[key].pk for key, quantity in wanted.items() if not quantity and key in held]
    other = [
        held[key] for key, quantity in wanted.items() if quantity and key in held and held[key].quantity != quantity
    ]
    new = [(key, quantity) for key, quantity in wanted.items() if quantity and key not in held]
    count = len(held) - len(gone) + len(new)
    if count > MOST_LINES:
        raise errors.TooManyListLines(most=MOST_LINES)
    row.lines.filter(pk__in=gone).delete()
    for line in other:
        line.quantity = wanted[line.sku_id, line.unit]
    ShoppingListLine.objects.bulk_update(other, ["quantity"])
    last = max((line.position for line in held.values()), default=0)
    ShoppingListLine.objects.bulk_create(
        ShoppingListLine(shopping_list=row, position=last + at, sku_id=key[0], unit=key[1], quantity=quantity)
        for at, (key, quantity) in enumerate(new, start=1)
    )
    ShoppingList.objects.filter(pk=row.pk).update(line_count=count)
    row.line_count = count
    return bool(gone or other or new)


def _saved(actor: Actor, row: ShoppingList) -> None:
    row.version += 1
    row.updated_at = clock.now()
    row.save(update_fields=["name", "is_shared", "version", "updated_at"])
    _tell(actor, row, LIST_CHANGED)


def _tell(actor: Actor, row: ShoppingList, kind: str) -> None:
    payload = {"name": row.name, "is_shared": row.is_shared, "lines": row.line_count}
    record(
        kind=kind,
        aggregate_type=LIST,
        aggregate_id=str(row.pk),
        version=row.version,
        actor=actor,
        payload=payload,
        buyer_id=row.buyer_id,
    )


BACK = message_template(
    "lists.back",
    subject=N_("%(name)s is back in stock"),
    body=N_("%(name)s can be ordered again. You asked to be told; nothing is reserved for you until you order."),
)
_BACK = """
WITH wanted AS (
    SELECT DISTINCT buyer.supplier_id AS seller_id, asked.sku_id
    FROM lists_reminder AS asked JOIN dealers_dealer AS buyer ON buyer.id = asked.buyer_id
), back AS (
    SELECT wanted.seller_id, sku.id AS sku_id
    FROM wanted JOIN catalogue_sku AS sku ON sku.id = wanted.sku_id AND sku.status = 'ON'
    JOIN stock_stock AS stock ON stock.owner_id = wanted.seller_id AND stock.sku_id = sku.id
        AND stock.condition = 'AVAILABLE'
    JOIN stock_warehouse AS warehouse ON warehouse.id = stock.warehouse_id AND warehouse.is_active
        AND warehouse.kind NOT IN ('TRANSIT', 'CUSTODY', 'DEFECT')
    GROUP BY wanted.seller_id, sku.id
    HAVING sum(stock.on_hand - stock.reserved)
        >= sku.order_multiple * CASE sku.sells_in WHEN 'BOTTLE' THEN 1 ELSE sku.bottles_per_case END
), told AS (
    DELETE FROM lists_reminder AS asked USING back, dealers_dealer AS buyer
    WHERE buyer.id = asked.buyer_id AND buyer.supplier_id = back.seller_id AND asked.sku_id = back.sku_id
    RETURNING asked.seat_id, asked.sku_id
)
SELECT sku.code, sku.name, array_agg(told.seat_id ORDER BY told.seat_id)
FROM told JOIN catalogue_sku AS sku ON sku.id = told.sku_id
JOIN access_seat AS seat ON seat.id = told.seat_id AND seat.status = 'ACTIVE'
GROUP BY sku.id ORDER BY sku.code
"""


def ask_for_return(*, actor: Actor, sku_code: str) -> None:
    """Let the seat be told once when the SKU can be ordered again; asked twice is asked once.

    Raises ``SkuUnknown``, ``TooManyReminders``, and ``Missing`` for the brand's staff.
    """
    actor.require(Permission.PLACE)
    sku = known_skus(actor, {sku_code}).get(sku_code)
    if actor.is_brand_staff:
        raise Missing
    if sku is None:
        raise SkuUnknown(field="sku", sku=sku_code[:48])
    with act():
        _take_turns(actor)
        own = Reminder.objects.filter(seat_id=actor.seat_id)
        if own.filter(sku_id=sku.id).exists():
            return
        if own.count() >= MOST_REMINDERS:
            raise errors.TooManyReminders(most=MOST_REMINDERS)
        Reminder.objects.create(buyer_id=actor.dealer_id, seat_id=actor.seat_id, sku_id=sku.id, asked_at=clock.now())


def drop_reminder(*, actor: Actor, sku_code: str) -> None:
    """The seat no longer waits for it; one that is gone already is no fault."""
    actor.require(Permission.PLACE)
    with act():
        Reminder.objects.filter(seat_id=actor.seat_id, sku__code=sku_code).delete()


def tell_of_returns() -> int:
    """Tell every seat of this brand that waits for a product its supplier has free again; how many were told.

    One statement takes the rows away that it answers, and the messages are written with it: two workers tell nobody
    twice, and what could not be told is told the next time. Beside the trade: no order waits for it.
    """
    with act():
        found = sql.rows(_BACK, {})
        for code, name, seats in found:
            notify(template=BACK, seat_ids=seats, context={"name": name}, link=f"/products/{code}/")
    return sum(len(seats) for _code, _name, seats in found)
