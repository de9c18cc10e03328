"""What an order is known by in a list: the product that stands first on it, and how much it is in all."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import F, Sum, Window

from core.db.scopes import lines_within
from core.kernel.actor import Actor
from ordering.orders.models import OrderLine
from ordering.orders.selectors.orders import orders_visible_to
from ordering.orders.selectors.sums import line_cases, line_loose


@dataclass(frozen=True, slots=True)
class FirstGoods:
    """The first product of an order, of those within the seat's product lines.

    ``cases`` and ``loose`` are the whole cases of all such lines and the bottles beside them.
    """

    name: str
    name_en: str
    cases: int
    loose: int


def first_goods(actor: Actor, numbers: Collection[str]) -> dict[str, FirstGoods]:
    """The first product of each of these orders, of those the actor may see. One query."""
    seen = orders_visible_to(actor).filter(number__in=numbers)
    rows = (
        OrderLine.objects.filter(lines_within(actor, "sku__product_line__code"), order__in=seen)
        .order_by("order_id", "line_no")
        .distinct("order_id")
        .annotate(
            cases=Window(Sum(line_cases()), partition_by=F("order_id")),
            loose=Window(Sum(line_loose()), partition_by=F("order_id")),
        )
        .values_list("order__number", "sku_name", "sku__name_en", "cases", "loose")
    )
    return {
        number or "": FirstGoods(name, name_en, int(cases), int(loose)) for number, name, name_en, cases, loose in rows
    }
