"""What a changed order has that the old one had not, line by line; no database. Amounts in minor units."""

from collections.abc import Iterable
from dataclasses import dataclass

from core.kernel.quantity import Unit


@dataclass(frozen=True, slots=True)
class LineSide:
    """A line before or after: ``quantity`` of ``unit`` of a SKU, and what it costs."""

    sku_code: str
    sku_name: str
    unit: Unit
    quantity: int
    amount: int


@dataclass(frozen=True, slots=True)
class LineChange:
    """A SKU in one unit before and after; a quantity of 0 stands for no line."""

    sku_code: str
    sku_name: str
    unit: Unit
    before: int
    after: int
    before_amount: int
    after_amount: int

    @property
    def is_changed(self) -> bool:
        """Whether quantity or amount differ."""
        return (self.before, self.before_amount) != (self.after, self.after_amount)

    @property
    def is_new_price(self) -> bool:
        """Whether the same quantity costs something else by now."""
        return self.before == self.after and self.before_amount != self.after_amount


def compared(before: Iterable[LineSide], after: Iterable[LineSide]) -> tuple[LineChange, ...]:
    """Every SKU and unit of either side, new ones last; lines of the same SKU and unit are summed."""
    names: dict[tuple[str, Unit], str] = {}
    figures: dict[tuple[str, Unit], list[int]] = {}
    for place, side in enumerate((before, after)):
        for line in side:
            key = (line.sku_code, line.unit)
            names.setdefault(key, line.sku_name)
            sums = figures.setdefault(key, [0, 0, 0, 0])
            sums[place] += line.quantity
            sums[place + 2] += line.amount
    return tuple(LineChange(code, names[code, unit], unit, *sums) for (code, unit), sums in figures.items())
