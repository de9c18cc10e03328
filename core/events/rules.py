"""When a failed delivery is tried again, and what may be noted about the failure."""

import traceback
from datetime import timedelta
from pathlib import Path

from core.kernel.errors import Busy, DomainError

FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(hours=1)
_FRAMES = 3


def pause(attempts: int) -> timedelta:
    """How long a delivery rests after its ``attempts``-th failure: doubling from five seconds to an hour."""
    doublings = min(max(attempts, 1) - 1, 20)
    return min(FIRST_PAUSE * (1 << doublings), LONGEST_PAUSE)


def noted(error: BaseException) -> str:
    """What is written down about a failure: kind and place, never its words, which may carry personal data."""
    if isinstance(error, Busy):
        return error.code
    name = error.code if isinstance(error, DomainError) else f"{type(error).__module__}.{type(error).__qualname__}"
    frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
    places = " < ".join(f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in reversed(frames))
    return f"{name} at {places}" if places else name
