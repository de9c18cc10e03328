"""How much a list may hold, and what its name may be. Pure."""

from core.kernel.text import normalised
from ordering.lists.errors import NameInvalid

MOST_LISTS = 50
MOST_REMINDERS = 100
"""Products one seat waits for."""
MOST_LINES = 500
"""As many as an order."""
MOST_NAME = 40


def list_name(given: str) -> str:
    """The name as it is kept. Raises ``NameInvalid``."""
    name = normalised(given)
    if not 1 <= len(name) <= MOST_NAME:
        raise NameInvalid(field="name", most=MOST_NAME)
    return name
