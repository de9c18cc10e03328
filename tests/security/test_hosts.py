"""What a client says of hosts and addresses is believed nowhere but where it must be."""

import pytest
from django.test import RequestFactory
from pytest_django import Settings

from core.db.acts import public
from core.messages.models import Message
from core.messages.selectors import secrets_of
from core.web.throttling import client_address
from tests.cast import Cast
from tests.clients import HostClient, signed_in, visitor
from tests.factories.people import make_person
from tests.portals import CHISHUI, XINGHE

MAIL = "li.min@c1.example"
TRICKS = [
    {"host": f"{XINGHE.host}:6666"},
    {"host": f"{XINGHE.host.upper()}."},
    {"x-forwarded-host": "evil.example"},
    {"x-host": "evil.example", "forwarded": "host=evil.example"},
    {"referer": "https://evil.example/", "origin": "http://evil.example"},
]


@pytest.mark.parametrize("tricks", TRICKS)
def test_a_mailed_link_leads_to_the_brand_s_own_address(cast: Cast, tricks: dict[str, str]) -> None:
    make_person(cast.seats["buyer_c1"].person_name, email=MAIL)
    answer = visitor(XINGHE).post("/forgot/", {"identifier": MAIL}, headers=tricks)
    assert answer.status_code == 302
    with public():
        message = Message.objects.order_by("-created_at").first()
        assert message is not None
        links = [word for word in secrets_of(message).values() if "://" in word]
    assert links
    assert all(link.startswith(f"http://{XINGHE.host}:8000/reset/") for link in links)


def test_a_session_of_one_host_is_none_on_another(cast: Cast) -> None:
    here = signed_in(XINGHE, cast.seats["buyer_c1"])
    there = HostClient(CHISHUI.host)
    there.cookies = here.cookies
    assert here.get("/orders/").status_code == 200
    answer = there.get("/orders/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/sign-in/")


@pytest.mark.parametrize(
    ("proxies", "said", "believed"),
    [
        (0, "198.51.100.7", "192.0.2.1"),
        (1, "198.51.100.7", "198.51.100.7"),
        (1, "10.0.0.1, 198.51.100.7", "198.51.100.7"),  # the first is the client's own invention
        (2, "10.0.0.1, 198.51.100.7, 203.0.113.1", "198.51.100.7"),
        (2, "198.51.100.7", "192.0.2.1"),
        (1, "", "192.0.2.1"),
    ],
)
def test_only_our_own_proxies_are_believed(settings: Settings, proxies: int, said: str, believed: str) -> None:
    settings.PROXIES = proxies
    request = RequestFactory().get("/", headers={"x-forwarded-for": said}, REMOTE_ADDR="192.0.2.1")
    assert client_address(request) == believed
