"""A checkout that was refused: what was typed and why it could not be, kept in the session until the order is placed.

The refusal answers with a redirect, so that reloading the page or going back to it never sends the form again.
"""

from dataclasses import asdict, dataclass
from typing import Any

from core.web.requests import SignedInRequest
from frontend.storefront.faults import Said

_FIELDS = ("wished_on", "buyer_reference", "note")
_MOST_TEXT = 2_000
"""Far above what the fields take: what is too long is still there to be shortened."""


@dataclass(frozen=True, slots=True)
class Refused:
    """``typed`` by field, the chosen address, what was wrong with the whole. ``is_told``: it has been shown before."""

    typed: dict[str, str]
    address_id: int | None = None
    faults: tuple[Said, ...] = ()
    is_told: bool = False


def keep(request: SignedInRequest, refused: Refused) -> None:
    """Keep it for the page that follows."""
    request.session[_key(request)] = {
        "typed": {name: refused.typed.get(name, "")[:_MOST_TEXT] for name in _FIELDS},
        "address_id": refused.address_id,
        "faults": [asdict(fault) for fault in refused.faults],
        "is_told": refused.is_told,
    }


def take(request: SignedInRequest) -> Refused | None:
    """What was refused, None when nothing was. Why is told once; what was typed stays until ``forget``."""
    row: dict[str, Any] | None = request.session.get(_key(request))
    if row is None:
        return None
    refused = Refused(**{**row, "faults": tuple(Said(**fault) for fault in row["faults"])})
    if not refused.is_told:
        keep(request, Refused(refused.typed, refused.address_id, is_told=True))
    return refused


def forget(request: SignedInRequest) -> None:
    """The order is placed, or there is nothing left to order."""
    request.session.pop(_key(request), None)


def _key(request: SignedInRequest) -> str:
    return f"checkout:{request.actor.seat_id}"
