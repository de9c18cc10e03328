"""The room's verbs: the only writers of orders."""

from ordering.orders.services.amending import STAYS, AmendedOrder, AmendOrder, Stays, amend_order
from ordering.orders.services.asides import MendAside, mend_aside, set_aside
from ordering.orders.services.asking import ask_for_funds
from ordering.orders.services.bulk import Outcome, approve_each
from ordering.orders.services.carts import (
    AddToCart,
    CartLine,
    PutInCart,
    SaveCart,
    SetInCart,
    add_to_cart,
    clear_cart,
    follow_supplier,
    put_in_cart,
    save_cart,
    set_in_cart,
)
from ordering.orders.services.deciding import (
    Approve,
    Cancel,
    OrderState,
    Reject,
    approve,
    cancel,
    expire_due,
    reject,
)
from ordering.orders.services.late import Late, LateChange, change_late
from ordering.orders.services.notes import AddNote, add_note
from ordering.orders.services.pads import (
    Pasted,
    RemoveFromPad,
    Undone,
    paste_into_pad,
    remove_from_pad,
    set_on_pad,
    undo_pad,
)
from ordering.orders.services.placing import OrderedLine, PlacedOrder, PlaceOrder, place_order
from ordering.orders.services.scanning import Scanned, scan_into_pad
from ordering.orders.services.settings import ChangeSettings, change_settings

__all__ = [
    "STAYS",
    "AddNote",
    "AddToCart",
    "AmendOrder",
    "AmendedOrder",
    "Approve",
    "Cancel",
    "CartLine",
    "ChangeSettings",
    "Late",
    "LateChange",
    "MendAside",
    "OrderState",
    "OrderedLine",
    "Outcome",
    "Pasted",
    "PlaceOrder",
    "PlacedOrder",
    "PutInCart",
    "Reject",
    "RemoveFromPad",
    "SaveCart",
    "Scanned",
    "SetInCart",
    "Stays",
    "Undone",
    "add_note",
    "add_to_cart",
    "amend_order",
    "approve",
    "approve_each",
    "ask_for_funds",
    "cancel",
    "change_late",
    "change_settings",
    "clear_cart",
    "expire_due",
    "follow_supplier",
    "mend_aside",
    "paste_into_pad",
    "place_order",
    "put_in_cart",
    "reject",
    "remove_from_pad",
    "save_cart",
    "scan_into_pad",
    "set_aside",
    "set_in_cart",
    "set_on_pad",
    "undo_pad",
]
