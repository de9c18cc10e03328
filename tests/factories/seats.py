"""Seats and the actors that sit on them."""

from uuid import NAMESPACE_URL, UUID, uuid5

from core.kernel import clock
from core.kernel.actor import Actor, Scope, Side
from dms.dealers.models import Dealer
from tenants.access.models import Seat
from tenants.access.roles import codes_of
from tests.portals import TestPortal

EVERYTHING = Scope()


def person_id(name: str) -> UUID:
    """The same person for the same name, in every test and brand."""
    return uuid5(NAMESPACE_URL, f"person/{name}")


def make_seat(portal: TestPortal, name: str, dealer: Dealer, *roles: str, scope: Scope = EVERYTHING) -> Seat:
    """An active seat at ``dealer``; the side follows from the dealer being the root or not."""
    side = Side.BRAND if dealer.parent_id is None else Side.DEALER
    return Seat.objects.create(
        id=uuid5(NAMESPACE_URL, f"seat/{portal.slug}/{name}/{dealer.code}"),
        person_id=person_id(name),
        person_name=name,
        side=side.value,
        dealer_id=dealer.pk,
        dealer_name=dealer.name,
        roles=list(roles),
        scope_regions=list(scope.regions),
        scope_product_lines=list(scope.product_lines),
        scope_dealer_id=scope.dealer_subtree_id,
        created_at=clock.now(),
    )


def actor_on(portal: TestPortal, seat: Seat) -> Actor:
    """The actor a request of this seat would carry."""
    return Actor(
        person_id=seat.person_id,
        person_name=seat.person_name,
        seat_id=seat.id,
        side=Side(seat.side),
        dealer_id=seat.dealer_id,
        dealer_name=seat.dealer_name,
        codes=codes_of(seat.roles),
        brand_schema=portal.schema,
        scope=Scope(tuple(seat.scope_regions), tuple(seat.scope_product_lines), seat.scope_dealer_id),
    )
