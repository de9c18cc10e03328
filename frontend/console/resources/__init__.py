"""The console's lists as spreadsheets: the columns of the pages, asked by the pages' own selectors and filters."""

from frontend.console.resources import (
    deals,
    goods,
    house,
    market,
    network,
    notices,
    places,
    promotions,
    rights,
    rounds,
    yards,
)

__all__ = [
    "deals",
    "goods",
    "house",
    "market",
    "network",
    "notices",
    "places",
    "promotions",
    "rights",
    "rounds",
    "yards",
]
