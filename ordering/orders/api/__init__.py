"""Orders, the question what one would cost, and the cart, for programs."""

from django.urls import path

from ordering.orders.api.carts import CartDoor, CartLines
from ordering.orders.api.checks import OrderChecks
from ordering.orders.api.decisions import Amendment, Approval, Cancellation, Rejection
from ordering.orders.api.orders import OrderDoor, Orders

urlpatterns = [
    path("orders", Orders.as_view(), name="api_orders"),
    path("orders/<str:number>", OrderDoor.as_view(), name="api_order"),
    path("orders/<str:number>/amendments", Amendment.as_view(), name="api_order_amendments"),
    path("orders/<str:number>/approval", Approval.as_view(), name="api_order_approval"),
    path("orders/<str:number>/rejection", Rejection.as_view(), name="api_order_rejection"),
    path("orders/<str:number>/cancellation", Cancellation.as_view(), name="api_order_cancellation"),
    path("order-checks", OrderChecks.as_view(), name="api_order_checks"),
    path("cart", CartDoor.as_view(), name="api_cart"),
    path("cart/lines", CartLines.as_view(), name="api_cart_lines"),
]
