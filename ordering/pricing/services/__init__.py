"""The room's verbs: the only writers of price lists and their entries."""

from ordering.pricing.services.entries import (
    Planned,
    PriceChange,
    PricesSet,
    SetPrices,
    set_prices,
    write_entries,
)
from ordering.pricing.services.importing import ImportPrices, PriceRow, import_prices
from ordering.pricing.services.lists import ChangeList, CreateList, change_list, create_list
from ordering.pricing.services.settings import ChangePricingSettings, change_pricing_settings
from ordering.pricing.services.taking_back import take_back_entries

__all__ = [
    "ChangeList",
    "ChangePricingSettings",
    "CreateList",
    "ImportPrices",
    "Planned",
    "PriceChange",
    "PriceRow",
    "PricesSet",
    "SetPrices",
    "change_list",
    "change_pricing_settings",
    "create_list",
    "import_prices",
    "set_prices",
    "take_back_entries",
    "write_entries",
]
