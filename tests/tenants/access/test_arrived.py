"""Somebody erased here while a brand was on its way here: it hears of it when it has come."""

from core.db.acts import act, brand_schema, public
from core.events.relay import relay
from core.events.services import record
from core.kernel import clock
from tenants.access.models import Seat
from tenants.brands.events import BRAND_IMPORTED
from tenants.brands.models import Portal
from tenants.brands.services import note_portal
from tenants.people.erasing import NAMELESS
from tenants.people.models import User
from tests.cast import Cast
from tests.factories.people import make_person
from tests.portals import CHISHUI, XINGHE


def test_who_was_erased_on_the_way_is_forgotten_there_too(cast: Cast, chishui_cast: Cast) -> None:
    person = make_person(cast.buyer_c1.person_name)
    other = make_person(cast.admin.person_name)
    for one in (person, other):
        note_portal(schema_name=XINGHE.schema, person_id=one.pk, side="dealer")
    with public():
        User.objects.filter(pk=person.pk).update(erased_at=clock.now(), names_gone_at=clock.now(), is_active=False)
        with act():
            record(
                kind=BRAND_IMPORTED,
                aggregate_type="brand",
                aggregate_id=XINGHE.slug,
                version=0,
                actor=None,
                payload={"state": "ACTIVE"},
            )
    for _ in range(2):  # the event of the arrival, then the one it gives rise to
        relay("public")
    with public():
        assert set(Portal.objects.filter(person_id__in=[person.pk, other.pk]).values_list("person_id", flat=True)) == {
            other.pk
        }
        assert User.objects.get(pk=person.pk).names_gone_at is None, "its records are looked through again"
    with brand_schema(XINGHE.schema):
        assert set(Seat.objects.filter(person_id=person.pk).values_list("person_name", "status")) == {
            (NAMELESS, "CLOSED")
        }
        assert Seat.objects.filter(person_id=other.pk, status="ACTIVE").exists()
    with brand_schema(CHISHUI.schema):
        assert Seat.objects.filter(person_id=person.pk, status="ACTIVE").exists(), "only the brand that came hears it"
