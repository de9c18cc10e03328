"""The page behind an invitation's link: for the invited, for others, for nobody yet; and every way it can end."""

from datetime import timedelta

import pytest

from core.db.acts import public
from core.events.models import Event
from core.kernel import clock
from frontend.platform.invitations import SIGN_UPS
from tenants.access.events import SEAT_OPENED
from tenants.access.models import Seat
from tenants.access.services import close_seat, withdraw_invitation
from tenants.people.models import User
from tenants.people.rules import AccountName, Means
from tenants.people.selectors import person_named
from tests.cast import Cast
from tests.clients import HostClient, visitor
from tests.factories.people import PASSWORD, make_person
from tests.portals import TestPortal
from tests.tenants.access.offers import PHONE, offered

NEW = {"act": "sign_up", "name": "新同事", "password": "春江花月夜 2026 长句"}


@pytest.fixture
def link(cast: Cast) -> str:
    """The address of an open invitation."""
    return f"/invitation/{offered(cast)[1]}/"


def someone(cast: Cast, name: str, phone: str, at: str) -> HostClient:
    """Somebody who signs in on the way to ``at``; they have no seat here."""
    make_person(name, phone=phone)
    client = visitor(cast.portal)
    answer = client.post(f"/sign-in/?next={at}", {"identifier": phone, "password": PASSWORD, "next": at})
    assert (answer.status_code, answer["Location"]) == (302, at)
    return client


def test_the_invited_sees_what_is_offered_and_accepts(cast: Cast, link: str) -> None:
    client = someone(cast, "王五", PHONE, link)
    page = client.get(link)
    assert page.status_code == 200
    html = page.content.decode()
    assert "新人" in html
    assert "业务员" in html
    assert PHONE not in html  # masked: who only has the link learns no number
    assert page["Referrer-Policy"] == "same-origin"  # with none the browser would send the forms as from nowhere
    done = client.post(link, {"act": "accept"})
    assert done["Location"] == "/console/"
    assert client.get("/console/").status_code == 200
    assert client.post(link, {"act": "accept"})["Location"] == "/console/"  # the second tab
    assert client.get(link)["Location"] == "/console/"
    assert Event.objects.filter(kind=SEAT_OPENED).count() == 1


def test_somebody_new_signs_up_under_the_invited_name_only(cast: Cast, link: str) -> None:
    client = visitor(cast.portal)
    assert client.get(link).status_code == 200
    weak = client.post(link, {**NEW, "password": "1"})
    assert weak.status_code == 422
    done = client.post(link, {**NEW, "identifier": "13900000000", "phone": "13900000000"})
    assert done["Location"] == "/console/"
    person = person_named(AccountName(Means.PHONE, f"+86{PHONE}"))
    assert person is not None
    assert Seat.objects.get(person_name="新人").person_id == person.pk
    assert person_named(AccountName(Means.PHONE, "+8613900000000")) is None
    assert client.get("/console/").status_code == 200


def test_who_has_an_account_is_led_to_sign_in(cast: Cast, link: str) -> None:
    make_person("王五", phone=PHONE)
    client = visitor(cast.portal)
    refused = client.post(link, NEW)
    assert refused.status_code == 409
    assert not Seat.objects.filter(person_name="新人").exists()
    assert client.post(link, {"act": "accept"})["Location"] == f"/sign-in/?next={link.replace('/', '%2F')}"


def test_signing_up_is_tried_ten_times_an_hour(cast: Cast, link: str) -> None:
    make_person("王五", phone=PHONE)
    client = visitor(cast.portal)
    tries = [client.post(link, NEW).status_code for _ in range(SIGN_UPS.limit + 1)]
    assert tries == [409] * SIGN_UPS.limit + [429]


def test_the_link_in_other_hands_opens_nothing(cast: Cast, link: str) -> None:
    client = someone(cast, "路人", "13912345679", link)
    page = client.get(link).content.decode()
    assert "路人" in page
    assert client.post(link, {"act": "accept"}).status_code == 403
    assert client.post(link, NEW).status_code == 403
    assert not Seat.objects.filter(person_name="新人").exists()
    out = client.post("/sign-out/", {"next": link})
    assert link.replace("/", "%2F") in out["Location"]


def test_what_is_over_says_so(cast: Cast) -> None:
    offer, token = offered(cast)
    link = f"/invitation/{token}/"
    client = someone(cast, "王五", PHONE, link)
    with clock.at(clock.now() + timedelta(days=7)):
        assert visitor(cast.portal).get(link).status_code == 410
    withdraw_invitation(actor=cast.admin, invitation_id=offer.pk)
    assert client.get(link).status_code == 410
    assert client.post(link, {"act": "accept"}).status_code == 409
    assert visitor(cast.portal).post(link, NEW).status_code == 409
    with public():
        assert not User.objects.filter(name="新同事").exists()


def test_a_link_of_yesterdays_seat_opens_it_no_more(cast: Cast, link: str) -> None:
    client = someone(cast, "王五", PHONE, link)
    client.post(link, {"act": "accept"})
    close_seat(actor=cast.admin, seat_id=Seat.objects.get(person_name="新人").pk)
    assert client.get(link).status_code == 409
    assert client.get("/console/").status_code == 302


def test_a_link_belongs_to_one_brand(cast: Cast, chishui: TestPortal, link: str) -> None:
    assert visitor(chishui).get(link).status_code == 404
    assert visitor(cast.portal).get("/invitation/nothing/").status_code == 404


def test_the_way_in_without_a_seat_leads_to_the_invitation_alone(cast: Cast, link: str) -> None:
    client = someone(cast, "王五", PHONE, link)
    assert client.get("/console/").status_code == 302
    assert client.get("/").status_code == 302
    other = visitor(cast.portal).post("/sign-in/?next=/console/", {"identifier": PHONE, "password": PASSWORD})
    assert other.status_code != 302
