"""Chips, sorts and pages of the console's lists: those of the kit."""

from frontend.ui.lists import (
    PAGE_SIZE,
    chips_of,
    choice_asked,
    ordered,
    ordered_list,
    pager_of,
    removable_chips,
    sort_asked,
    sort_links,
    text_asked,
    ticked,
)
from frontend.ui.shapes import SortLink

__all__ = [
    "PAGE_SIZE",
    "SortLink",
    "chips_of",
    "choice_asked",
    "ordered",
    "ordered_list",
    "pager_of",
    "removable_chips",
    "sort_asked",
    "sort_links",
    "text_asked",
    "ticked",
]
