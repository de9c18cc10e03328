"""Mobile number and e-mail on one's own pages: the same on every host, bound to the browser that asked."""

from datetime import timedelta
from uuid import UUID

import pyotp
import pytest
from pytest_django import Settings

from core.db.acts import public
from core.kernel import clock
from core.messages.models import Message
from core.messages.selectors import secrets_of
from tenants.people.models import HostSession, User
from tenants.people.selectors import factor_state
from tenants.people.services import begin_totp, confirm_totp
from tests.cast import Cast
from tests.clients import HostClient, platform_client, visitor
from tests.factories.people import PASSWORD, make_person

PHONE, EMAIL, NEW = "+8613806414471", "buyer@example.com", "new@example.com"
CODE, MAIL_PAGE, PHONE_PAGE = "/profile/code/", "/profile/email/", "/profile/phone/"
FACTOR = "/profile/second-factor/"


@pytest.fixture
def buyer(cast: Cast) -> User:
    person = make_person(cast.buyer_c1.person_name, phone=PHONE, email=EMAIL)
    with public():
        User.objects.filter(pk=person.pk).update(phone_proved_at=None, email_proved_at=None)
    return person


def signed_in(client: HostClient, identifier: str = EMAIL) -> HostClient:
    assert client.post("/sign-in/", {"identifier": identifier, "password": PASSWORD}).status_code == 302
    return client


def fresh(buyer: User) -> User:
    with public():
        return User.objects.get(pk=buyer.pk)


def sent_code() -> str:
    with public():
        return secrets_of(Message.objects.filter(template="people.address_code").latest("id"))["code"]


def set_up(person_id: UUID) -> str:
    """The secret of the person's second factor, which is on."""
    with clock.at(clock.now() - timedelta(minutes=5)):
        begin_totp(person_id=person_id)
        secret = factor_state(person_id).secret
        confirm_totp(person_id=person_id, code=pyotp.TOTP(secret).at(clock.now()))
    return secret


@pytest.mark.parametrize("address", [CODE, MAIL_PAGE, PHONE_PAGE])
def test_is_one_s_own_only(cast: Cast, address: str) -> None:
    for client in (visitor(cast.portal), platform_client()):
        assert client.get(address)["Location"] == f"/sign-in/?next={address}"
        assert client.post(address)["Location"].startswith("/sign-in/")


@pytest.mark.parametrize("where", ["brand", "platform"])
def test_a_new_address_counts_once_its_code_is_typed(cast: Cast, buyer: User, where: str) -> None:
    client = signed_in(visitor(cast.portal) if where == "brand" else platform_client())
    other = signed_in(visitor(cast.portal))
    answer = client.post(MAIL_PAGE, {"identifier": NEW, "current": PASSWORD})
    assert answer["Location"] == CODE
    page = client.get(CODE)
    assert NEW in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    assert fresh(buyer).email_proved_at is None
    assert client.post(CODE, {"code": "000000" if sent_code() != "000000" else "1"}).status_code == 422
    key = client.cookies["jm"].value
    assert client.post(CODE, {"code": sent_code()})["Location"] == "/profile/"
    assert client.cookies["jm"].value != key, "whoever knew the key is out"
    assert "n***@example.com" in client.get("/profile/").content.decode()
    assert fresh(buyer).email_proved_at is not None
    assert other.get("/orders/").status_code == 302
    signed_in(visitor(cast.portal), NEW)
    if where == "brand":
        assert client.get("/orders/").status_code == 200, "the seat is kept"


def test_a_code_is_of_no_use_in_another_browser(cast: Cast, buyer: User) -> None:
    here, there = signed_in(visitor(cast.portal)), signed_in(visitor(cast.portal))
    here.post(MAIL_PAGE, {"identifier": NEW, "current": PASSWORD})
    assert there.get(CODE)["Location"] == "/profile/"
    assert there.post(CODE, {"code": sent_code()})["Location"] == "/profile/"
    assert here.post(CODE, {"code": sent_code()}).status_code == 302
    assert here.get(CODE)["Location"] == "/profile/", "and it is over"


def test_an_address_of_another_account_is_refused_after_the_code_only(cast: Cast, buyer: User) -> None:
    make_person("周敏", email="taken@example.com")
    pages = []
    client = signed_in(visitor(cast.portal))
    for typed in ("taken@example.com", "freed@example.com"):
        answer = client.post(MAIL_PAGE, {"identifier": typed, "current": PASSWORD})
        pages.append((answer.status_code, answer["Location"], len(client.get(CODE).content)))
    assert pages[0] == pages[1]
    client.post(MAIL_PAGE, {"identifier": "taken@example.com", "current": PASSWORD})
    refused = client.post(CODE, {"code": sent_code()})
    words = refused.content.decode()
    assert refused.status_code == 409
    assert "已用于另一个账号" in words
    assert "周敏" not in words
    assert client.get("/orders/").status_code == 200
    assert client.get(CODE)["Location"] == "/profile/"


def test_the_button_proves_what_stands_there(cast: Cast, buyer: User) -> None:
    client = signed_in(visitor(cast.portal))
    assert client.get("/profile/").content.decode().count("未验证") == 2
    assert client.post(PHONE_PAGE, {"act": "prove"})["Location"] == CODE
    page = client.get(CODE).content.decode()
    assert "138****4471" in page
    assert "13806414471" not in page
    client.post(CODE, {"code": sent_code()})
    assert fresh(buyer).phone_proved_at is not None
    assert client.get("/profile/").content.decode().count("未验证") == 1
    assert client.get("/orders/").status_code == 200


def test_one_goes_while_the_other_is_proved(cast: Cast, buyer: User) -> None:
    client = signed_in(visitor(cast.portal))
    assert 'value="remove"' not in client.get(MAIL_PAGE).content.decode()
    assert client.post(MAIL_PAGE, {"act": "remove", "current": PASSWORD}).status_code == 409
    with public():
        User.objects.filter(pk=buyer.pk).update(phone_proved_at=clock.now())
    assert 'value="remove"' in client.get(MAIL_PAGE).content.decode()
    assert 'value="remove"' not in client.get(PHONE_PAGE).content.decode()
    assert client.post(MAIL_PAGE, {"act": "remove", "current": "wrong"}).status_code == 422
    assert client.post(MAIL_PAGE, {"act": "remove", "current": PASSWORD})["Location"] == "/profile/"
    assert fresh(buyer).email_index is None
    assert "添加" in client.get("/profile/").content.decode()
    assert client.post(MAIL_PAGE, {"act": "prove"}).status_code == 409


def test_asks_for_the_sign_in_code_where_it_is_on(cast: Cast, buyer: User) -> None:
    client = signed_in(visitor(cast.portal))
    assert 'name="code"' not in client.get(MAIL_PAGE).content.decode()
    secret = set_up(buyer.pk)
    assert 'name="code"' in client.get(MAIL_PAGE).content.decode()
    given = {"identifier": NEW, "current": PASSWORD}
    assert client.post(MAIL_PAGE, given).status_code == 422
    assert client.post(MAIL_PAGE, {**given, "code": "000000"}).status_code == 422
    assert client.post(MAIL_PAGE, {**given, "code": pyotp.TOTP(secret).at(clock.now())})["Location"] == CODE


@pytest.mark.parametrize(
    ("page", "given", "status"),
    [
        (MAIL_PAGE, {"identifier": "13800138000", "current": PASSWORD}, 422),
        (PHONE_PAGE, {"identifier": NEW, "current": PASSWORD}, 422),
        (MAIL_PAGE, {"identifier": NEW, "current": "wrong"}, 422),
        (MAIL_PAGE, {"identifier": "", "current": ""}, 422),
        (MAIL_PAGE, {"act": "become_admin"}, 422),
    ],
)
def test_refuses_on_the_form(cast: Cast, buyer: User, page: str, given: dict[str, str], status: int) -> None:
    client = signed_in(visitor(cast.portal))
    assert client.post(page, given).status_code == status
    with public():
        assert not Message.objects.filter(template="people.address_code").exists()


def test_without_text_messages_the_number_stays_and_the_page_says_why(
    cast: Cast, buyer: User, settings: Settings
) -> None:
    settings.SMS_SENDER = ""
    client = signed_in(visitor(cast.portal))
    assert "暂不能发送短信" in client.get(PHONE_PAGE).content.decode()
    assert client.post(PHONE_PAGE, {"act": "prove"}).status_code == 422
    assert client.post(PHONE_PAGE, {"identifier": "13999999999", "current": PASSWORD}).status_code == 422


def test_a_factor_proved_late_gives_the_session_a_new_key(cast: Cast, buyer: User) -> None:
    client = signed_in(visitor(cast.portal))
    secret = set_up(buyer.pk)
    former = client.cookies["jm"].value
    client.post(FACTOR, {"act": "prove", "code": pyotp.TOTP(secret).at(clock.now())})
    key = client.cookies["jm"].value
    assert key != former
    assert client.get("/orders/").status_code == 200
    with public():
        assert list(HostSession.objects.values_list("session_key", flat=True)) == [key]
    thief = visitor(cast.portal)
    thief.cookies["jm"] = former
    assert thief.get("/orders/").status_code == 302
    client.post("/sign-out/")
    assert client.get("/orders/").status_code == 302
    with public():
        assert not HostSession.objects.exists()


def test_a_factor_proved_in_a_sign_in_that_has_ended_lets_nobody_on(cast: Cast, buyer: User) -> None:
    client = signed_in(visitor(cast.portal))
    secret = set_up(buyer.pk)
    with public():
        HostSession.objects.all().delete()
    answer = client.post(FACTOR, {"act": "prove", "code": pyotp.TOTP(secret).at(clock.now())})
    assert answer.status_code in {302, 409}
    assert client.get("/orders/").status_code == 302
