"""URLs of the console, below ``/console/`` of a brand's host."""

from django.urls import path

from frontend.console.views import dealer, dealers, home, jobs, orders, people, prices, products, settings, stock

app_name = "console"
urlpatterns = [
    path("", home.home, name="home"),
    path("messages/", home.messages_page, name="messages"),
    path("orders/", orders.orders, name="orders"),
    path("orders/<str:number>/", orders.order, name="order"),
    path("shipping/", orders.shipping, name="shipping"),
    path("products/", products.products, name="products"),
    path("products/new/", products.new_product, name="new_product"),
    path("products/families/", products.families, name="families"),
    path("products/families/new/", products.family, name="new_family"),
    path("products/families/<str:code>/", products.family, name="family"),
    path("products/producers/", products.producers, name="producers"),
    path("products/lines/", products.lines, name="lines"),
    path("products/code/<str:code>/", products.product, name="product"),
    path("prices/", prices.price_lists, name="prices"),
    path("prices/new/", prices.new_list, name="new_list"),
    path("prices/list/<str:code>/", prices.price_list, name="price_list"),
    path("dealers/", dealers.dealers, name="dealers"),
    path("dealers/new/", dealers.new_dealer, name="new_dealer"),
    path("dealers/code/<str:code>/", dealer.dealer, name="dealer"),
    path("stock/", stock.stock, name="stock"),
    path("stock/adjust/", stock.adjust, name="adjust"),
    path("stock/transfer/", stock.transfer, name="transfer"),
    path("stock/warehouses/new/", stock.new_warehouse, name="new_warehouse"),
    path("stock/code/<str:code>/", stock.movements, name="movements"),
    path("import/<slug:slug>/", jobs.import_file, name="import"),
    path("import/<slug:slug>/template/<slug:ending>/", jobs.import_template, name="import_template"),
    path("jobs/", jobs.jobs, name="jobs"),
    path("jobs/<uuid:job_id>/", jobs.job, name="job"),
    path("jobs/<uuid:job_id>/confirm/", jobs.confirm, name="confirm_job"),
    path("jobs/<uuid:job_id>/cancel/", jobs.cancel, name="cancel_job"),
    path("seats/", people.seats, name="seats"),
    path("seats/new/", people.new_seat, name="new_seat"),
    path("seats/<uuid:seat_id>/", people.seat, name="seat"),
    path("tokens/", people.tokens, name="tokens"),
    path("tokens/<str:key>/revoke/", people.revoke, name="revoke_token"),
    path("settings/", settings.settings, name="settings"),
    path("audit/", settings.audit, name="audit"),
]
