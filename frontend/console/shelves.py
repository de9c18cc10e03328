"""Stock as a table of products by warehouses."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dms.stock.models import Warehouse
from dms.stock.selectors import StockLine

PIVOT = 6
"""Warehouses a screen holds beside each other; the search narrows to others."""


@dataclass(frozen=True, slots=True)
class PivotRow:
    """A product with its free bottles in each of the shown warehouses (None: never stocked there)."""

    line: StockLine
    cells: tuple[int | None, ...]


def pivot_rows(lines: Iterable[StockLine], warehouses: Sequence[Warehouse]) -> list[PivotRow]:
    """The lines of a page by warehouse."""
    made = []
    for line in lines:
        free: dict[str, int] = {}
        for place in line.places:
            sellable = place.free if place.condition == "AVAILABLE" else 0
            free[place.warehouse_code] = free.get(place.warehouse_code, 0) + sellable
        made.append(PivotRow(line, tuple(free.get(one.code) for one in warehouses)))
    return made
