"""A checkout that was refused, or shown again: what was typed and why it could not be, kept in the session until the
order is placed.

The refusal answers with a redirect, so that reloading the page or going back to it never sends the form again.
"""

from dataclasses import asdict, dataclass, replace
from typing import Any

from core.web.requests import SignedInRequest
from frontend.storefront.faults import Said

_FIELDS = ("wished_on", "buyer_reference", "note")
_ONCE = ("coupon", "rebate")
"""Fields that speak of one try: what was right in them is kept as a wish, what was not is shown once."""
_MOST_TEXT = 2_000
"""Far above what the fields take: what is too long is still there to be shortened."""


@dataclass(frozen=True, slots=True)
class Refused:
    """``typed`` by field, the chosen address, what was wrong. ``is_told``: it has been shown before.

    ``is_order``: an order was tried, not only a wish said; ``is_news``: something typed makes another total.
    """

    typed: dict[str, str]
    address_id: int | None = None
    faults: tuple[Said, ...] = ()
    is_told: bool = False
    is_order: bool = True
    is_news: bool = False

    @property
    def is_refused(self) -> bool:
        """Whether to say that no order was placed."""
        return self.is_order and not self.is_told and not self.is_news


def keep(request: SignedInRequest, refused: Refused) -> None:
    """Keep it for the page that follows."""
    fields = _FIELDS if refused.is_told else (*_FIELDS, *_ONCE)
    row = asdict(replace(refused, typed={name: refused.typed.get(name, "")[:_MOST_TEXT] for name in fields}))
    request.session[_key(request)] = {**row, "faults": [asdict(fault) for fault in refused.faults]}


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
