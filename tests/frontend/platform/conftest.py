"""Somebody with seats in both brands, signed in on the platform."""

from dataclasses import dataclass

import pytest

from core.db.acts import public
from tenants.brands.services import note_portal
from tenants.people.models import User
from tests.cast import Cast
from tests.clients import PLATFORM, HostClient, platform_client
from tests.factories.people import PASSWORD, make_person
from tests.factories.seats import make_seat
from tests.frontend.platform.travelling import Traveller

PHONE = "13806414471"


@dataclass
class Person:
    """The person and their browser."""

    user: User
    browser: Traveller

    @property
    def platform(self) -> HostClient:
        return self.browser.on(PLATFORM)


@pytest.fixture
def buyer(cast: Cast, chishui_cast: Cast) -> Person:
    """C1's buyer at 杏禾, who is one at 赤水河 too; signed in on the platform by password."""
    user = make_person(cast.buyer_c1.person_name, phone=PHONE)
    for one in (cast, chishui_cast):
        with one.portal.inside():
            note_portal(schema_name=one.portal.schema, person_id=user.pk, side="dealer")
    client = platform_client()
    assert client.post("/sign-in/", {"identifier": PHONE, "password": PASSWORD}).status_code == 302
    browser = Traveller()
    browser.take(client)
    return Person(user, browser)


@pytest.fixture
def second_seat(cast: Cast, buyer: Person) -> str:
    """The buyer sits at C2 of 杏禾 too; the seat's id."""
    seat = make_seat(cast.portal, cast.buyer_c1.person_name, cast.c2, "dealer_buyer")
    with public():
        buyer.user.refresh_from_db()
    return str(seat.pk)
