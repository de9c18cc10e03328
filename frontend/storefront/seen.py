"""Prices a buyer has seen on the way to an order: the checkout tells which are others by now, and asks."""

from collections.abc import Iterable, Mapping

from core.kernel.text import whole_of
from core.web.requests import SignedInRequest
from frontend.storefront.pad.lines import PadLine

_MOST_TEXT = 50_000
"""Five hundred lines of ``code|unit=amount`` with room to spare."""
Prices = Mapping[str, int]


def keep_prices(request: SignedInRequest, text: str) -> None:
    """Keep the prices a page showed, as its form sent them."""
    request.session[_key(request)] = text[:_MOST_TEXT]


def seen_prices(request: SignedInRequest) -> Prices:
    """Minor units by ``code|unit``; empty where nothing was seen, or what was sent is no price."""
    found: dict[str, int] = {}
    for word in str(request.session.get(_key(request), "")).split():
        name, _, amount = word.rpartition("=")
        price = whole_of(amount)
        if name and price is not None:
            found[name] = price
    return found


def forget_prices(request: SignedInRequest) -> None:
    """The order is placed."""
    request.session.pop(_key(request), None)


def prices_of(lines: Iterable[PadLine]) -> str:
    """The unit prices of lines as a page shows them, ``code|unit=minor units``; parted by spaces."""
    priced = (line for line in lines if line.unit_price is not None and not line.aside_id)
    return " ".join(f"{line.sku_code}|{line.unit}={line.unit_price}" for line in priced)


def changed_since(lines: Iterable[PadLine], seen: Prices) -> dict[str, int]:
    """The prices seen before, by ``dom_id``, of lines that cost something else now."""
    found: dict[str, int] = {}
    for line in lines:
        was = seen.get(f"{line.sku_code}|{line.unit}")
        if line.unit_price is not None and was is not None and was != line.unit_price:
            found[line.dom_id] = was
    return found


def _key(request: SignedInRequest) -> str:
    return f"prices-seen:{request.actor.seat_id}"
