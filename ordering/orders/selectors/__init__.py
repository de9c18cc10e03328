"""The room's questions: what an order would cost and whether it may be placed; carts; orders by page and in full."""

from ordering.orders.selectors.amending import CheckedAmendment, check_amendment
from ordering.orders.selectors.carts import Cart, CartItem, cart_of, cart_size
from ordering.orders.selectors.checking import CheckedCart, check_lines, check_question
from ordering.orders.selectors.filters import OrderFilters
from ordering.orders.selectors.gate import Gate, buyer_id_by_code, gate
from ordering.orders.selectors.orders import (
    OrderDetail,
    OrderLineFacts,
    OrderPage,
    OrderRow,
    order_detail,
    order_page,
    orders_matching,
    orders_visible_to,
)
from ordering.orders.selectors.pads import Aside, Grown, LastChange, PadState, pad_of
from ordering.orders.selectors.pasted import CheckedText, Unread, check_text
from ordering.orders.selectors.settings import OrderingTerms, ordering_settings

__all__ = [
    "Aside",
    "Cart",
    "CartItem",
    "CheckedAmendment",
    "CheckedCart",
    "CheckedText",
    "Gate",
    "Grown",
    "LastChange",
    "OrderDetail",
    "OrderFilters",
    "OrderLineFacts",
    "OrderPage",
    "OrderRow",
    "OrderingTerms",
    "PadState",
    "Unread",
    "buyer_id_by_code",
    "cart_of",
    "cart_size",
    "check_amendment",
    "check_lines",
    "check_question",
    "check_text",
    "gate",
    "order_detail",
    "order_page",
    "ordering_settings",
    "orders_matching",
    "orders_visible_to",
    "pad_of",
]
