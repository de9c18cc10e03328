"""The room's questions: what a buyer pays, what stands on the shelf, what a list says."""

from ordering.pricing.selectors.coming import ComingPrice, coming_prices
from ordering.pricing.selectors.coverage import coverage_of
from ordering.pricing.selectors.divisions import offers_in_divisions
from ordering.pricing.selectors.floors import floors_of_lists
from ordering.pricing.selectors.lists import (
    GridCell,
    lists_visible_to,
    price_as_of,
    price_history,
)
from ordering.pricing.selectors.offers import PriceAsk, offers, resolve
from ordering.pricing.selectors.settings import changes_by_rounds, pricing_settings
from ordering.pricing.selectors.shelf import (
    FacetValue,
    ShelfCard,
    ShelfFilters,
    ShelfPage,
    ShelfStep,
    shelf_card,
    shelf_cards,
    shelf_page,
)

__all__ = [
    "ComingPrice",
    "FacetValue",
    "GridCell",
    "PriceAsk",
    "ShelfCard",
    "ShelfFilters",
    "ShelfPage",
    "ShelfStep",
    "changes_by_rounds",
    "coming_prices",
    "coverage_of",
    "floors_of_lists",
    "lists_visible_to",
    "offers",
    "offers_in_divisions",
    "price_as_of",
    "price_history",
    "pricing_settings",
    "resolve",
    "shelf_card",
    "shelf_cards",
    "shelf_page",
]
