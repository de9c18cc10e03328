"""Addresses of the storefront, at the root of a brand's host."""

from django.urls import path

from frontend.storefront.views import (
    account,
    catalogue,
    checkout,
    home,
    me,
    notices,
    orders,
    pad,
    product,
    receive,
    sales,
)

app_name = "storefront"
urlpatterns = [
    path("", home.home, name="home"),
    path("products/", catalogue.catalogue, name="catalogue"),
    path("products/cart/", catalogue.put, name="put"),
    path("products/<str:code>/", product.product, name="product"),
    path("pad/", pad.pad, name="pad"),
    path("pad/lines/", pad.paste, name="pad_paste"),
    path("pad/line/", pad.line, name="pad_line"),
    path("pad/aside/", pad.aside, name="pad_aside"),
    path("pad/clear/", pad.clear, name="pad_clear"),
    path("pad/checkout/", pad.go_on, name="pad_go_on"),
    path("checkout/", checkout.checkout, name="checkout"),
    path("orders/", orders.orders, name="orders"),
    path("orders/<str:number>/", orders.order, name="order"),
    path("orders/<str:number>/again/", pad.reorder, name="reorder"),
    path("orders/<str:number>/cancel/", orders.cancel_order, name="cancel"),
    path("receive/<str:number>/", receive.receive_shipment, name="receive"),
    path("sales/", sales.sales, name="sales"),
    path("sales/<str:number>/", sales.sale, name="sale"),
    path("sales/<str:number>/approve/", sales.approve_sale, name="sale_approve"),
    path("sales/<str:number>/reject/", sales.reject_sale, name="sale_reject"),
    path("sales/<str:number>/ship/", sales.ship_sale, name="sale_ship"),
    path("account/", account.account, name="account"),
    path("notices/", notices.notices, name="notices"),
    path("notices/read/", notices.read_all, name="notices_read"),
    path("me/", me.me, name="me"),
]
