"""The pauses of a policy, for programs."""

from typing import Any

from core.web.openapi import FLAG, INSTANT, TEXT, list_of, maybe, shape
from core.web.prints import instant
from ordering.promotions.selectors import Pause

_PAUSE = shape(
    {
        "at": INSTANT,
        "by": TEXT,
        "reason": TEXT,
        "over_at": {**maybe(INSTANT), "description": "null: it lasts."},
        "over_by": TEXT,
        "was_last": {**FLAG, "description": "It was not resumed but ended for good."},
    }
)
PAUSES = {**list_of(_PAUSE), "description": "The newest first."}


def printed_pause(pause: Pause) -> dict[str, Any]:
    """One pause as programs read it."""
    return {
        "at": instant(pause.at),
        "by": pause.by,
        "reason": pause.reason,
        "over_at": instant(pause.over_at),
        "over_by": pause.over_by,
        "was_last": pause.was_last,
    }
