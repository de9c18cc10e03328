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


@dataclass(frozen=True, slots=True)
class Cart:
    """What lies in the cart; an empty one has version 0."""

    items: tuple[CartItem, ...] = ()
    version: int = 0
    note: str = ""

    def asked(self) -> tuple[AskedLine, ...]:
        """The lines as ``check_lines`` takes them."""
        return tuple(AskedLine(item.line_no, item.sku_code, item.quantity, item.unit) for item in self.items)


def cart_of(actor: Actor) -> Cart:
    """The cart of the actor's seat with the dealer that supplies it; two queries, one when empty."""
    actor.require(Permission.PLACE, writes=False)
    draft = _drafts(actor).values_list("pk", "version", "note").first()
    if draft is None:
        return Cart()
    order_id, version, note = draft
    fields = ("line_no", "sku_code", "sku_name", "unit", "quantity", "bottles_per_case", "bottles")
    rows = OrderLine.objects.filter(order_id=order_id).order_by("line_no").values_list(*fields)
    items = tuple(CartItem(no, code, name, Unit(unit), *figures) for no, code, name, unit, *figures in rows)
    return Cart(items, version, note)


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
