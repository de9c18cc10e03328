"""The cart: the DRAFT order of a seat with one seller. It promises nothing, so it stores no price."""

from dataclasses import dataclass

from django.db.models import F, QuerySet

from core.kernel.actor import Actor
from core.kernel.quantity import Unit
from ordering.orders.models import Order, OrderLine
from ordering.orders.permissions import Permission
from ordering.orders.rules.checks import AskedLine


@dataclass(frozen=True, slots=True)
class CartItem:
    """One line of the cart."""

    line_no: int
    sku_code: str
    sku_name: str
    unit: Unit
    quantity: int
    bottles_per_case: int
    bottles: int


def mark_of(cart_id: int, version: int) -> str:
    """What names a state of a cart."""
    return f"{cart_id}.{version}"


@dataclass(frozen=True, slots=True)
class Cart:
    """What lies in the cart; an empty one has version 0 and no id."""

    items: tuple[CartItem, ...] = ()
    version: int = 0
    note: str = ""
    id: int = 0

    @property
    def mark(self) -> str:
        """Names this state of this cart: another one after every change. Empty for an empty cart."""
        return mark_of(self.id, self.version) if self.id else ""

    def asked(self) -> tuple[AskedLine, ...]:
        """The lines as ``check_lines`` takes them."""
        return tuple(AskedLine(item.line_no, item.sku_code, item.quantity, item.unit) for item in self.items)


def cart_of(actor: Actor) -> Cart:
    """The cart of the actor's seat with the dealer that supplies it. One query."""
    actor.require(Permission.PLACE, writes=False)
    rows = list(
        OrderLine.objects.filter(
            order__status=Order.Status.DRAFT,
            order__seat_id=actor.seat_id,
            order__buyer_id=actor.dealer_id,
            order__seller_id=F("order__buyer__supplier_id"),
        )
        .order_by("line_no")
        .values_list("order_id", "order__version", "order__note", *_ITEM)
    )
    if not rows:
        return Cart()
    order_id, version, note = rows[0][:3]
    items = (
        CartItem(no, code, name, Unit(unit), *figures) for no, code, name, unit, *figures in (row[3:] for row in rows)
    )
    return Cart(tuple(items), version, note, order_id)


_ITEM = ("line_no", "sku_code", "sku_name", "unit", "quantity", "bottles_per_case", "bottles")


def cart_size(actor: Actor) -> int:
    """How many lines lie in the cart, for the head of the page; one query."""
    return _drafts(actor).values_list("line_count", flat=True).first() or 0


def _drafts(actor: Actor) -> QuerySet[Order]:
    return Order.objects.filter(
        status=Order.Status.DRAFT,
        seat_id=actor.seat_id,
        buyer_id=actor.dealer_id,
        seller_id=F("buyer__supplier_id"),
    )
