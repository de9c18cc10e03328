"""What happens to prices, as other rooms and the timeline hear it."""

from collections.abc import Sequence
from datetime import datetime

from core.kernel.errors import Field

LIST_CREATED = "ordering.price_list_created.v1"
LIST_CHANGED = "ordering.price_list_changed.v1"
"""Payload: ``list``, ``before`` and ``after`` of what changed."""
SETTINGS_CHANGED = "ordering.pricing_settings_changed.v1"
"""Payload: ``before`` and ``after`` of what changed."""
PRICES_CHANGED = "ordering.prices_changed.v1"
PRICES_TAKEN_BACK = "ordering.prices_taken_back.v1"
"""Scheduled prices of a round taken away; payload: ``list``, ``version``, ``change_count``, ``round_id``."""
PRICES_IMPORTED = "ordering.prices_imported.v1"
"""One piece of a file; payload: ``said`` (digest of what it said), ``lists`` changed, entries ``written``."""

Json = dict[str, Field | list[dict[str, Field]]]
KEPT_IN_PAYLOAD = 200
"""Changes told one by one in the event; of a larger act only their number (the entries themselves stay for ever)."""


def list_created(*, code: str, name: str, currency: str, scope: str, seller_id: int) -> Json:
    """Payload of ``LIST_CREATED``."""
    return {"list": code, "name": name, "currency": currency, "scope": scope, "seller_id": seller_id}


def prices_changed(
    *,
    code: str,
    currency: str,
    version: int,
    seller_id: int,
    changes: Sequence[dict[str, Field]],
    round_id: int | None = None,
) -> Json:
    """Payload of ``PRICES_CHANGED``; amounts in minor units, tax inside. ``rules_from``: when the first one begins."""
    return {
        "list": code,
        "currency": currency,
        "version": version,
        "seller_id": seller_id,
        "change_count": len(changes),
        "rules_from": min(datetime.fromisoformat(str(one["valid_from"])) for one in changes).isoformat(),
        "round_id": round_id,
        "changes": list(changes[:KEPT_IN_PAYLOAD]),
    }
