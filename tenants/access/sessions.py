"""Which seat a session sits in. A session belongs to one host; its seat to the brand of that host."""

from uuid import UUID

from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from django.middleware.csrf import rotate_token

from core.kernel.brand import BrandFacts
from tenants.access.models import Seat

_SEAT, _SCHEMA = "seat", "schema"


def take_seat(session: SessionBase, brand: BrandFacts, seat: Seat) -> None:
    """Remember the chosen seat."""
    session[_SEAT], session[_SCHEMA] = str(seat.pk), brand.schema_name


def sit_down(request: HttpRequest, brand: BrandFacts, seat: Seat) -> None:
    """Take the chosen seat. Forms shown in another one are stale from here on.

    What a second window still shows belongs to the house of the former seat: sent from there it is refused, not put
    into this one's cart.
    """
    if seat_in(request.session, brand) not in {None, seat.pk}:
        rotate_token(request)
    take_seat(request.session, brand, seat)


def leave_seat(session: SessionBase) -> None:
    """Stand up without signing out: the seat was closed, or another is to be chosen."""
    for name in (_SEAT, _SCHEMA):
        session.pop(name, None)


def seat_in(session: SessionBase, brand: BrandFacts) -> UUID | None:
    """Id of the seat the session sits in here."""
    if session.get(_SCHEMA) != brand.schema_name:
        return None
    return UUID(session[_SEAT])
