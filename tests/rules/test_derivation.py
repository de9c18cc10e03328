"""Derived lists: factor and rounding in integers, bottles out of cases."""

import pytest

from ordering.pricing.derivation import Derivation, derived_amount, derived_ladder, divided


@pytest.mark.parametrize(
    ("amount", "factor", "to", "mode", "expected"),
    [
        (198_000, 950_000, 1, "HALF_UP", 188_100),
        (12_345, 1_000_000, 100, "HALF_UP", 12_300),
        (12_350, 1_000_000, 100, "HALF_UP", 12_400),
        (12_301, 1_000_000, 100, "UP", 12_400),
        (12_399, 1_000_000, 100, "DOWN", 12_300),
        (12_300, 1_000_000, 100, "UP", 12_300),
        (333, 333_333, 1, "DOWN", 110),
        (40, 1_000_000, 100, "HALF_UP", None),
    ],
)
def test_rounds_at_the_stage(amount: int, factor: int, to: int, mode: str, expected: int | None) -> None:
    assert derived_amount(amount, Derivation(1, factor, to, mode)) == expected


def test_a_step_of_which_nothing_is_left_is_no_step() -> None:
    ladder = {("CASE", 1): 198_000, ("BOTTLE", 1): 40}
    assert derived_ladder(ladder, Derivation(1, 900_000, 100, "DOWN")) == {("CASE", 1): 178_200}


def test_a_bottle_out_of_a_case() -> None:
    assert divided({("CASE", 1): 1_000, ("CASE", 10): 950}, 6) == {("BOTTLE", 1): 167, ("BOTTLE", 60): 158}
