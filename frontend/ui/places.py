"""Divisions as the page's reader calls them, and back from what was typed in either language."""

from django.utils.translation import get_language

from core.kernel import regions
from core.kernel.regions import Region


def place_name(code: str, *, full: bool = False) -> str:
    """济南市 or Jinan; ``full``: 山东省济南市, or Jinan, Shandong. Raises ``UnknownRegion``."""
    if (get_language() or "").startswith("en"):
        return regions.full_name_en(code) if full else regions.region(code).name_en
    return regions.full_name(code) if full else regions.region(code).name


def place_called(text: str) -> Region | None:
    """The one division in force that ``text`` names, in Chinese (an address will do) or in English; else None."""
    return regions.find(text) or regions.find_english(text)


def name_to_type(code: str) -> str:
    """The full name where typing it leads back to the same division, else the code. Raises ``UnknownRegion``."""
    name = place_name(code, full=True)
    found = place_called(name)
    return name if found is not None and found.code == code else code
