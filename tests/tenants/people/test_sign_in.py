"""Signing in: by phone or e-mail, on a brand's host or the platform's, and telling strangers nothing."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import hashers
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.db.acts import public
from core.kernel import clock
from core.messages.models import Message
from core.messages.selectors import secrets_of
from tenants.people.errors import NotAnAccountName
from tenants.people.models import User
from tenants.people.rules import AccountName, Means, account_name
from tenants.people.services import (
    ACCOUNT_TRIES,
    Proof,
    choose_language,
    follow_link,
    request_reset,
    reset_password,
)
from tests.cast import Cast
from tests.clients import HostClient, platform_client, visitor
from tests.factories.people import PASSWORD, make_person
from tests.factories.seats import make_seat
from tests.portals import TestPortal

PHONE, EMAIL = "+8613806414471", "buyer@example.com"


@pytest.fixture
def buyer(cast: Cast) -> User:
    return make_person(cast.buyer_c1.person_name, phone=PHONE, email=EMAIL)


def sign_in(client: HostClient, identifier: str = PHONE, password: str = PASSWORD, **more: str) -> Any:
    return client.post("/sign-in/", {"identifier": identifier, "password": password, **more})


@pytest.mark.parametrize(
    "spelled",
    [
        "13806414471",
        "138 0641 4471",
        "+86 138-0641-4471",
        "008613806414471",
        "86 13806414471",
        "１３８０６４１４４７１",
        EMAIL,
        "BUYER@Example.COM",
        " buyer@example.com ",
    ],
)
def test_signs_in_by_phone_and_mail_in_every_spelling(cast: Cast, buyer: User, spelled: str) -> None:
    answer = sign_in(visitor(cast.portal), spelled)
    assert (answer.status_code, answer["Location"]) == (302, "/")


def test_a_dealer_lands_on_the_shelf_and_staff_on_the_console(cast: Cast, buyer: User) -> None:
    make_person(cast.admin.person_name, phone="13900000001")
    assert sign_in(visitor(cast.portal), "13900000001")["Location"] == "/console/"


def test_goes_on_to_the_page_that_was_wanted(cast: Cast, buyer: User) -> None:
    assert sign_in(visitor(cast.portal), next="/orders/?page=2")["Location"] == "/orders/?page=2"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "http:///evil.example",
        "evil",
    ],
)
def test_is_never_sent_elsewhere(cast: Cast, buyer: User, elsewhere: str) -> None:
    assert sign_in(visitor(cast.portal), next=elsewhere)["Location"] == "/"


@pytest.mark.parametrize("identifier", [PHONE, "13999999999", "nobody@example.com", "no account name"])
def test_a_wrong_password_and_an_unknown_account_read_the_same(cast: Cast, buyer: User, identifier: str) -> None:
    answer = sign_in(visitor(cast.portal), identifier, "wrong")
    assert answer.status_code == 422
    words = answer.content.decode()
    assert ("账号和密码不匹配" in words) or ("Account and password do not match" in words)
    assert "jm" not in answer.cookies


def test_an_unknown_account_costs_as_much_hashing(cast: Cast, buyer: User, monkeypatch: pytest.MonkeyPatch) -> None:
    hashed: list[str] = []
    encode = hashers.MD5PasswordHasher.encode

    def counted(self: hashers.MD5PasswordHasher, password: str, salt: str) -> str:
        hashed.append(password)
        return encode(self, password, salt)

    monkeypatch.setattr(hashers.MD5PasswordHasher, "encode", counted)
    counts = []
    for identifier in (PHONE, "13999999999", "no account name"):
        hashed.clear()
        sign_in(visitor(cast.portal), identifier, "wrong")
        counts.append(len(hashed))
    assert counts == [1, 1, 1]


def test_an_old_hash_is_made_anew_on_a_brands_host(cast: Cast, buyer: User) -> None:
    buyer.password = hashers.make_password(PASSWORD, hasher="pbkdf2_sha256")
    with public():
        buyer.save(update_fields=["password"])
    assert sign_in(visitor(cast.portal)).status_code == 302
    with public():
        buyer.refresh_from_db()
    assert buyer.password.startswith("md5$")


def test_five_tries_and_then_a_wait_even_for_the_right_password(cast: Cast, buyer: User) -> None:
    client = visitor(cast.portal)
    assert {sign_in(client, password="wrong").status_code for _ in range(ACCOUNT_TRIES.free)} == {422}
    assert sign_in(client, "138 0641 4471").status_code == 429
    assert sign_in(client, EMAIL).status_code == 302, "another name of the account is counted for itself"


def test_the_first_pause_is_told_once_and_costs_a_stranger_the_same(cast: Cast, buyer: User) -> None:
    counts = []
    for identifier in (EMAIL, "nobody@example.com"):
        for _ in range(ACCOUNT_TRIES.free - 1):
            sign_in(visitor(cast.portal), identifier, "wrong")
        with CaptureQueriesContext(connection) as queries:
            sign_in(visitor(cast.portal), identifier, "wrong")
        counts.append(len(queries))
        assert sign_in(visitor(cast.portal), identifier, "wrong").status_code == 429
    assert counts[0] == counts[1]
    with public():
        told = Message.objects.filter(template="people.sign_in_paused").order_by("id")
        assert [(message.status, message.context) for message in told] == [
            ("QUEUED", {"tries": 5, "minutes": 1}),
            ("NO_ADDRESS", {"tries": 5, "minutes": 1}),
        ]


def test_a_stranger_s_tries_do_not_make_a_known_browser_wait(cast: Cast, buyer: User) -> None:
    known = visitor(cast.portal)
    sign_in(known)
    known.post("/sign-out/")
    for _ in range(ACCOUNT_TRIES.free):
        sign_in(visitor(cast.portal), password="wrong")
    assert sign_in(visitor(cast.portal)).status_code == 429
    assert sign_in(known).status_code == 302
    known.post("/sign-out/")
    statuses = [sign_in(known, password="wrong").status_code for _ in range(ACCOUNT_TRIES.free + 1)]
    assert statuses == [422] * ACCOUNT_TRIES.free + [429], "it has as few tries of its own"


def test_a_browser_known_to_one_account_is_a_stranger_to_another(cast: Cast, buyer: User) -> None:
    make_person(cast.admin.person_name, phone="13900000001")
    client = visitor(cast.portal)
    sign_in(client, "13900000001")
    client.post("/sign-out/")
    for _ in range(ACCOUNT_TRIES.free):
        sign_in(visitor(cast.portal), password="wrong")
    assert sign_in(client).status_code == 429
    client.cookies["jm-known"] = client.cookies["jm-known"].value[:-2] + "xx"
    assert sign_in(client, "13900000001").status_code == 302, "a forged note is no note, and no error"


def test_a_success_forgives_the_tries_before_it(cast: Cast, buyer: User) -> None:
    for _ in range(ACCOUNT_TRIES.free - 1):
        sign_in(visitor(cast.portal), password="wrong")
    assert sign_in(visitor(cast.portal)).status_code == 302
    assert sign_in(visitor(cast.portal), password="wrong").status_code == 422


def test_tries_are_counted_over_all_hosts(cast: Cast, buyer: User, chishui: TestPortal) -> None:
    for _ in range(ACCOUNT_TRIES.free):
        sign_in(visitor(chishui), password="wrong")
    assert sign_in(visitor(cast.portal)).status_code == 429


def test_an_address_that_tries_many_accounts_is_stopped(cast: Cast, buyer: User) -> None:
    client = visitor(cast.portal)
    statuses = [sign_in(client, f"139{number:08d}", "wrong").status_code for number in range(101)]
    assert statuses == [422] * 100 + [429]


def test_a_blocked_address_lengthens_nobodys_pause(cast: Cast, buyer: User) -> None:
    stranger = visitor(cast.portal, REMOTE_ADDR="198.51.100.7")
    for number in range(100):
        sign_in(stranger, f"139{number:08d}", "wrong")
    for _ in range(ACCOUNT_TRIES.free + 3):
        assert sign_in(stranger, password="wrong").status_code == 429
    assert sign_in(visitor(cast.portal)).status_code == 302, "the account was never tried"


def test_a_new_password_ends_the_pause_of_a_known_browser_too(cast: Cast, buyer: User) -> None:
    known = visitor(cast.portal)
    sign_in(known)
    known.post("/sign-out/")
    for _ in range(ACCOUNT_TRIES.free):
        sign_in(known, password="wrong")
    assert sign_in(known).status_code == 429
    asked = request_reset(identifier=EMAIL, address="192.0.2.1", page="http://x/reset/")
    with public():
        letter = Message.objects.get(template="people.reset_link")
    digest = follow_link(secrets_of(letter)["link"].rstrip("/").rpartition("/")[2]) or ""
    reset_password(proof=Proof(link_digest=digest), password="quite another password")
    assert asked.way == "MAIL"
    answer = known.post("/sign-in/", {"identifier": PHONE, "password": "quite another password"})
    assert answer.status_code == 302


def test_someone_without_a_seat_here_is_told_so_and_not_signed_in(cast: Cast, chishui: TestPortal, buyer: User) -> None:
    client = visitor(chishui)
    answer = sign_in(client)
    assert answer.status_code == 422
    assert "赤水河酒业" in answer.content.decode()
    assert "jm" not in client.cookies


def test_a_closed_account_does_not_get_in(cast: Cast, buyer: User) -> None:
    with public():
        User.objects.update(is_active=False)
    assert sign_in(visitor(cast.portal)).status_code == 422


def test_the_session_gets_a_new_key_and_a_cookie_of_this_host_only(cast: Cast, buyer: User) -> None:
    client = visitor(cast.portal)
    client.cookies["jm"] = "a-key-somebody-planted"
    answer = sign_in(client)
    cookie = answer.cookies["jm"]
    assert cookie.value != "a-key-somebody-planted"
    assert (cookie["domain"], cookie["httponly"], cookie["samesite"]) == ("", True, "Lax")


def test_signing_out_ends_the_session(cast: Cast, buyer: User) -> None:
    client = visitor(cast.portal)
    sign_in(client)
    key = client.cookies["jm"].value
    assert client.post("/sign-out/")["Location"] == "/sign-in/"
    client.cookies["jm"] = key
    assert client.get("/sign-in/").status_code == 200, "the old key opens nothing"


def test_signing_out_is_a_post(cast: Cast) -> None:
    assert cast.client(cast.buyer_c1).get("/sign-out/").status_code == 405


def test_a_forged_sign_in_form_is_refused(cast: Cast, buyer: User) -> None:
    answer = sign_in(visitor(cast.portal, enforce_csrf_checks=True))
    assert answer.status_code == 403


def test_a_person_with_two_seats_picks_one(cast: Cast, buyer: User) -> None:
    second = make_seat(cast.portal, cast.buyer_c1.person_name, cast.c2, "dealer_buyer")
    client = visitor(cast.portal)
    answer = sign_in(client, next="/orders/")
    assert answer["Location"] == "/seat/?next=%2Forders%2F"
    page = client.get("/seat/").content.decode()
    assert "泉城名酒" in page
    assert "胶州湾酒行" in page
    assert client.post("/seat/", {"seat": str(second.pk), "next": "/orders/"})["Location"] == "/orders/"
    assert client.get("/sign-in/")["Location"] == "/"


def test_nobody_picks_a_seat_of_somebody_else(cast: Cast, buyer: User) -> None:
    client = visitor(cast.portal)
    sign_in(client)
    assert client.post("/seat/", {"seat": str(cast.seats["admin"].pk)}).status_code == 404


def test_the_platform_lists_the_persons_portals(cast: Cast, buyer: User) -> None:
    sign_in(visitor(cast.portal))  # notes the portal where it was never noted
    client = platform_client()
    assert sign_in(client)["Location"] == "/portals/"
    page = client.get("/portals/").content.decode()
    assert "http://xinghe.jiumai.localhost:8000/" in page
    assert "chishui" not in page
    assert platform_client().get("/portals/")["Location"] == "/sign-in/"


def test_a_changed_password_ends_other_sessions_within_five_minutes(cast: Cast, buyer: User) -> None:
    client = visitor(cast.portal)
    sign_in(client)
    with public():
        known = User.objects.get(pk=buyer.pk)
        known.set_password("another long password")
        known.save()
    assert client.get("/sign-in/").status_code == 302
    with clock.at(clock.now() + timedelta(seconds=301)):
        assert client.get("/sign-in/").status_code == 200


def test_the_language_of_the_person_follows_them(cast: Cast, buyer: User) -> None:
    choose_language(person_id=buyer.pk, language="en")
    client = visitor(cast.portal)
    assert sign_in(client).cookies["jm_language"].value == "en"


def test_a_chosen_language_stays(cast: Cast, buyer: User) -> None:
    client = visitor(cast.portal)
    sign_in(client)
    answer = client.post("/language/", {"language": "en", "next": "/sign-in/"})
    assert (answer["Location"], answer.cookies["jm_language"].value) == ("/sign-in/", "en")
    with public():
        assert User.objects.get(pk=buyer.pk).language == "en"
    assert client.post("/language/", {"language": "xx", "next": "//evil.example"})["Location"] == "/"


@pytest.mark.parametrize(
    "text", ["", "12345", "1380641447", "23806414471", "a@b", "@example.com", "a b@example.com", "酒"]
)
def test_what_is_no_account_name_is_refused(text: str) -> None:
    with pytest.raises(NotAnAccountName):
        account_name(text)


def test_numbers_from_abroad_keep_their_country() -> None:
    assert account_name("+1 (415) 555-2671") == AccountName(Means.PHONE, "+14155552671")


def test_a_brands_door_speaks_the_browsers_language_until_one_is_chosen(cast: Cast, buyer: User) -> None:
    def words(client: HostClient, path: str = "/sign-in/", asked: str = "en-US,en;q=0.9,zh;q=0.5") -> str:
        return str(client.get(path, headers={"accept-language": asked}).content.decode())

    client = visitor(cast.portal)
    assert 'lang="en"' in words(client)
    assert 'lang="zh-hans"' in words(client, asked="fr,zh-CN;q=0.9,en;q=0.5")
    assert 'lang="zh-hans"' in words(client, asked="fr")
    assert "btn btn--sm" in words(client).partition('name="language"')[0].rpartition("<button")[2], (
        "a switch to be seen"
    )
    client.post("/language/", {"language": "zh-hans"})
    assert 'lang="zh-hans"' in words(client), "a choice counts before the browser"
    other = visitor(cast.portal)
    other.post("/sign-in/", {"identifier": PHONE, "password": PASSWORD}, headers={"accept-language": "en"})
    assert 'lang="en"' in words(other, "/me/"), "who has chosen none goes on in the one they signed in by"
    third = visitor(cast.portal)
    sign_in(third)
    assert 'lang="zh-hans"' in words(third, "/me/"), "behind the door the brand's own language stands"
