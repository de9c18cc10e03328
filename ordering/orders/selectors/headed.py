"""What an order is known by in a list: the product that stands first on it."""

from collections.abc import Collection
from dataclasses import dataclass

from core.db.scopes import lines_within
from core.kernel.actor import Actor
from ordering.orders.models import OrderLine
from ordering.orders.selectors.orders import orders_visible_to


@dataclass(frozen=True, slots=True)
class FirstGoods:
    """The first product of an order, of those within the seat's product lines."""

    name: str
    name_en: str


def first_goods(actor: Actor, numbers: Collection[str]) -> dict[str, FirstGoods]:
    """The first product of each of these orders, of those the actor may see. One query."""
    seen = orders_visible_to(actor).filter(number__in=numbers)
    rows = (
        OrderLine.objects.filter(lines_within(actor, "sku__product_line__code"), order__in=seen)
        .order_by("order_id", "line_no")
        .distinct("order_id")
        .values_list("order__number", "sku_name", "sku__name_en")
    )
    return {number or "": FirstGoods(name, name_en) for number, name, name_en in rows}
