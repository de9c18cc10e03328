"""From a seat to the Actor: the only thing that crosses from identity into a brand's rooms."""

from collections.abc import Iterable
from uuid import UUID

from core.db.acts import PUBLIC, current_schema
from core.kernel.actor import Actor, Side
from core.kernel.brand import BrandFacts
from core.kernel.errors import Missing
from core.web.logs import request_id
from tenants.access.models import Seat
from tenants.access.rights import Rights, rights_on
from tenants.access.roles import CODES
from tenants.brands.hosts import brand_in
from tenants.people.operators import operator_actor

_NOBODY = UUID(int=0)


def actor_with(
    rights: Rights, brand: BrandFacts, *, only: Iterable[str] | None = None, token_id: int | None = None
) -> Actor:
    """The actor on a seat by its rights as they are now; ``only`` narrows them to a token's codes."""
    seat = rights.seat
    return Actor(
        person_id=seat.person_id,
        person_name=seat.person_name,
        seat_id=seat.id,
        side=Side(seat.side),
        dealer_id=seat.dealer_id,
        dealer_name=seat.dealer_name,
        codes=rights.codes if only is None else rights.codes & frozenset(only),
        brand_schema=brand.schema_name,
        organisation_id=seat.organisation_id,
        scope=rights.scope,
        entitlements=brand.entitlements,
        is_read_only=brand.is_read_only,
        request_id=request_id.get(),
        token_id=token_id,
        acting_for=rights.acting_for,
        acting_for_name=rights.acting_for_name,
    )


def actor_of_seat(seat: Seat, brand: BrandFacts) -> Actor:
    """The actor on an open seat of the present brand; for commands. Raises ``Missing`` when it is closed."""
    rights = rights_on(seat.pk)
    if rights is None:
        raise Missing
    return actor_with(rights, brand)


def actor_of_seat_id(seat_id: UUID) -> Actor | None:
    """The actor on a seat of the present brand, or None when seat or brand is closed. For tasks: rights may be gone.

    In the public schema the seat is an operator's.
    """
    if current_schema() == PUBLIC:
        return operator_actor(seat_id)
    brand = brand_in(current_schema())
    if brand is None or not brand.is_open:
        return None
    rights = rights_on(seat_id)
    return actor_with(rights, brand) if rights else None


def system_actor(
    schema: str, dealer_id: int, dealer_name: str, codes: frozenset[str] = CODES, name: str = "系统"
) -> Actor:
    """The product itself acting for a node of the tree (seeds, sweeps, replays); it sits in no seat."""
    return Actor(
        person_id=_NOBODY,
        person_name=name,
        seat_id=_NOBODY,
        side=Side.BRAND,
        dealer_id=dealer_id,
        dealer_name=dealer_name,
        codes=codes,
        brand_schema=schema,
        request_id=request_id.get(),
    )
