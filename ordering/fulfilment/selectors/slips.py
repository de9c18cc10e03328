"""The papers that go with the goods: picking lists (拣货单) by warehouse, delivery notes (随货同行单) by shipment."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from core.db import scopes, sql
from core.db.naming import called_in, reading
from core.kernel.actor import Actor
from core.vault.services import masked_phone, unseal
from ordering.fulfilment.permissions import Permission
from ordering.orders.selectors.settings import ordering_settings

MOST_PAPERS = 100
"""Orders or shipments printed at once; a longer stack is asked for in parts."""


@dataclass(frozen=True, slots=True)
class PickLine:
    """What is taken from one row of stock for one line of one order; ``gtin`` of the case, ``gtin13`` of the bottle."""

    order_number: str
    line_no: int
    sku_code: str
    sku_name: str
    gtin: str
    gtin13: str
    bottles_per_case: int
    batch: str
    bottles: int
    is_gift: bool


@dataclass(frozen=True, slots=True)
class PickOrder:
    """Whose goods they are and where they go."""

    number: str
    buyer_name: str
    region_code: str
    wished_on: date | None
    note: str


@dataclass(frozen=True, slots=True)
class PickingList:
    """All that one warehouse brings out, by product and batch, with the orders it is for."""

    warehouse_code: str
    warehouse_name: str
    lines: tuple[PickLine, ...]
    orders: tuple[PickOrder, ...]

    @property
    def bottles(self) -> int:
        """Bottles in all."""
        return sum(line.bottles for line in self.lines)


_PICK = f"""
SELECT warehouse.code, {called_in("warehouse")}, o.number, buyer.name, o.ship_to_region, o.wished_on, o.note,
       line.line_no, line.sku_code, line.sku_name, coalesce(nullif(sku.gtin14, ''), sku.gtin13), sku.gtin13,
       line.bottles_per_case, stock.batch, kept.bottles - kept.shipped - kept.released,
       line.is_gift
FROM orders_order AS o
JOIN dealers_dealer AS buyer ON buyer.id = o.buyer_id AND {scopes.dealer_condition("buyer", "buyer.id")}
JOIN orders_orderline AS line ON line.order_id = o.id
JOIN catalogue_sku AS sku ON sku.id = line.sku_id
JOIN catalogue_productline AS goods ON goods.id = sku.product_line_id AND {scopes.line_condition("goods.code")}
JOIN stock_reservation AS kept ON kept.document_type = 'ORDER' AND kept.document_number = o.number
     AND kept.line_no = line.line_no AND kept.bottles > kept.shipped + kept.released
JOIN stock_stock AS stock ON stock.id = kept.stock_id
JOIN stock_warehouse AS warehouse ON warehouse.id = stock.warehouse_id
WHERE o.number = ANY(%(numbers)s::text[]) AND o.seller_id = %(seller)s AND o.status = 'CONFIRMED'
ORDER BY warehouse.priority, warehouse.code, line.sku_code, stock.batch, o.number, line.line_no
"""


def picking_lists(actor: Actor, order_numbers: Sequence[str]) -> tuple[PickingList, ...]:
    """What lies ready for confirmed orders the actor's house sells, a list a warehouse. One statement.

    Within a warehouse by product code and batch: the order of the walk. Numbers one may not see are left out.
    """
    actor.require(Permission.READ, writes=False)
    asked = {"numbers": list(order_numbers)[:MOST_PAPERS], "seller": actor.dealer_id}
    lines: dict[tuple[str, str], list[PickLine]] = {}
    orders: dict[tuple[str, str], dict[str, PickOrder]] = {}
    for row in sql.rows(_PICK, {**asked, **reading(), **scopes.parameters(actor)}):
        place, order, goods = (row[0], row[1]), PickOrder(*row[2:7]), row[7:]
        lines.setdefault(place, []).append(PickLine(order.number, *goods))
        orders.setdefault(place, {})[order.number] = order
    return tuple(
        PickingList(*place, tuple(found), tuple(sorted(orders[place].values(), key=lambda one: one.number)))
        for place, found in lines.items()
    )


@dataclass(frozen=True, slots=True)
class NoteLine:
    """What of one product and batch lies in the truck; ``amount`` minor units, None where notes carry no prices."""

    line_no: int
    sku_code: str
    sku_name: str
    gtin: str
    gtin13: str
    bottles_per_case: int
    batch: str
    bottles: int
    is_gift: bool
    amount: int | None


@dataclass(frozen=True, slots=True)
class DeliveryNote:
    """A shipment as the paper beside the goods tells it. ``amount`` as on the lines.

    ``phone`` is whole for those who send goods off, since the driver has to call; masked for anybody else.
    """

    number: str
    order_number: str
    seller_name: str
    seller_code: str
    buyer_name: str
    buyer_code: str
    ship_to_name: str
    phone: str
    region_code: str
    ship_to_line: str
    warehouse_code: str
    warehouse_name: str
    carrier: str
    tracking_number: str
    currency: str
    shipped_by_name: str
    shipped_at: datetime
    buyer_reference: str
    note: str
    bottles: int
    amount: int | None
    lines: tuple[NoteLine, ...]


_NOTES = f"""
SELECT sent.id, sent.number, o.number, seller.name, seller.code, buyer.name, buyer.code, o.ship_to_name,
       o.ship_to_phone_sealed, o.ship_to_region, o.ship_to_line, warehouse.code, {called_in("warehouse")}, sent.carrier,
       sent.tracking_number, sent.currency, sent.shipped_by_name, sent.shipped_at, o.buyer_reference, o.note,
       sent.bottles, sent.amount
FROM fulfilment_shipment AS sent JOIN orders_order AS o ON o.id = sent.order_id
JOIN dealers_dealer AS seller ON seller.id = sent.seller_id
JOIN dealers_dealer AS buyer ON buyer.id = sent.buyer_id AND {scopes.dealer_condition("buyer", "buyer.id")}
JOIN stock_warehouse AS warehouse ON warehouse.id = sent.warehouse_id
WHERE sent.seller_id = %(seller)s
  AND (sent.number = ANY(%(shipments)s::text[]) OR o.number = ANY(%(orders)s::text[]))
ORDER BY sent.shipped_at, sent.id LIMIT {MOST_PAPERS}
"""
_NOTE_LINES = f"""
SELECT part.shipment_id, line.line_no, line.sku_code, line.sku_name, coalesce(nullif(sku.gtin14, ''), sku.gtin13),
       sku.gtin13, line.bottles_per_case, stock.batch, sum(part.bottles)::bigint, line.is_gift,
       sum(part.amount)::bigint
FROM fulfilment_shipmentline AS part JOIN orders_orderline AS line ON line.id = part.order_line_id
JOIN catalogue_sku AS sku ON sku.id = line.sku_id
JOIN catalogue_productline AS goods ON goods.id = sku.product_line_id AND {scopes.line_condition("goods.code")}
JOIN stock_stock AS stock ON stock.id = part.stock_id
WHERE part.shipment_id = ANY(%(ids)s::bigint[])
GROUP BY part.shipment_id, line.line_no, line.sku_code, line.sku_name, sku.gtin14, sku.gtin13, line.bottles_per_case,
         stock.batch, line.is_gift
ORDER BY part.shipment_id, line.line_no, stock.batch
"""


def delivery_notes(
    actor: Actor, *, shipments: Sequence[str] = (), orders: Sequence[str] = ()
) -> tuple[DeliveryNote, ...]:
    """Notes of shipments the actor's house sent, named themselves or by their orders, oldest first. Three statements.

    Amounts only where the seller's setting says that notes carry them; a shipment all of whose goods lie outside the
    seat's product lines is left out. Numbers one may not see are left out.
    """
    actor.require(Permission.READ, writes=False)
    asked = {"seller": actor.dealer_id, "shipments": list(shipments), "orders": list(orders)}
    heads = sql.rows(_NOTES, {**asked, **reading(), **scopes.parameters(actor)})
    has_prices = ordering_settings().shows_prices_on_notes
    lines: dict[int, list[NoteLine]] = {}
    ids = [head[0] for head in heads]
    for shipment_id, *facts, amount in sql.rows(_NOTE_LINES, {"ids": ids, **scopes.parameters(actor)}) if ids else []:
        lines.setdefault(shipment_id, []).append(NoteLine(*(*facts, amount if has_prices else None)))
    is_sender = actor.can(Permission.SHIP)
    return tuple(
        _note(head, tuple(lines[head[0]]), has_prices=has_prices, is_sender=is_sender)
        for head in heads
        if head[0] in lines
    )


def _note(head: tuple[Any, ...], lines: tuple[NoteLine, ...], *, has_prices: bool, is_sender: bool) -> DeliveryNote:
    facts: list[Any] = list(head[1:-2])
    phone = unseal(str(facts[7]))
    facts[7] = phone if is_sender else masked_phone(phone)
    amount = sum(line.amount or 0 for line in lines) if has_prices else None
    told: tuple[Any, ...] = (*facts, sum(line.bottles for line in lines), amount, lines)
    return DeliveryNote(*told)
