"""One's own pages: name and language, password, the sign-in code."""

from datetime import timedelta
from typing import Any

import pyotp
import pytest

from core.db.acts import public
from core.kernel import clock
from core.vault.services import seal
from tenants.people.models import RecoveryCode, User
from tenants.people.selectors import factor_state
from tests.cast import Cast
from tests.clients import HostClient, platform_client, visitor
from tests.factories.people import PASSWORD, make_person

PHONE, EMAIL = "+8613806414471", "buyer@example.com"
NEW = "quite another password"
FACTOR = "/profile/second-factor/"


@pytest.fixture
def buyer(cast: Cast) -> User:
    person = make_person(cast.buyer_c1.person_name, phone=PHONE, email=EMAIL)
    with public():
        User.objects.filter(pk=person.pk).update(phone_sealed=seal(PHONE))
    return person


def in_by_password(client: HostClient, password: str = PASSWORD) -> HostClient:
    answer = client.post("/sign-in/", {"identifier": EMAIL, "password": password})
    assert answer.status_code == 302
    return client


def fresh(buyer: User) -> User:
    with public():
        return User.objects.get(pk=buyer.pk)


def code_of(secret: str, *, seconds: int = 0) -> str:
    return pyotp.TOTP(secret).at(clock.now() + timedelta(seconds=seconds))


@pytest.mark.parametrize("address", ["/profile/", "/profile/password/", FACTOR])
def test_is_one_s_own_only(cast: Cast, address: str) -> None:
    assert visitor(cast.portal).get(address)["Location"] == f"/sign-in/?next={address}"
    assert platform_client().get(address)["Location"] == f"/sign-in/?next={address}"


def test_shows_oneself_masked_on_both_hosts(cast: Cast, buyer: User) -> None:
    for client in (visitor(cast.portal), platform_client()):
        page = in_by_password(client).get("/profile/").content.decode()
        assert "138****4471" in page
        assert "b***@example.com" in page
        assert "13806414471" not in page
        assert buyer.name in page


def test_takes_name_and_language(cast: Cast, buyer: User) -> None:
    client = in_by_password(visitor(cast.portal))
    answer = client.post("/profile/", {"name": "  Sun   Lixin ", "language": "en", "is_active": "", "id": "x"})
    assert (answer["Location"], answer.cookies["jm_language"].value) == ("/profile/", "en")
    known = fresh(buyer)
    assert (known.name, known.language, known.is_active) == ("Sun Lixin", "en", True)
    refused = client.post("/profile/", {"name": "", "language": "xx"})
    assert refused.status_code == 422
    assert fresh(buyer).name == "Sun Lixin"


def test_a_changed_password_ends_all_other_sessions_and_not_this_one(cast: Cast, buyer: User) -> None:
    here, there, platform = (
        in_by_password(client) for client in (visitor(cast.portal), visitor(cast.portal), platform_client())
    )
    key = here.cookies["jm"].value
    answer = here.post("/profile/password/", {"current": PASSWORD, "password": NEW})
    assert answer["Location"] == "/profile/"
    assert here.get("/orders/").status_code == 200
    assert here.cookies["jm"].value != key
    assert there.get("/orders/").status_code == 302
    assert platform.get("/portals/").status_code == 302
    assert fresh(buyer).password_changed_at == clock.now()
    in_by_password(visitor(cast.portal), NEW)


@pytest.mark.parametrize(
    ("current", "password", "words"),
    [("wrong", NEW, "密码不对"), (PASSWORD, "short", "请换一个密码"), (PASSWORD, "password123", "请换一个密码")],
)
def test_refuses_a_wrong_or_weak_password_and_changes_nothing(
    cast: Cast, buyer: User, current: str, password: str, words: str
) -> None:
    client = in_by_password(visitor(cast.portal))
    answer = client.post("/profile/password/", {"current": current, "password": password})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert fresh(buyer).password_changed_at is None


def test_a_found_session_cannot_try_out_passwords(cast: Cast, buyer: User) -> None:
    client = in_by_password(visitor(cast.portal))
    statuses = [client.post("/profile/password/", {"current": "wrong", "password": NEW}).status_code for _ in range(6)]
    assert statuses == [422] * 5 + [429]
    assert client.post("/profile/password/", {"current": PASSWORD, "password": NEW}).status_code == 429


def _set_up(client: HostClient, buyer: User) -> tuple[str, Any]:
    client.post(FACTOR, {"act": "begin"})
    secret = factor_state(buyer.pk).secret
    return secret, client.post(FACTOR, {"act": "confirm", "code": code_of(secret)})


def test_setting_up_shows_a_drawn_code_and_the_recovery_codes_once(cast: Cast, buyer: User) -> None:
    client = in_by_password(visitor(cast.portal))
    assert 'value="begin"' in client.get(FACTOR).content.decode()
    client.post(FACTOR, {"act": "begin"})
    page = client.get(FACTOR)
    words = page.content.decode()
    drawing = words[words.index("<svg viewBox") :].partition("</svg>")[0]
    assert "style" not in drawing
    secret = factor_state(buyer.pk).secret
    assert " ".join(secret[start : start + 4] for start in range(0, 32, 4)) in words
    assert "no-store" in page["Cache-Control"]
    wrong = client.post(FACTOR, {"act": "confirm", "code": "000 000"})
    assert wrong.status_code == 422
    assert 'value="000 000"' in wrong.content.decode()
    _, sheet = _set_up(client, buyer)
    assert sheet.content.decode().count('class="code"') == 10
    managed = client.get(FACTOR).content.decode()
    assert "<svg viewBox" not in managed.replace("bottle", "")
    assert 'value="drop"' in managed


def test_a_password_given_long_ago_is_asked_for_again(cast: Cast, buyer: User) -> None:
    client = in_by_password(visitor(cast.portal))
    with clock.at(clock.now() + timedelta(minutes=16)):
        page = client.get(FACTOR).content.decode()
        assert 'value="password"' in page
        assert 'autocomplete="current-password"' in page
        client.post(FACTOR, {"act": "begin"})
        assert factor_state(buyer.pk).secret == ""
        assert client.post(FACTOR, {"act": "password", "current": "wrong"}).status_code == 422
        assert client.post(FACTOR, {"act": "password", "current": PASSWORD})["Location"] == FACTOR
        _, sheet = _set_up(client, buyer)
        assert sheet.status_code == 200


def test_a_session_without_the_code_manages_nothing(cast: Cast, buyer: User) -> None:
    other = in_by_password(visitor(cast.portal))
    secret, _ = _set_up(in_by_password(visitor(cast.portal)), buyer)
    page = other.get(FACTOR).content.decode()
    assert 'value="prove"' in page
    assert 'value="drop"' not in page
    with clock.at(clock.now() + timedelta(minutes=1)):
        proof = {"act": "prove", "code": code_of(secret), "next": "/orders/"}
        assert other.post(FACTOR, proof)["Location"] == "/orders/"
        assert 'value="drop"' in other.get(FACTOR).content.decode()


def test_new_recovery_codes_and_turning_it_off(cast: Cast, buyer: User) -> None:
    client = in_by_password(visitor(cast.portal))
    secret, _ = _set_up(client, buyer)
    with clock.at(clock.now() + timedelta(minutes=1)):
        sheet = client.post(FACTOR, {"act": "renew", "code": code_of(secret)})
        assert sheet.content.decode().count('class="code"') == 10
    with clock.at(clock.now() + timedelta(minutes=2)):
        assert client.post(FACTOR, {"act": "drop", "current": "wrong", "code": code_of(secret)}).status_code == 422
        off = client.post(FACTOR, {"act": "drop", "current": PASSWORD, "code": code_of(secret)})
        assert off["Location"] == "/profile/"
    with public():
        assert not RecoveryCode.objects.exists()
    assert not fresh(buyer).has_second_factor


def test_an_unknown_act_shows_the_page(cast: Cast, buyer: User) -> None:
    client = in_by_password(visitor(cast.portal))
    assert client.post(FACTOR, {"act": "become_admin"}).status_code == 200
