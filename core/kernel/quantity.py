"""Quantities: integer bottles (瓶) are the base unit, a case (箱) is ``bottles_per_case`` bottles."""

from dataclasses import dataclass
from enum import StrEnum

from core.kernel.text import N_

MAX_BOTTLES = 100_000_000
"""More than a year of the largest distillery: anything above is a typing error."""


class Unit(StrEnum):
    """The unit an order line or a price speaks in."""

    CASE = "CASE"
    BOTTLE = "BOTTLE"


UNIT_WORDS = {Unit.CASE: N_("case"), Unit.BOTTLE: N_("bottle")}


@dataclass(frozen=True, slots=True)
class CaseCount:
    """Bottles read as whole cases and a rest."""

    cases: int
    bottles: int


def in_cases(bottles: int, bottles_per_case: int) -> CaseCount:
    """Split ``bottles`` into whole cases and loose bottles; a negative count is split by its absolute value."""
    sign = -1 if bottles < 0 else 1
    cases, loose = divmod(abs(bottles), bottles_per_case)
    return CaseCount(sign * cases, sign * loose)


def to_bottles(quantity: int, unit: Unit, bottles_per_case: int) -> int:
    """Bottles in ``quantity`` of ``unit``."""
    return quantity * bottles_per_case if unit is Unit.CASE else quantity
