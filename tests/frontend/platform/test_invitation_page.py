"""The page behind an invitation's link: for the invited, for others, for nobody yet; and every way it can end."""

from datetime import timedelta

import pytest
from pytest_django import Settings

from core.db.acts import public
from core.events.models import Event
from core.kernel import clock
from core.messages.models import Message
from core.messages.selectors import secrets_of
from core.vault.services import unseal
from frontend.platform.invitations import CODES
from tenants.access.events import SEAT_OPENED
from tenants.access.models import Seat
from tenants.access.services import close_seat, withdraw_invitation
from tenants.people.models import User
from tenants.people.rules import AccountName, Means
from tenants.people.selectors import person_named
from tenants.people.services.newcomers import CODE_LASTS, CODE_TRIES
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


def sent_code() -> str:
    """The code of the last message that proves an address."""
    with public():
        return secrets_of(Message.objects.filter(template="people.address_code").latest("id"))["code"]


def with_code(client: HostClient, link: str) -> dict[str, str]:
    """The form of somebody new who has asked for the code and read it."""
    assert client.post(link, {"act": "send_code"})["Location"] == link
    return {**NEW, "code": sent_code()}


def wrong(code: str) -> str:
    return "000000" if code != "000000" else "000001"


def test_somebody_new_signs_up_under_the_invited_name_only(cast: Cast, link: str) -> None:
    client = visitor(cast.portal)
    page = client.get(link).content.decode()
    assert 'name="password"' not in page, "nothing is asked before the code is on its way"
    given = with_code(client, link)
    with public():
        sent = Message.objects.get(template="people.address_code")
        assert (unseal(sent.recipient), sent.way, sent.person_id) == (f"+86{PHONE}", "SMS", None)
    page = client.get(link).content.decode()
    assert 'name="password"' in page
    assert PHONE not in page
    assert client.post(link, {**given, "password": "1"}).status_code == 422
    assert client.post(link, {**given, "code": wrong(given["code"])}).status_code == 422
    done = client.post(link, {**given, "identifier": "13900000000", "phone": "13900000000"})
    assert done["Location"] == "/console/"
    person = person_named(AccountName(Means.PHONE, f"+86{PHONE}"))
    assert person is not None
    assert person.phone_proved_at is not None
    assert Seat.objects.get(person_name="新人").person_id == person.pk
    assert person_named(AccountName(Means.PHONE, "+8613900000000")) is None
    assert client.get("/console/").status_code == 200


def test_by_mail_the_code_goes_to_the_invited_address(cast: Cast) -> None:
    link = f"/invitation/{offered(cast, account='New@Example.com')[1]}/"
    client = visitor(cast.portal)
    given = with_code(client, link)
    assert client.post(link, given)["Location"] == "/console/"
    person = person_named(AccountName(Means.EMAIL, "new@example.com"))
    assert person is not None
    assert (person.email_proved_at is not None, person.phone_proved_at) == (True, None)


def test_who_is_only_shown_the_link_becomes_nobody(cast: Cast, link: str) -> None:
    """An administrator opens the link of an invitation to somebody else's number: without the code, no account."""
    client = visitor(cast.portal)
    assert client.post(link, {**NEW, "code": "123456"}).status_code == 409
    given = with_code(client, link)
    guesses = [client.post(link, {**given, "code": wrong(given["code"])}).status_code for _ in range(CODE_TRIES + 1)]
    assert guesses == [422] * CODE_TRIES + [409]
    assert client.post(link, given).status_code == 409, "used up by guessing"
    with public():
        assert not User.objects.filter(name="新同事").exists()
    assert not Seat.objects.filter(person_name="新人").exists()


def test_a_code_is_bound_to_browser_invitation_time_and_one_use(cast: Cast, link: str) -> None:
    client, other = visitor(cast.portal), visitor(cast.portal)
    first = with_code(client, link)
    assert other.post(link, first).status_code == 409, "another browser"
    elsewhere = f"/invitation/{offered(cast, account='13912345680')[1]}/"
    assert client.post(elsewhere, first).status_code == 409, "another invitation"
    newer = with_code(client, link)
    assert client.post(link, first).status_code == 422, "a later code replaced it"
    with clock.at(clock.now() + CODE_LASTS):
        assert client.post(link, newer).status_code == 409, "too late"
    last = with_code(client, link)
    assert client.post(link, last).status_code == 302
    again = visitor(cast.portal)
    assert again.post(link, last).status_code == 410 or again.post(link, last).status_code == 409
    with public():
        assert User.objects.filter(name="新同事").count() == 1


def test_whether_there_is_an_account_is_told_to_the_bearer_of_the_name_alone(cast: Cast, link: str) -> None:
    make_person("王五", phone=PHONE)
    client = visitor(cast.portal)
    given = with_code(client, link)
    assert client.post(link, {**given, "code": wrong(given["code"])}).status_code == 422
    refused = client.post(link, given)
    assert refused.status_code == 409
    assert not Seat.objects.filter(person_name="新人").exists()
    assert client.post(link, {"act": "accept"})["Location"] == f"/sign-in/?next={link.replace('/', '%2F')}"


def test_nobodys_telephone_is_flooded(cast: Cast, link: str) -> None:
    client = visitor(cast.portal)
    tries = [client.post(link, {"act": "send_code"}).status_code for _ in range(CODES.limit + 1)]
    assert tries[:4] == [302] * 4
    assert set(tries[4:]) == {429}
    with public():
        assert Message.objects.filter(template="people.address_code").count() == 4


def test_without_text_messages_a_number_cannot_sign_up(cast: Cast, link: str, settings: Settings) -> None:
    settings.SMS_SENDER = ""
    client = visitor(cast.portal)
    assert 'value="send_code"' not in client.get(link).content.decode()
    assert client.post(link, {"act": "send_code"}).status_code == 422
    assert client.post(link, NEW).status_code == 409


def test_an_account_proves_its_name_before_it_sits_down(cast: Cast, link: str) -> None:
    client = someone(cast, "王五", PHONE, link)
    with public():
        User.objects.filter(name="王五").update(phone_proved_at=None)
    assert 'value="accept"' not in client.get(link).content.decode()
    assert client.post(link, {"act": "accept"}).status_code == 403
    assert client.post(link, {"act": "prove", "code": "123456"}).status_code == 409
    assert client.post(link, {"act": "send_code"})["Location"] == link
    assert 'value="prove"' in client.get(link).content.decode()
    code = sent_code()
    assert client.post(link, {"act": "prove", "code": wrong(code)}).status_code == 422
    assert not Seat.objects.filter(person_name="新人").exists()
    assert client.post(link, {"act": "prove", "code": code})["Location"] == "/console/"
    with public():
        assert User.objects.get(name="王五").phone_proved_at is not None
    assert client.get("/console/").status_code == 200


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
