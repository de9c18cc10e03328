"""Decisions about products: aroma types, limits, codes, shelf states, titles, search words, drawings."""

from core.catalogue.rules.aroma import (
    AROMA_NAMES,
    AROMA_WORDS,
    SOFT_ABV_TENTHS,
    STANDARDS,
    Aroma,
    Standard,
    aroma_of,
    standard,
    standards_on,
)
from core.catalogue.rules.codes import SKU_CODE, NotASkuCode, is_sku_code, sku_code
from core.catalogue.rules.drawing import BottleDrawing, drawn_bottle
from core.catalogue.rules.limits import (
    BAIJIU,
    Advice,
    AttributeOutOfRange,
    CatalogueLimits,
    SkuAttributes,
    attribute_advice,
    attribute_faults,
)
from core.catalogue.rules.search import (
    TYPO_SHARE,
    QueryTerms,
    SearchTerms,
    likeness,
    query_terms,
    search_terms,
)
from core.catalogue.rules.shelf import (
    SHELF_TRANSITIONS,
    ProducerLicence,
    ProducerLicenceRefused,
    ShelfState,
    ShelfStateRefused,
    check_shelf_change,
)
from core.catalogue.rules.titles import Guess, ParsedTitle, parse_title

__all__ = [
    "AROMA_NAMES",
    "AROMA_WORDS",
    "BAIJIU",
    "SHELF_TRANSITIONS",
    "SKU_CODE",
    "SOFT_ABV_TENTHS",
    "STANDARDS",
    "TYPO_SHARE",
    "Advice",
    "Aroma",
    "AttributeOutOfRange",
    "BottleDrawing",
    "CatalogueLimits",
    "Guess",
    "NotASkuCode",
    "ParsedTitle",
    "ProducerLicence",
    "ProducerLicenceRefused",
    "QueryTerms",
    "SearchTerms",
    "ShelfState",
    "ShelfStateRefused",
    "SkuAttributes",
    "Standard",
    "aroma_of",
    "attribute_advice",
    "attribute_faults",
    "check_shelf_change",
    "drawn_bottle",
    "is_sku_code",
    "likeness",
    "parse_title",
    "query_terms",
    "search_terms",
    "sku_code",
    "standard",
    "standards_on",
]
