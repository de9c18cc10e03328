"""Seats as the choosing page shows them."""

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext

from tenants.access.models import Seat
from tenants.access.roles import ROLE_WORDS


@dataclass(frozen=True, slots=True)
class SeatCard:
    """One seat to sit down in: whose house, in what roles."""

    seat_id: UUID
    dealer_name: str
    roles: str
    is_brand: bool
    is_current: bool


def cards_of(seats: list[Seat], current: UUID | None) -> list[SeatCard]:
    """The seats in their order, roles in words."""
    return [
        SeatCard(
            seat_id=seat.pk,
            dealer_name=seat.dealer_name,
            roles="、".join(gettext(ROLE_WORDS[role]) for role in seat.roles if role in ROLE_WORDS),
            is_brand=seat.side == Seat.Side.BRAND,
            is_current=seat.pk == current,
        )
        for seat in seats
    ]
