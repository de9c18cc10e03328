"""The brand's notices on the dealer's side: in the reader's language, and how many the bell counts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache
from django.utils.translation import get_language

from core.kernel.actor import Actor
from dms.notices.selectors import ToldNotice, notices_for, unread_notices

COUNT_KEPT_S = 60
"""How long the bell may show the count of a moment ago; what is read here shows at once."""


@dataclass(frozen=True, slots=True)
class BoardItem:
    """A notice as the page prints it; ``tone`` is the kit's."""

    id: int
    title: str
    body: str
    tone: str
    needs_receipt: bool
    at: datetime
    version: int
    read_at: datetime | None


def board(actor: Actor, *, only_unread: bool = False) -> list[BoardItem]:
    """What the house is told: what asks for a receipt and has none first, then the newest."""
    items = _items(notices_for(actor, only_unread=only_unread))
    return sorted(items, key=lambda one: not (one.needs_receipt and one.read_at is None))


def unread_on_board(actor: Actor) -> int:
    """How many the seat has not read, at most a minute old."""
    if actor.is_brand_staff:
        return 0
    known = cache.get(_key(actor))
    if isinstance(known, int):
        return known
    found = unread_notices(actor)
    cache.set(_key(actor), found, COUNT_KEPT_S)
    return found


def forget_count(actor: Actor) -> None:
    """Count anew on the next page: the seat has just read something."""
    cache.delete(_key(actor))


def _key(actor: Actor) -> str:
    return f"storefront:board:{actor.seat_id}"


def _items(told: Iterable[ToldNotice]) -> Iterable[BoardItem]:
    is_english = (get_language() or "").startswith("en")
    for one in told:
        title, body = (one.title_en, one.body_en) if is_english else ("", "")
        yield BoardItem(
            one.id,
            title or one.title,
            body or one.body,
            one.tone.lower(),
            one.needs_receipt,
            one.published_at,
            one.version,
            one.read_at,
        )
