"""The pages of a forgotten password, on a brand's host and the platform's."""

import re
from typing import Any

import pytest
from pytest_django import Settings

from core.db.acts import public
from core.messages.models import Message
from core.messages.selectors import secrets_of
from tenants.people.models import User
from tests.cast import Cast
from tests.clients import HostClient, platform_client, visitor
from tests.factories.people import PASSWORD, make_person

PHONE, EMAIL = "+8613806414471", "buyer@example.com"
NEW = "quite another password"


@pytest.fixture
def buyer(cast: Cast) -> User:
    return make_person(cast.buyer_c1.person_name, phone=PHONE, email=EMAIL)


def secrets_sent(template: str) -> dict[str, str]:
    with public():
        return secrets_of(Message.objects.filter(template=template).latest("id"))


def sign_in(client: HostClient, password: str) -> Any:
    return client.post("/sign-in/", {"identifier": EMAIL, "password": password})


def test_the_whole_way_by_mail(cast: Cast, buyer: User) -> None:
    elsewhere = visitor(cast.portal)
    sign_in(elsewhere, PASSWORD)
    client = visitor(cast.portal)
    assert "忘记密码" in client.get("/sign-in/").content.decode()
    assert client.post("/forgot/", {"identifier": EMAIL})["Location"] == "/forgot/?sent=1"
    assert "请查收邮件" in client.get("/forgot/?sent=1").content.decode()
    link = secrets_sent("people.reset_link")["link"]
    assert link.startswith("http://xinghe.jiumai.localhost:8000/reset/")
    opened = client.get(link.removeprefix("http://xinghe.jiumai.localhost:8000"))
    assert (opened["Location"], opened["Referrer-Policy"]) == ("/reset/", "same-origin")
    page = client.get("/reset/").content.decode()
    assert 'autocomplete="new-password"' in page
    assert "one-time-code" not in page
    assert client.post("/reset/", {"password": NEW})["Location"] == "/sign-in/"
    assert "新密码已设置" in client.get("/sign-in/").content.decode()
    assert sign_in(client, PASSWORD).status_code == 422
    assert sign_in(client, NEW)["Location"] == "/"
    assert elsewhere.get("/orders/").status_code == 302, "every session ended"
    again = client.get(link.removeprefix("http://xinghe.jiumai.localhost:8000"))
    assert again.status_code == 409
    assert "/forgot/" in again.content.decode()


def test_the_whole_way_by_text_message(cast: Cast, buyer: User) -> None:
    client = platform_client()
    assert client.post("/forgot/", {"identifier": "138 0641 4471"})["Location"] == "/reset/"
    code = secrets_sent("people.reset_code")["code"]
    assert re.fullmatch(r"\d{6}", code)
    wrong = "000000" if code != "000000" else "000001"
    refused = client.post("/reset/", {"code": wrong, "password": NEW})
    assert refused.status_code == 422
    assert f'value="{wrong}"' in refused.content.decode()
    weak = client.post("/reset/", {"code": code, "password": "short"})
    assert weak.status_code == 422
    assert f'value="{code}"' in weak.content.decode(), "nothing typed is lost"
    assert client.post("/reset/", {"code": f"{code[:3]} {code[3:]}", "password": NEW})["Location"] == "/sign-in/"
    assert sign_in(client, NEW).status_code == 302


@pytest.mark.parametrize(("known", "unknown"), [(EMAIL, "nobody@example.com"), (PHONE, "13999999999")])
def test_the_answers_to_known_and_unknown_names_are_the_same(cast: Cast, buyer: User, known: str, unknown: str) -> None:
    answers = []
    for identifier in (known, unknown):
        client = visitor(cast.portal)
        answer = client.post("/forgot/", {"identifier": identifier})
        page = client.get(answer["Location"])
        words = re.sub(r'name="csrfmiddlewaretoken" value="\w+"|"X-CSRFToken": "\w+"', "", page.content.decode())
        answers.append((answer.status_code, answer["Location"], sorted(answer.cookies), page.status_code, words))
    assert answers[0] == answers[1]


def test_the_link_names_the_portal_s_own_address_whatever_host_was_asked(cast: Cast, buyer: User) -> None:
    client = visitor(cast.portal)
    client.post("/forgot/", {"identifier": EMAIL}, headers={"X-Forwarded-Host": "evil.example"})
    assert secrets_sent("people.reset_link")["link"].startswith("http://xinghe.jiumai.localhost:8000/reset/")
    platform_client().post("/forgot/", {"identifier": EMAIL})
    assert secrets_sent("people.reset_link")["link"].startswith("http://jiumai.localhost:8000/reset/")


def test_without_text_messages_the_page_says_so_first(cast: Cast, buyer: User, settings: Settings) -> None:
    settings.SMS_SENDER = ""
    client = visitor(cast.portal)
    assert "目前不能发短信" in client.get("/forgot/").content.decode()
    answer = client.post("/forgot/", {"identifier": PHONE})
    assert answer.status_code == 422
    assert "请填写邮箱" in answer.content.decode()
    assert client.post("/forgot/", {"identifier": EMAIL}).status_code == 302


def test_what_is_no_name_is_refused_and_kept(cast: Cast) -> None:
    answer = visitor(cast.portal).post("/forgot/", {"identifier": "no account name"})
    assert answer.status_code == 422
    assert 'value="no account name"' in answer.content.decode()


def test_the_fifth_time_has_to_wait(cast: Cast, buyer: User) -> None:
    client = visitor(cast.portal)
    statuses = [client.post("/forgot/", {"identifier": EMAIL}).status_code for _ in range(5)]
    assert statuses == [302, 302, 302, 302, 429]


def test_nobody_resets_what_was_not_asked_for_here(cast: Cast, buyer: User) -> None:
    asked, other = visitor(cast.portal), visitor(cast.portal)
    asked.post("/forgot/", {"identifier": PHONE})
    code = secrets_sent("people.reset_code")["code"]
    assert other.get("/reset/")["Location"] == "/forgot/"
    assert other.post("/reset/", {"code": code, "password": NEW})["Location"] == "/forgot/"
    assert other.get("/reset/no-such-secret/").status_code == 409


def test_a_reset_ends_after_too_many_codes(cast: Cast, buyer: User) -> None:
    client = visitor(cast.portal)
    client.post("/forgot/", {"identifier": PHONE})
    code = secrets_sent("people.reset_code")["code"]
    wrong = "000000" if code != "000000" else "000001"
    statuses = [client.post("/reset/", {"code": wrong, "password": NEW}).status_code for _ in range(6)]
    assert statuses == [422] * 5 + [409]
    assert client.get("/reset/")["Location"] == "/forgot/"
