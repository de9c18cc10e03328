"""Names in the reader's language: a row with ``name`` and ``name_en`` is called by the latter on English pages."""

from typing import Protocol

from django.utils.translation import get_language


class Named(Protocol):
    """What has a name in both languages; the English one may be empty."""

    @property
    def name(self) -> str: ...
    @property
    def name_en(self) -> str: ...


def is_english() -> bool:
    """Whether the reader reads English."""
    return (get_language() or "").startswith("en")


def called(row: Named) -> str:
    """What ``row`` is called for the reader."""
    return (is_english() and row.name_en) or row.name


def called_in(table: str) -> str:
    """SQL for what a row of ``table`` (its alias) is called for the reader; asks with ``reading()``."""
    return f"CASE WHEN %(in_english)s AND {table}.name_en <> '' THEN {table}.name_en ELSE {table}.name END"


def reading() -> dict[str, object]:
    """What ``called_in`` asks with."""
    return {"in_english": is_english()}
