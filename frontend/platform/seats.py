"""Seats as the choosing page shows them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext

from core.kernel.brand import BrandFacts
from frontend.ui.houses import house_name
from tenants.access.models import Seat
from tenants.access.rights import Rights


@dataclass(frozen=True, slots=True)
class SeatCard:
    """One seat to sit down in: whose house, in what roles, or for whom until when."""

    seat_id: UUID
    dealer_name: str
    roles: str
    is_brand: bool
    is_current: bool
    until: datetime | None = None


def cards_of(choice: Sequence[Rights], current: UUID | None, brand: BrandFacts | None = None) -> list[SeatCard]:
    """The seats in their order, roles in words."""
    return [
        SeatCard(
            seat_id=one.seat.pk,
            dealer_name=house_name(one.seat.dealer_name, brand),
            roles=_words(one),
            is_brand=one.seat.side == Seat.Side.BRAND,
            is_current=one.seat.pk == current,
            until=one.until,
        )
        for one in choice
    ]


def _words(one: Rights) -> str:
    if one.acting_for is not None:
        return gettext("Standing in for %(name)s") % {"name": one.acting_for_name}
    return "、".join(gettext(word) for word in one.role_words)
