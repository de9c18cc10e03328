"""Orders by a few letters of their number, their buyer or its pinyin: for whoever types into a box. One statement."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from core.kernel.actor import Actor
from core.kernel.text import normalised
from ordering.orders.selectors.orders import orders_visible_to


@dataclass(frozen=True, slots=True)
class FoundOrder:
    """An order as a box of findings names it."""

    number: str
    buyer_name: str
    seller_name: str
    status: str
    submitted_at: datetime | None
    is_sold: bool


def find_orders(actor: Actor, text: str, *, limit: int = 5) -> tuple[FoundOrder, ...]:
    """The newest orders of the actor's house that ``text`` names: number, the buyer's reference, its name or pinyin."""
    words = normalised(text)[:60]
    if not words:
        return ()
    named = (
        Q(number__icontains=words)
        | Q(buyer_reference__icontains=words)
        | Q(buyer__search_text__contains=words.casefold())
    )
    rows = orders_visible_to(actor).filter(named).order_by("-submitted_at", "-pk")
    columns = ("number", "buyer__name", "seller__name", "status", "submitted_at", "seller_id")
    return tuple(
        FoundOrder(str(number), buyer, seller, status, at, seller_id == actor.dealer_id)
        for number, buyer, seller, status, at, seller_id in rows.values_list(*columns)[:limit]
    )
