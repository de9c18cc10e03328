"""Names a device keeps to fill an order pad without a connection: codes and barcodes, never a price."""

from core.catalogue.selectors import skus_visible_to
from core.kernel.actor import Actor
from ordering.orders.permissions import Permission

MOST_GOODS = 2_000
"""More names than a house orders in a year; the rest is found when there is a connection."""
_FACTS = ("code", "name", "name_en", "gtin13", "gtin14", "abv_tenths", "volume_ml", "bottles_per_case", "sells_in")

Goods = dict[str, str | int]


def goods_for_device(actor: Actor) -> list[Goods]:
    """Products on the shelf the actor may know of, by code. One query."""
    actor.require(Permission.PLACE, writes=False)
    rows = skus_visible_to(actor).filter(status="ON").order_by("code").values_list(*_FACTS)[:MOST_GOODS]
    return [dict(zip(_FACTS, row, strict=True)) for row in rows]
