"""The room's verbs: the only writers of orders."""

from ordering.orders.services.carts import (
    AddToCart,
    CartLine,
    SaveCart,
    SetInCart,
    add_to_cart,
    clear_cart,
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
from ordering.orders.services.placing import OrderedLine, PlacedOrder, PlaceOrder, place_order
from ordering.orders.services.settings import ChangeSettings, change_settings

__all__ = [
    "AddToCart",
    "Approve",
    "Cancel",
    "CartLine",
    "ChangeSettings",
    "OrderState",
    "OrderedLine",
    "PlaceOrder",
    "PlacedOrder",
    "Reject",
    "SaveCart",
    "SetInCart",
    "add_to_cart",
    "approve",
    "cancel",
    "change_settings",
    "clear_cart",
    "expire_due",
    "place_order",
    "reject",
    "save_cart",
    "set_in_cart",
]
