"""How the people on seats are reached."""

from uuid import uuid4

from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.module_loading import import_string

from core.db.acts import current_schema, public
from core.kernel import clock
from core.messages.port import Recipient
from core.tasks.actors import actor_of_seat
from core.vault.services import seal
from tenants.access.models import Seat
from tenants.access.recipients import recipients_of_seats
from tenants.people.models import User
from tests.portals import TestPortal

HOME = f"http://xinghe.jiumai.localhost:{settings.PORT}"


def _person(name: str, **facts: object) -> User:
    with public():
        person = User(name=name, created_at=clock.now(), **facts)
        person.set_unusable_password()
        person.save()
        return person


def _seat(person: User, **facts: object) -> Seat:
    return Seat.objects.create(
        person_id=person.pk,
        person_name=person.name,
        side=Seat.Side.BRAND,
        dealer_id=1,
        dealer_name="杏禾酒业",
        roles=["brand_finance"],
        created_at=clock.now(),
        **facts,
    )


def test_people_are_reached_in_their_language_or_the_brand_s(xinghe: TestPortal) -> None:
    zhou = _seat(_person("周海棠", language="en", email_sealed=seal("zhou@example.com")))
    li = _seat(_person("李敏"))
    found = recipients_of_seats([zhou.pk, li.pk, uuid4()])
    assert found == {
        zhou.pk: Recipient(language="en", email="zhou@example.com", home=HOME),
        li.pk: Recipient(language="zh-hans", email="", home=HOME),
    }
    assert current_schema() == xinghe.schema


def test_closed_seats_and_people_who_left_are_not_reached(xinghe: TestPortal) -> None:
    closed = _seat(_person("王强"), status=Seat.Status.CLOSED)
    left = _seat(_person("林", is_active=False))
    assert recipients_of_seats([closed.pk, left.pk]) == {}


def test_many_seats_are_three_queries(xinghe: TestPortal) -> None:
    seats = [_seat(_person(f"人{number}")).pk for number in range(10)]
    recipients_of_seats(seats)
    with CaptureQueriesContext(connection) as queries:
        assert len(recipients_of_seats(seats)) == 10
    assert len([query for query in queries if not query["sql"].startswith("SET")]) == 3


def test_both_ports_lead_to_an_adapter(xinghe: TestPortal) -> None:
    assert import_string(settings.RECIPIENT_LOADER) is recipients_of_seats
    seat = _seat(_person("周海棠"))
    actor = actor_of_seat(seat.pk)
    assert actor is not None
    assert (actor.seat_id, actor.brand_schema, actor.can("ledger.read")) == (seat.pk, xinghe.schema, True)
    assert actor_of_seat(uuid4()) is None
