"""Questions about shipments; a shipment is seen by its seller and its buyer, for anybody else it is missing."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from core.db import scopes, sql
from core.db.naming import called
from core.db.scopes import lines_within
from core.kernel.actor import Actor
from core.kernel.errors import Missing
from dms.stock.models import Warehouse
from ordering.fulfilment.models import Shipment, ShipmentLine
from ordering.fulfilment.permissions import Permission
from ordering.fulfilment.rules import Kept, OpenLine
from ordering.orders.selectors.orders import in_scope
from ordering.orders.selectors.sight import may_see_price


@dataclass(frozen=True, slots=True)
class ShipmentCard:
    """One shipment as a list or an order's page shows it. ``amount`` minor units; ``bottles`` as shipped.

    ``amount`` None, here and on lines: the house's purchase prices are not the seat's to see.
    """

    number: str
    order_number: str
    status: str
    seller_id: int
    buyer_id: int
    buyer_name: str
    warehouse_code: str
    warehouse_name: str
    carrier: str
    tracking_number: str
    currency: str
    bottles: int
    amount: int | None
    shipped_by_name: str
    shipped_at: datetime
    signed_by_name: str
    signed_at: datetime | None
    receipt_note: str
    lines: tuple["CardLine", ...] = ()

    @property
    def is_to_sign(self) -> bool:
        """Whether somebody still has to sign for it."""
        return self.status == Shipment.Status.IN_TRANSIT


@dataclass(frozen=True, slots=True)
class CardLine:
    """One order line of a shipment; ``received`` None until it is signed."""

    line_no: int
    sku_code: str
    sku_name: str
    bottles_per_case: int
    bottles: int
    amount: int | None
    received: int | None
    sku_name_en: str


def shipments_visible_to(actor: Actor) -> QuerySet[Shipment]:
    """Shipments in which the actor's house sells or buys, within the seat's limits, newest first.

    A seat limited to product lines sees those that carry some of them.
    """
    actor.require(Permission.READ, writes=False)
    mine = Q(seller_id=actor.dealer_id) | Q(buyer_id=actor.dealer_id)
    found = Shipment.objects.filter(mine, in_scope(actor)).order_by("-shipped_at", "-pk")
    inside = lines_within(actor, "order_line__sku__product_line__code")
    return found.filter(Exists(ShipmentLine.objects.filter(inside, shipment=OuterRef("pk")))) if inside else found


def shipment_cards(actor: Actor, shipments: Iterable[Shipment] | QuerySet[Shipment]) -> tuple[ShipmentCard, ...]:
    """The shipments with their lines: two statements for any number. ``shipments`` as a query or a page of it."""
    if isinstance(shipments, QuerySet):
        shipments = shipments.select_related("order", "warehouse", "buyer")
    rows = list(shipments)
    lines = _lines_of(actor, [row.pk for row in rows])
    return tuple(_seen(actor, _card(row, lines.get(row.pk, ()))) for row in rows)


def _seen(actor: Actor, card: ShipmentCard) -> ShipmentCard:
    if may_see_price(actor, card.buyer_id):
        return card
    return replace(card, amount=None, lines=tuple(replace(line, amount=None) for line in card.lines))


def shipments_of_order(actor: Actor, order_number: str) -> tuple[ShipmentCard, ...]:
    """An order's shipments, oldest first, with lines."""
    query = shipments_visible_to(actor).filter(order__number=order_number).order_by("shipped_at", "pk")
    return shipment_cards(actor, query)


def shipment(actor: Actor, number: str) -> ShipmentCard:
    """One shipment with its lines. Raises ``Missing``."""
    found = shipment_cards(actor, shipments_visible_to(actor).filter(number=number))
    if not found:
        raise Missing(shipment=number)
    return found[0]


def shipments_to_sign(actor: Actor, most: int = 20) -> tuple[ShipmentCard, ...]:
    """What is on its way to the actor's house, oldest first."""
    waiting = shipments_visible_to(actor).filter(buyer_id=actor.dealer_id, status=Shipment.Status.IN_TRANSIT)
    return shipment_cards(actor, waiting.order_by("shipped_at", "pk")[:most])


def _card(row: Shipment, lines: tuple[CardLine, ...]) -> ShipmentCard:
    return ShipmentCard(
        number=row.number,
        order_number=row.order.number or "",
        status=row.status,
        seller_id=row.seller_id,
        buyer_id=row.buyer_id,
        buyer_name=row.buyer.name,
        warehouse_code=row.warehouse.code,
        warehouse_name=called(row.warehouse),
        carrier=row.carrier,
        tracking_number=row.tracking_number,
        currency=row.currency,
        bottles=row.bottles,
        amount=row.amount,
        shipped_by_name=row.shipped_by_name,
        shipped_at=row.shipped_at,
        signed_by_name=row.signed_by_name,
        signed_at=row.signed_at,
        receipt_note=row.receipt_note,
        lines=lines,
    )


_CARD_LINES = f"""
SELECT part.shipment_id, line.line_no, line.sku_code, line.sku_name, line.bottles_per_case,
       sum(part.bottles)::bigint, sum(part.amount)::bigint, sum(part.received_bottles)::bigint, sku.name_en
FROM fulfilment_shipmentline AS part JOIN orders_orderline AS line ON line.id = part.order_line_id
JOIN catalogue_sku AS sku ON sku.id = line.sku_id
JOIN catalogue_productline AS goods ON goods.id = sku.product_line_id AND {scopes.line_condition("goods.code")}
WHERE part.shipment_id = ANY(%(shipments)s::bigint[])
GROUP BY part.shipment_id, line.line_no, line.sku_code, line.sku_name, line.bottles_per_case, sku.name_en
ORDER BY part.shipment_id, line.line_no
"""


def _lines_of(actor: Actor, shipment_ids: list[int]) -> dict[int, tuple[CardLine, ...]]:
    found: dict[int, list[CardLine]] = {}
    if shipment_ids:
        for shipment_id, *facts in sql.rows(_CARD_LINES, {"shipments": shipment_ids, **scopes.parameters(actor)}):
            found.setdefault(shipment_id, []).append(CardLine(*facts))
    return {shipment_id: tuple(lines) for shipment_id, lines in found.items()}


@dataclass(frozen=True, slots=True)
class ReadyLine:
    """What the warehouse sees of a line: ordered, gone, and where the rest is kept (bottles by warehouse code)."""

    line_no: int
    sku_code: str
    sku_name: str
    bottles_per_case: int
    bottles: int
    shipped_bottles: int
    kept: dict[str, int]
    sku_name_en: str

    @property
    def open_bottles(self) -> int:
        """Bottles still to leave."""
        return self.bottles - self.shipped_bottles


_READY = f"""
SELECT line.line_no, line.sku_code, line.sku_name, line.bottles_per_case, line.bottles, line.shipped_bottles,
       coalesce((
           SELECT json_object_agg(place.code, place.bottles) FROM (
               SELECT warehouse.code, sum(kept.bottles - kept.shipped - kept.released)::bigint AS bottles
               FROM stock_reservation AS kept
               JOIN stock_stock AS stock ON stock.id = kept.stock_id
               JOIN stock_warehouse AS warehouse ON warehouse.id = stock.warehouse_id
               WHERE kept.document_type = 'ORDER' AND kept.document_number = %(number)s
                 AND kept.line_no = line.line_no AND kept.bottles > kept.shipped + kept.released
               GROUP BY warehouse.code ORDER BY warehouse.code
           ) AS place
       ), '{{}}'), sku.name_en
FROM orders_orderline AS line JOIN orders_order AS o ON o.id = line.order_id
JOIN dealers_dealer AS buyer ON buyer.id = o.buyer_id AND {scopes.dealer_condition("buyer", "buyer.id")}
JOIN catalogue_sku AS sku ON sku.id = line.sku_id
JOIN catalogue_productline AS goods ON goods.id = sku.product_line_id AND {scopes.line_condition("goods.code")}
WHERE o.number = %(number)s AND o.seller_id = %(seller)s
ORDER BY line.line_no
"""


def ready_lines(actor: Actor, order_number: str) -> tuple[ReadyLine, ...]:
    """The lines within the seat's limits of an order the actor's house sells, with what is kept for them where.

    One statement.
    """
    actor.require(Permission.READ, writes=False)
    asked = {"number": order_number, "seller": actor.dealer_id}
    rows = sql.rows(_READY, {**asked, **scopes.parameters(actor)})
    return tuple(ReadyLine(*row) for row in rows)


def own_warehouses(actor: Actor) -> QuerySet[Warehouse]:
    """Warehouses of the actor's house that goods can leave from."""
    actor.require(Permission.READ, writes=False)
    closed = [Warehouse.Kind.TRANSIT, Warehouse.Kind.CUSTODY, Warehouse.Kind.DEFECT]
    own = Warehouse.objects.filter(owner_id=actor.dealer_id, is_active=True)
    return own.exclude(kind__in=closed).order_by("priority", "pk")


_OPEN_LINES = """
SELECT line.id, line.line_no, line.sku_id, line.sku_code, product_line.code, line.bottles_per_case, line.bottles,
       line.amount, line.tax_rate_bp, line.shipped_bottles, line.shipped_amount, line.rebate, line.shipped_rebate
FROM orders_orderline AS line JOIN catalogue_sku AS sku ON sku.id = line.sku_id
JOIN catalogue_productline AS product_line ON product_line.id = sku.product_line_id
WHERE line.order_id = %(order)s ORDER BY line.line_no
"""
_KEPT = """
SELECT kept.line_no, kept.stock_id, kept.bottles - kept.shipped - kept.released
FROM stock_reservation AS kept JOIN stock_stock AS stock ON stock.id = kept.stock_id
WHERE kept.document_type = 'ORDER' AND kept.document_number = %(number)s AND stock.warehouse_id = %(warehouse)s
  AND kept.bottles > kept.shipped + kept.released
ORDER BY kept.line_no, kept.stock_id
"""


def open_lines(order_id: int) -> dict[int, OpenLine]:
    """An order's lines by number, for shipping. One statement."""
    return {row[1]: OpenLine(*row) for row in sql.rows(_OPEN_LINES, {"order": order_id})}


def kept_in(order_number: str, warehouse_id: int) -> tuple[Kept, ...]:
    """What is kept for an order in one warehouse. One statement."""
    return tuple(Kept(*row) for row in sql.rows(_KEPT, {"number": order_number, "warehouse": warehouse_id}))


_KEEPING = """
SELECT DISTINCT stock.warehouse_id FROM stock_reservation AS kept JOIN stock_stock AS stock ON stock.id = kept.stock_id
WHERE kept.document_type = 'ORDER' AND kept.document_number = %(number)s
  AND kept.bottles > kept.shipped + kept.released
"""


def warehouses_keeping(order_number: str) -> tuple[int, ...]:
    """Ids of the warehouses in which something is kept for an order. One statement."""
    return tuple(row[0] for row in sql.rows(_KEEPING, {"number": order_number}))


def signed_bottles(order_id: int) -> int:
    """Bottles of the order's signed shipments, as shipped. One statement."""
    signed = [Shipment.Status.SIGNED, Shipment.Status.SIGNED_WITH_CLAIM]
    query = ShipmentLine.objects.filter(shipment__order_id=order_id, shipment__status__in=signed)
    return sum(query.values_list("bottles", flat=True))
