"""The room's questions: what an actor may see, what words find, what pasted terms name."""

from core.catalogue.selectors.brand import BrandRules, brand_rules
from core.catalogue.selectors.find import MOST_CANDIDATES, How, Match, find_skus, named_skus
from core.catalogue.selectors.found import FoundSku
from core.catalogue.selectors.search import FOUND, found_parameters, matching, search
from core.catalogue.selectors.shelf import (
    SORTS,
    FacetCount,
    SkuFilters,
    facets,
    filtered,
    lines_visible_to,
    listed,
    producer_scan,
    producers_visible_to,
    sku_by_code,
    skus_visible_to,
    spus_visible_to,
)

__all__ = [
    "FOUND",
    "MOST_CANDIDATES",
    "SORTS",
    "BrandRules",
    "FacetCount",
    "FoundSku",
    "How",
    "Match",
    "SkuFilters",
    "brand_rules",
    "facets",
    "filtered",
    "find_skus",
    "found_parameters",
    "lines_visible_to",
    "listed",
    "matching",
    "named_skus",
    "producer_scan",
    "producers_visible_to",
    "search",
    "sku_by_code",
    "skus_visible_to",
    "spus_visible_to",
]
