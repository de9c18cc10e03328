"""Which seat a session sits in. A session belongs to one host; its seat to the brand of that host."""

from uuid import UUID

from django.contrib.sessions.backends.base import SessionBase

from core.kernel.brand import BrandFacts
from tenants.access.models import Seat

_SEAT, _SCHEMA, _COUNT = "seat", "schema", "seats"


def take_seat(session: SessionBase, brand: BrandFacts, seat: Seat, *, of: int) -> None:
    """Remember the chosen seat; ``of`` is how many the person could choose from."""
    session[_SEAT], session[_SCHEMA], session[_COUNT] = str(seat.pk), brand.schema_name, of


def leave_seat(session: SessionBase) -> None:
    """Stand up without signing out: the seat was closed, or another is to be chosen."""
    for name in (_SEAT, _SCHEMA, _COUNT):
        session.pop(name, None)


def seat_in(session: SessionBase, brand: BrandFacts) -> UUID | None:
    """Id of the seat the session sits in here."""
    if session.get(_SCHEMA) != brand.schema_name:
        return None
    return UUID(session[_SEAT])


def seat_count(session: SessionBase) -> int:
    """How many seats the person may choose from."""
    return int(session.get(_COUNT, 1))
