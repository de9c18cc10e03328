"""The room's questions: shipments, what is kept where, and the papers that go with the goods."""

from ordering.fulfilment.selectors.shelves import ShelfRow, shelves
from ordering.fulfilment.selectors.shipments import (
    CardLine,
    ReadyLine,
    ShipmentCard,
    kept_in,
    open_lines,
    own_warehouses,
    ready_lines,
    shipment,
    shipment_cards,
    shipments_of_order,
    shipments_to_sign,
    shipments_visible_to,
    signed_bottles,
    warehouses_keeping,
)
from ordering.fulfilment.selectors.slips import DeliveryNote, PickingList, delivery_notes, picking_lists

__all__ = [
    "CardLine",
    "DeliveryNote",
    "PickingList",
    "ReadyLine",
    "ShelfRow",
    "ShipmentCard",
    "delivery_notes",
    "kept_in",
    "open_lines",
    "own_warehouses",
    "picking_lists",
    "ready_lines",
    "shelves",
    "shipment",
    "shipment_cards",
    "shipments_of_order",
    "shipments_to_sign",
    "shipments_visible_to",
    "signed_bottles",
    "warehouses_keeping",
]
