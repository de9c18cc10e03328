"""Administrative divisions of China (GB/T 2260), in force and retired, and the addresses that name them."""

from core.kernel.regions.addresses import find, find_english
from core.kernel.regions.register import (
    COUNTRY,
    Level,
    Region,
    UnknownRegion,
    ancestors,
    children,
    contains,
    current,
    full_name,
    full_name_en,
    holders,
    is_leaf,
    leaves,
    lineage,
    provinces,
    region,
    within,
)

__all__ = [
    "COUNTRY",
    "Level",
    "Region",
    "UnknownRegion",
    "ancestors",
    "children",
    "contains",
    "current",
    "find",
    "find_english",
    "full_name",
    "full_name_en",
    "holders",
    "is_leaf",
    "leaves",
    "lineage",
    "provinces",
    "region",
    "within",
]
