"""Asking every brand's schema the same question, one after the other, without any SQL over two of them."""

from collections.abc import Callable, Iterator
from typing import TypeVar

from core.db.acts import PUBLIC, brand_schema
from core.kernel.errors import Missing
from tenants.brands.selectors import open_brands

T = TypeVar("T")
MOST_ROWS = 200
"""Shown on one page; who sees so many looks at one brand."""


def in_every_schema(
    question: Callable[[], list[T]], only: str = "", *, most: int = MOST_ROWS
) -> Iterator[tuple[str, str, T]]:
    """Schema, the brand's name (empty: the platform) and row, at most ``most``; ``only`` one schema."""
    left = most
    for schema, name in places():
        if only and schema != only:
            continue
        with brand_schema(schema):
            rows = question()[:left]
        yield from ((schema, name, row) for row in rows)
        left -= len(rows)
        if left <= 0:
            return


def places() -> list[tuple[str, str]]:
    """The public schema and every brand's that is complete, by name."""
    return [(PUBLIC, ""), *((brand.schema_name, brand.name) for brand in open_brands())]


def place(schema: str) -> tuple[str, str]:
    """One of them. Raises ``Missing``: no other schema may be entered from an address."""
    found = next((pair for pair in places() if pair[0] == schema), None)
    if found is None:
        raise Missing
    return found
