"""What the platform shows of portals is told after the commit; a kill in between is mended by the sweep."""

from uuid import uuid4

from core.db.acts import public
from tenants.access.models import Seat
from tenants.access.selectors import seated_people
from tenants.access.services import heal_portals
from tenants.brands.models import Brand, Portal
from tests.cast import Cast
from tests.portals import CHISHUI, XINGHE, TestPortal


def ways(slug: str) -> set[tuple[object, str]]:
    """The ways to a brand's portal as the platform knows them."""
    with public():
        return set(Portal.objects.filter(brand__slug=slug).values_list("person_id", "side"))


def test_lost_ways_are_found_and_stale_ones_go(cast: Cast, chishui: TestPortal) -> None:
    with public():
        Portal.objects.all().delete()
        there = {slug: Brand.objects.get(slug=slug) for slug in (XINGHE.slug, CHISHUI.slug)}
        stale, other = (Portal.objects.create(brand=brand, person_id=uuid4(), side="brand") for brand in there.values())
    assert seated_people()
    assert heal_portals() == len(seated_people()) + 1
    assert ways(XINGHE.slug) == seated_people()
    assert (stale.person_id, "brand") not in ways(XINGHE.slug)
    assert ways(CHISHUI.slug) == {(other.person_id, "brand")}, "another brand's stay"
    assert heal_portals() == 0


def test_a_seat_that_is_closed_or_lent_is_no_way(cast: Cast) -> None:
    heal_portals()
    seat = Seat.objects.filter(is_acting=False, side="brand").order_by("pk")[0]
    Seat.objects.filter(person_id=seat.person_id).update(is_acting=True)
    other = Seat.objects.filter(side="dealer").order_by("pk")[0]
    Seat.objects.filter(person_id=other.person_id).update(status=Seat.Status.CLOSED)
    assert heal_portals() == 2
    left = ways(XINGHE.slug)
    assert not {(seat.person_id, "brand"), (other.person_id, "dealer")} & left
