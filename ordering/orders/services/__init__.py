"""The room's verbs: the only writers of orders."""

from ordering.orders.services.carts import (
    AddToCart,
    CartLine,
    ChangeCartLine,
    SaveCart,
    add_to_cart,
    change_cart_line,
    clear_cart,
    save_cart,
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
    "ChangeCartLine",
    "ChangeSettings",
    "OrderState",
    "OrderedLine",
    "PlaceOrder",
    "PlacedOrder",
    "Reject",
    "SaveCart",
    "add_to_cart",
    "approve",
    "cancel",
    "change_cart_line",
    "change_settings",
    "clear_cart",
    "expire_due",
    "place_order",
    "reject",
    "save_cart",
]
