"""The life of a price round, and how a percentage becomes prices. Plain Python."""

from enum import StrEnum

from core.kernel.money import MAX_MINOR, half_up

WHOLE_BP = 10_000
MOST_LINES = 5_000
ROUND_TO = (1, 10, 100, 1_000)
"""Minor units a price may be rounded to."""
LOWEST_CHANGE_BP, HIGHEST_CHANGE_BP = -9_000, 90_000


class Status(StrEnum):
    """Where a round stands."""

    DRAFT = "DRAFT"
    SUBMITTED = "SUBMITTED"
    APPROVED = "APPROVED"
    PUBLISHED = "PUBLISHED"
    WITHDRAWN = "WITHDRAWN"


STEPS: dict[str, frozenset[Status]] = {
    "change": frozenset({Status.DRAFT}),
    "submit": frozenset({Status.DRAFT}),
    "decide": frozenset({Status.SUBMITTED}),
    "publish": frozenset({Status.APPROVED}),
    "withdraw": frozenset({Status.DRAFT, Status.SUBMITTED, Status.APPROVED, Status.PUBLISHED}),
    "revert": frozenset({Status.PUBLISHED}),
}
"""From where each step leads on."""


def raised(amount: int, change_bp: int, round_to: int) -> int:
    """``amount`` changed by basis points, half-up to whole ``round_to`` minor units, never to nothing."""
    return min(max(half_up(amount * (WHOLE_BP + change_bp), WHOLE_BP * round_to) * round_to, round_to), MAX_MINOR)


def change_bp(before: int | None, amount: int | None) -> int | None:
    """The change in basis points, half-up away from zero; None where one of the two is no price."""
    if not before or amount is None:
        return None
    difference = amount - before
    size = half_up(abs(difference) * WHOLE_BP, before)
    return size if difference >= 0 else -size
