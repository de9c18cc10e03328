"""Whose session it is, where it is good, and what a key from before is worth."""

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session

from core.db.acts import public
from core.kernel import clock
from tenants.brands.models import Brand, Domain
from tests.cast import Cast
from tests.clients import PLATFORM, HostClient, platform_client, signed_in, visitor
from tests.factories.operators import OPS
from tests.factories.people import PASSWORD, make_person
from tests.portals import CHISHUI, XINGHE

PHONE = "13900139009"
CUSTOM = "order.xinghe.example"


def carried(client: HostClient, host: str) -> HostClient:
    """Another's browser that shows the client's keys on ``host``: who holds a customer's domain can read them there."""
    there = HostClient(host)
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    there.cookies[settings.SESSION_COOKIE_NAME] = there.cookies[settings.DESK_COOKIE_NAME] = key
    return there


@pytest.fixture
def custom(cast: Cast) -> HostClient:
    """The buyer, signed in on the brand's own domain."""
    with public():
        brand = Brand.objects.get(slug=XINGHE.slug)
        Domain.objects.create(tenant=brand, domain=CUSTOM, is_primary=False, verified_at=clock.now())
    make_person(cast.seats["buyer_c1"].person_name, phone=PHONE)
    client = HostClient(CUSTOM)
    assert client.post("/sign-in/", {"identifier": PHONE, "password": PASSWORD}).status_code == 302
    assert client.get("/orders/").status_code == 200
    return client


@pytest.mark.parametrize("path", ["/portals/", "/my-data/", "/profile/", "/profile/second-factor/"])
def test_a_key_of_a_brand_s_host_opens_nothing_on_the_platform(custom: HostClient, path: str) -> None:
    answer = carried(custom, PLATFORM).get(path)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/sign-in/")


@pytest.mark.parametrize("host", [XINGHE.host, CHISHUI.host, f"{XINGHE.host}.", OPS])
def test_nor_on_another_host_of_the_brand_or_the_desk(custom: HostClient, host: str) -> None:
    assert carried(custom, host).get("/profile/").status_code in {302, 404}
    assert carried(custom, host).get("/api/v1/me").status_code in {401, 404, 302}


def test_the_key_is_still_good_where_it_was_begun(custom: HostClient) -> None:
    carried(custom, PLATFORM).get("/portals/")
    carried(custom, PLATFORM).post("/language/", {"language": "en"})
    carried(custom, PLATFORM).post("/forgot/", {"identifier": PHONE})
    assert custom.get("/orders/").status_code == 200, "who shows it elsewhere neither ends nor overwrites it"
    for spelling in (CUSTOM.upper(), f"{CUSTOM}.", f"{CUSTOM}:8443"):
        assert carried(custom, spelling).get("/orders/").status_code == 200


def test_a_platform_s_key_opens_no_brand_without_a_ticket(cast: Cast) -> None:
    make_person(cast.seats["buyer_c1"].person_name, phone=PHONE)
    client = platform_client()
    client.post("/sign-in/", {"identifier": PHONE, "password": PASSWORD})
    assert client.get("/profile/").status_code == 200
    for path in ("/profile/", "/seat/", "/orders/"):
        assert carried(client, XINGHE.host).get(path).status_code == 302


def test_from_a_customer_s_domain_no_ticket_leads_up_to_the_platform(custom: HostClient) -> None:
    asked = {"to": PLATFORM, "browser": "0" * 64, "next": "/portals/"}
    answer = custom.get("/ticket/", asked)
    assert answer.status_code == 302, "the password is asked there; what lies open on the customer's domain is no proof"
    assert answer["Location"].startswith(f"http://{PLATFORM}:8000/sign-in/?")
    assert "ticket" not in answer["Location"]


def test_a_planted_key_is_worth_nothing_after_signing_in(cast: Cast) -> None:
    make_person(cast.seats["buyer_c1"].person_name, phone=PHONE)
    stranger = visitor(XINGHE)
    stranger.post("/forgot/", {"identifier": "13900000000"})  # a session without anybody
    planted = stranger.cookies[settings.SESSION_COOKIE_NAME].value
    victim = visitor(XINGHE)
    for planted_key in (planted, "a" * 32, "../../etc", "x" * 5000):
        victim.cookies[settings.SESSION_COOKIE_NAME] = planted_key
        victim.cookies.pop("jm-known", None)
        assert victim.post("/sign-in/", {"identifier": PHONE, "password": PASSWORD}).status_code == 302
        fresh = victim.cookies[settings.SESSION_COOKIE_NAME].value
        assert fresh != planted_key
        with public():
            assert not Session.objects.filter(session_key=planted_key[:40]).exists()
    assert stranger.get("/orders/").status_code == 302


def test_signing_out_leaves_no_key_behind(cast: Cast) -> None:
    client = signed_in(XINGHE, cast.seats["buyer_c1"])
    former = carried(client, XINGHE.host)
    assert former.get("/orders/").status_code == 200
    assert client.post("/sign-out/").status_code == 302
    assert former.get("/orders/").status_code == 302
