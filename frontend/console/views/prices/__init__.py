"""Prices in the console: the lists, a new one, and the matrix of SKU × list."""

from frontend.console.views.prices.cells import block, put_on_round, return_prices, save
from frontend.console.views.prices.lists import change_list, new_list, price_list, price_lists, price_settings
from frontend.console.views.prices.matrix import price_matrix
from frontend.console.views.prices.versions import list_versions

__all__ = [
    "block",
    "change_list",
    "list_versions",
    "new_list",
    "price_list",
    "price_lists",
    "price_matrix",
    "price_settings",
    "put_on_round",
    "return_prices",
    "save",
]
