"""The room's verbs: the only writers of price lists and their entries."""

from ordering.pricing.services.entries import PriceChange, PricesSet, SetPrices, set_prices
from ordering.pricing.services.importing import ImportPrices, PriceRow, import_prices
from ordering.pricing.services.lists import CreateList, create_list

__all__ = [
    "CreateList",
    "ImportPrices",
    "PriceChange",
    "PriceRow",
    "PricesSet",
    "SetPrices",
    "create_list",
    "import_prices",
    "set_prices",
]
