"""The lists a buyer may use: its own, and those colleagues of its house share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, Value, When

from core.db.scopes import lines_within
from core.kernel.actor import Actor
from core.kernel.errors import Missing
from core.kernel.quantity import Unit
from core.kernel.text import normalised
from ordering.lists.models import Reminder, ShoppingList, ShoppingListLine
from ordering.orders.permissions import Permission


@dataclass(frozen=True, slots=True)
class ListFilter:
    """What the page of lists is narrowed to; ``whose`` is empty, ``own`` or ``shared``."""

    text: str = ""
    whose: str = ""

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> "ListFilter":
        """From the words of an address; what is no choice is left out."""
        whose = asked.get("whose", "")
        return cls(normalised(asked.get("q", ""))[:40], whose if whose in {"own", "shared"} else "")


@dataclass(frozen=True, slots=True)
class ListLine:
    """One line as it is kept. ``is_on``: the SKU is on the shelf; whether it may be bought is asked on use."""

    position: int
    sku_code: str
    name: str
    name_en: str
    unit: Unit
    quantity: int
    bottles_per_case: int
    is_on: bool


@dataclass(frozen=True, slots=True)
class ListDetail:
    """A list with its lines in their order."""

    row: ShoppingList
    lines: tuple[ListLine, ...]
    is_own: bool


def lists_visible_to(actor: Actor, asked: ListFilter = ListFilter()) -> QuerySet[ShoppingList]:
    """Own lists first, then what colleagues share, the last used first. Nothing for the brand's staff.

    ``shown_lines`` is the number of lines within the seat's product lines.
    """
    actor.require(Permission.PLACE, writes=False)
    rows = ShoppingList.objects.filter(Q(seat_id=actor.seat_id) | Q(is_shared=True), buyer_id=actor.dealer_id)
    if asked.whose:
        rows = rows.filter(seat_id=actor.seat_id) if asked.whose == "own" else rows.exclude(seat_id=actor.seat_id)
    if asked.text:
        rows = rows.filter(Q(name__icontains=asked.text) | Q(owner_name__icontains=asked.text))
    own = Case(When(seat_id=actor.seat_id, then=Value(0)), default=Value(1), output_field=IntegerField())
    shown = Count("lines", filter=lines_within(actor, "lines__sku__product_line__code") or None)
    return rows.annotate(shown_lines=shown).order_by(own, F("used_at").desc(nulls_last=True), "-id")


def list_detail(actor: Actor, list_id: int) -> ListDetail:
    """One list, two queries. Raises ``Missing`` for one the actor may not use."""
    row = lists_visible_to(actor).filter(pk=list_id).first()
    if row is None:
        raise Missing
    return ListDetail(row, tuple(_lines(actor, list_id)), row.seat_id == actor.seat_id)


def _lines(actor: Actor, list_id: int) -> Sequence[ListLine]:
    rows = ShoppingListLine.objects.filter(lines_within(actor, "sku__product_line__code"), shopping_list_id=list_id)
    facts = rows.order_by("position", "pk").values_list(
        "position",
        "sku__code",
        "sku__name",
        "sku__name_en",
        "unit",
        "quantity",
        "sku__bottles_per_case",
        "sku__status",
    )
    return [ListLine(*fact[:4], Unit(fact[4]), *fact[5:7], fact[7] == "ON") for fact in facts]


def reminders_of(actor: Actor) -> QuerySet[Reminder]:
    """What the seat waits for, the last asked first, with the SKU. Within its product lines; one query."""
    actor.require(Permission.PLACE, writes=False)
    rows = Reminder.objects.filter(lines_within(actor, "sku__product_line__code"), seat_id=actor.seat_id)
    return rows.select_related("sku").order_by("-asked_at", "-pk")
