"""Goods with the caller's own prices, and a seller's price lists, for programs."""

from django.urls import path

from ordering.pricing.api.goods import SkuDoor, Skus
from ordering.pricing.api.groups import PriceGroupDoor, PriceGroups
from ordering.pricing.api.lists import PriceEntries
from ordering.pricing.api.settings import PriceListDoor, PriceLists, PriceSettings
from ordering.pricing.api.traces import PriceTrace

urlpatterns = [
    path("catalogue/skus", Skus.as_view(), name="api_skus"),
    path("catalogue/skus/<str:code>", SkuDoor.as_view(), name="api_sku"),
    path("price-lists", PriceLists.as_view(), name="api_price_lists"),
    path("price-lists/<str:code>", PriceListDoor.as_view(), name="api_price_list"),
    path("price-groups", PriceGroups.as_view(), name="api_price_groups"),
    path("price-groups/<str:code>", PriceGroupDoor.as_view(), name="api_price_group"),
    path("price-settings", PriceSettings.as_view(), name="api_price_settings"),
    path("price-lists/<str:code>/entries", PriceEntries.as_view(), name="api_price_entries"),
    path("dealers/<str:code>/price-trace/<str:sku>", PriceTrace.as_view(), name="api_price_trace"),
]
