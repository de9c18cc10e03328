"""Warnings before a paper ends: sixty, thirty and seven days ahead, and when it is over (handbook §2.4)."""

THRESHOLDS = (60, 30, 7)
"""Days before the end of a paper at which people are warned."""
ENDED = -1
"""What is noted once the end itself was told."""


def threshold(days_left: int) -> int | None:
    """The warning that is due with so many days left after today: 60, 30, 7, ``ENDED``; None: not yet."""
    if days_left < 0:
        return ENDED
    return min((one for one in THRESHOLDS if days_left <= one), default=None)
