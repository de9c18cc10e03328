"""What a derived list charges, in plain integers: its parent's price × factor, rounded at every stage.

Source: docs/algorithms/pricing.md. Amounts are minor units.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from core.kernel.money import half_up

MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Derivation:
    """From which list a price is derived: × ``factor_ppm`` (1,000,000 is 1), to whole ``round_to`` minor units."""

    parent_id: int
    factor_ppm: int
    round_to: int
    round_mode: str


def derived_amount(amount: int, by: Derivation) -> int | None:
    """``amount`` of the parent as the derived list charges it; None where nothing is left: that is no price."""
    whole = MILLION * by.round_to
    bump = {"HALF_UP": whole // 2, "UP": whole - 1, "DOWN": 0}[by.round_mode]
    return (amount * by.factor_ppm + bump) // whole * by.round_to or None


def derived_ladder(ladder: Mapping[tuple[str, int], int], by: Derivation) -> dict[tuple[str, int], int]:
    """Every step (unit and quantity) of the parent's ladder as the derived list charges it."""
    found = {key: derived_amount(amount, by) for key, amount in ladder.items()}
    return {key: amount for key, amount in found.items() if amount is not None}


def divided(ladder: Mapping[tuple[str, int], int], bottles_per_case: int) -> dict[tuple[str, int], int]:
    """Bottle prices of a list that divides its cases: half-up(case ÷ bottles), from as many bottles as the cases hold.

    The price from one case on is the price from one bottle on.
    """
    return {
        ("BOTTLE", 1 if quantity == 1 else quantity * bottles_per_case): half_up(amount, bottles_per_case)
        for (unit, quantity), amount in ladder.items()
        if unit == "CASE"
    }
