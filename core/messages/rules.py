"""When a message that could not be sent is tried again."""

from datetime import timedelta

MOST_ATTEMPTS = 8
STUCK_AFTER = timedelta(minutes=10)
"""A message still being sent after this was left by a worker that died."""
LETTERS_KEPT = timedelta(days=90)
"""How long a letter to an address is remembered once it has left, or could not."""
_FIRST_PAUSE = timedelta(minutes=1)


def pause(attempts: int) -> timedelta | None:
    """How long to wait after the ``attempts``-th failure, doubling from a minute; None: given up."""
    if attempts >= MOST_ATTEMPTS:
        return None
    return _FIRST_PAUSE * (1 << (attempts - 1))
