"""Prices one below the other, as a table out of the house needs them."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from core.catalogue.models import Sku
from core.catalogue.selectors.search import matching
from core.db.scopes import lines_within
from core.kernel.actor import Actor
from ordering.pricing.models import PriceEntry
from ordering.pricing.selectors.lists import lists_visible_to


@dataclass(frozen=True, slots=True)
class EntryFilter:
    """What a table of prices is narrowed to; empty is not at all. ``line`` is the code of a product line."""

    list_code: str = ""
    text: str = ""
    line: str = ""


def entries_in_force(actor: Actor, asked: EntryFilter, *, at: datetime) -> QuerySet[PriceEntry]:
    """What the actor's lists say at ``at`` and what they will say after it, by list, SKU, unit and quantity.

    Raises ``NotPermitted``.
    """
    lists = lists_visible_to(actor)
    if asked.list_code:
        lists = lists.filter(code=asked.list_code)
    inside = PriceEntry.objects.filter(lines_within(actor, "sku__product_line__code"), price_list__in=lists)
    if asked.line:
        inside = inside.filter(sku__product_line__code=asked.line)
    if asked.text:
        inside = inside.filter(sku__in=matching(Sku.objects.all(), asked.text).order_by())
    key = ("price_list_id", "sku_id", "unit", "min_quantity")
    ruling = inside.filter(valid_from__lte=at).order_by(*key, "-valid_from").distinct(*key).values("pk")
    found = inside.filter(Q(pk__in=ruling, amount__isnull=False) | Q(valid_from__gt=at))
    return found.order_by("price_list__code", "sku__rank", "sku__code", "-unit", "min_quantity", "valid_from")
