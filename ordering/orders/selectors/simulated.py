"""Orders of the past for whoever builds policies: what was asked for, never what it cost or what became of it."""

from django.db.models import Exists, OuterRef, QuerySet

from core.db.scopes import dealers_within, lines_within
from core.kernel.actor import Actor
from core.kernel.errors import Missing, NotPermitted
from core.kernel.quantity import Unit
from core.kernel.text import normalised
from ordering.orders.models import Order, OrderLine
from ordering.orders.permissions import Permission
from ordering.promotions.permissions import Permission as PromotionPermission
from ordering.promotions.selectors import SimulatedLine


def may_simulate_orders(actor: Actor) -> bool:
    """Staff of the brand that reads orders, or that writes policies and may read no orders."""
    return actor.is_brand_staff and (actor.can(Permission.READ) or actor.can(PromotionPermission.WRITE))


def order_to_simulate(actor: Actor, number: str) -> tuple[SimulatedLine, ...]:
    """What an order of the house's customers asked for, gifts apart, of the lines within the seat's limits.

    Raises ``NotPermitted``, and ``Missing`` for an order outside the limits; two statements.
    """
    order = _orders(actor).filter(number=normalised(number).upper()).first()
    if order is None:
        raise Missing(order=number[:30])
    lines = OrderLine.objects.filter(lines_within(actor, "sku__product_line__code"), order=order, is_gift=False)
    rows = lines.order_by("line_no").values_list("sku_code", "quantity", "unit")
    return tuple(SimulatedLine(code, quantity, Unit(unit)) for code, quantity, unit in rows)


def orders_called(actor: Actor, text: str, *, limit: int = 5) -> tuple[tuple[str, str], ...]:
    """Number and buyer of the newest orders whose number holds ``text``; one statement. Raises ``NotPermitted``."""
    words = normalised(text)[:30]
    if not words:
        return ()
    rows = _orders(actor).filter(number__icontains=words).order_by("-submitted_at", "-pk")
    return tuple((str(number), str(name)) for number, name in rows.values_list("number", "buyer__name")[:limit])


def _orders(actor: Actor) -> QuerySet[Order]:
    if not may_simulate_orders(actor):
        raise NotPermitted(permission=PromotionPermission.WRITE)
    sold = Order.objects.exclude(status=Order.Status.DRAFT).filter(
        dealers_within(actor, "buyer__"), seller_id=actor.dealer_id
    )
    inside = lines_within(actor, "sku__product_line__code")
    return sold.filter(Exists(OrderLine.objects.filter(inside, order=OuterRef("pk")))) if inside else sold
