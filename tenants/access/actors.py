"""From a seat to the Actor: the only thing that crosses from identity into a brand's rooms."""

from collections.abc import Iterable
from uuid import UUID

from core.db.acts import PUBLIC, current_schema
from core.kernel.actor import Actor, Scope, Side
from core.kernel.brand import BrandFacts
from core.web.logs import request_id
from tenants.access.models import Seat
from tenants.access.roles import CODES, codes_of
from tenants.brands.hosts import brand_in
from tenants.people.operators import operator_actor

_NOBODY = UUID(int=0)


def actor_of_seat(
    seat: Seat, brand: BrandFacts, *, only: Iterable[str] | None = None, token_id: int | None = None
) -> Actor:
    """The actor on ``seat`` as its rights are now; ``only`` narrows them to a token's codes."""
    codes = codes_of(seat.roles)
    return Actor(
        person_id=seat.person_id,
        person_name=seat.person_name,
        seat_id=seat.id,
        side=Side(seat.side),
        dealer_id=seat.dealer_id,
        dealer_name=seat.dealer_name,
        codes=codes if only is None else codes & frozenset(only),
        brand_schema=brand.schema_name,
        organisation_id=seat.organisation_id,
        scope=Scope(
            regions=tuple(seat.scope_regions),
            product_lines=tuple(seat.scope_product_lines),
            dealer_subtree_id=seat.scope_dealer_id,
        ),
        entitlements=brand.entitlements,
        is_read_only=brand.is_read_only,
        request_id=request_id.get(),
        token_id=token_id,
    )


def actor_of_seat_id(seat_id: UUID) -> Actor | None:
    """The actor on a seat of the present brand, or None when seat or brand is closed. For tasks: rights may be gone.

    In the public schema the seat is an operator's.
    """
    if current_schema() == PUBLIC:
        return operator_actor(seat_id)
    brand = brand_in(current_schema())
    if brand is None or not brand.is_open:
        return None
    seat = Seat.objects.filter(pk=seat_id, status=Seat.Status.ACTIVE).first()
    return actor_of_seat(seat, brand) if seat else None


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
