"""Signing in in two steps, and the brand that asks its staff for it."""

from datetime import timedelta
from typing import Any

import pyotp
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoCaptureOnCommitCallbacks

from core.db.acts import public
from core.kernel import clock
from tenants.access.second_factor import OPEN_PAGES
from tenants.brands.hosts import tell
from tenants.brands.models import Brand
from tenants.people.models import SignIn, User
from tenants.people.selectors import factor_state
from tenants.people.services import begin_totp, confirm_totp
from tests.cast import Cast
from tests.clients import HostClient, platform_client, signed_in, visitor
from tests.factories.people import PASSWORD, make_person
from tests.portals import TestPortal
from tests.sessions import token_for
from tests.walls.addresses import addresses

PHONE = "+8613806414471"


def code_of(secret: str, *, seconds: int = 0) -> str:
    return pyotp.TOTP(secret).at(clock.now() + timedelta(seconds=seconds))


@pytest.fixture
def admin(cast: Cast) -> User:
    return make_person(cast.admin.person_name, phone=PHONE, email="admin@example.com")


class Sheet:
    """Somebody's secret and recovery codes."""

    def __init__(self, person: User) -> None:
        with clock.at(clock.now() - timedelta(minutes=5)):
            begin_totp(person_id=person.pk)
            self.secret = factor_state(person.pk).secret
            self.codes = confirm_totp(person_id=person.pk, code=code_of(self.secret))


@pytest.fixture
def sheet(admin: User) -> Sheet:
    return Sheet(admin)


@pytest.fixture
def strict(cast: Cast) -> None:
    """The brand asks its staff for a second factor."""
    with public():
        brand = Brand.objects.get(schema_name=cast.portal.schema)
        brand.requires_second_factor = True
        brand.save(update_fields=["requires_second_factor"])
        tell(brand)


def password(client: HostClient, **more: str) -> Any:
    return client.post("/sign-in/", {"identifier": PHONE, "password": PASSWORD, **more})


def code(client: HostClient, text: str, **more: str) -> Any:
    return client.post("/sign-in/code/", {"code": text, **more})


def test_the_password_alone_signs_nobody_in(cast: Cast, admin: User, sheet: Sheet) -> None:
    client = visitor(cast.portal)
    client.get("/sign-in/")
    answer = password(client, next="/console/orders/")
    assert answer["Location"] == "/sign-in/code/?next=%2Fconsole%2Forders%2F"
    assert client.get("/console/")["Location"] == "/sign-in/?next=/console/"
    assert client.get("/profile/").status_code == 302
    page = client.get("/sign-in/code/").content.decode()
    assert 'autocomplete="one-time-code"' in page
    assert "1380641" not in page


def test_the_code_signs_in_with_a_new_key_at_each_step(cast: Cast, admin: User, sheet: Sheet) -> None:
    client = visitor(cast.portal)
    client.cookies["jm"] = "planted-key"
    password(client)
    half_way = client.cookies["jm"].value
    answer = code(client, f" {code_of(sheet.secret)[:3]} {code_of(sheet.secret)[3:]} ", next="/console/orders/")
    assert answer["Location"] == "/console/orders/"
    assert len({"planted-key", half_way, client.cookies["jm"].value}) == 3
    assert client.get("/console/").status_code == 200
    with public():
        assert SignIn.objects.get().second_factor_at is not None
    client.cookies["jm"] = half_way
    assert client.get("/console/").status_code == 302, "the half-way key opens nothing"


def test_a_recovery_code_signs_in_too(cast: Cast, sheet: Sheet) -> None:
    client = visitor(cast.portal)
    password(client)
    assert code(client, sheet.codes[0].lower(), way="recovery")["Location"] == "/console/"
    other = visitor(cast.portal)
    password(other)
    again = code(other, sheet.codes[0], way="recovery")
    assert again.status_code == 422
    assert '<details class="fold" open>' in again.content.decode()


def test_the_platform_asks_for_it_too(cast: Cast, sheet: Sheet) -> None:
    client = platform_client()
    assert password(client)["Location"] == "/sign-in/code/"
    assert code(client, code_of(sheet.secret))["Location"] == "/portals/"


def test_a_wrong_code_is_refused_beside_the_field_and_kept(cast: Cast, sheet: Sheet) -> None:
    client = visitor(cast.portal)
    password(client)
    answer = code(client, "000 001")
    assert answer.status_code == 422
    assert "验证码不对" in answer.content.decode()
    assert 'value="000 001"' in answer.content.decode()
    for _ in range(4):
        code(client, "000001")
    assert code(client, code_of(sheet.secret)).status_code == 429


def test_ten_minutes_and_a_changed_password_end_the_half_way(cast: Cast, admin: User, sheet: Sheet) -> None:
    late, changed = visitor(cast.portal), visitor(cast.portal)
    password(late)
    password(changed)
    with clock.at(clock.now() + timedelta(minutes=11)):
        answer = code(late, code_of(sheet.secret))
    assert answer["Location"] == "/sign-in/"
    assert "时间过长" in late.get("/sign-in/").content.decode()
    with public():
        admin.refresh_from_db()
        admin.set_password("another long password")
        admin.save()
    assert code(changed, code_of(sheet.secret))["Location"] == "/sign-in/"


def test_whoever_opens_the_second_step_without_the_first_is_led_to_it(cast: Cast) -> None:
    client = visitor(cast.portal)
    assert client.get("/sign-in/code/?next=/orders/")["Location"] == "/sign-in/?next=%2Forders%2F"
    assert code(client, "123456")["Location"] == "/sign-in/"


def test_someone_without_a_seat_is_told_so_after_the_code_only(cast: Cast, chishui: TestPortal, sheet: Sheet) -> None:
    client = visitor(chishui)
    assert password(client)["Location"] == "/sign-in/code/"
    assert code(client, code_of(sheet.secret))["Location"] == "/sign-in/"
    assert "赤水河酒业" in client.get("/sign-in/").content.decode()


def test_a_strict_brand_leads_its_staff_to_set_it_up_before_anything_else(
    cast: Cast, admin: User, strict: None
) -> None:
    client = visitor(cast.portal)
    password(client)
    answer = client.get("/console/orders/?q=1")
    assert answer["Location"] == "/profile/second-factor/?next=%2Fconsole%2Forders%2F%3Fq%3D1"
    assert client.post("/console/orders/", {}).status_code == 302
    fragment = client.get("/console/orders/", headers={"HX-Request": "true"})
    assert (fragment.status_code, fragment["HX-Redirect"]) == (403, "/profile/second-factor/")
    program = client.get("/api/v1/orders")
    assert (program.status_code, program.json()["code"]) == (403, "people.second_factor_needed")
    assert client.get("/no/such/page/").status_code == 404


def test_setting_it_up_opens_the_strict_brand_in_the_same_session(cast: Cast, admin: User, strict: None) -> None:
    client = visitor(cast.portal)
    password(client)
    address = "/profile/second-factor/"
    assert "杏禾酒业" in client.get(address).content.decode()
    client.post(address, {"act": "begin", "next": "/console/orders/"})
    page = client.get(address + "?next=/console/orders/").content.decode()
    assert "<svg" in page
    secret = factor_state(admin.pk).secret
    sheet = client.post(address, {"act": "confirm", "code": code_of(secret), "next": "/console/orders/"})
    assert sheet.status_code == 200
    assert sheet["Cache-Control"].count("no-store") == 1
    assert sheet.content.decode().count('class="code"') == 10
    assert 'href="/console/orders/"' in sheet.content.decode()
    assert client.get("/console/orders/").status_code == 200


def test_staff_who_have_it_but_came_without_are_asked_for_a_code(cast: Cast, admin: User, strict: None) -> None:
    client = visitor(cast.portal)
    password(client)
    sheet = Sheet(admin)
    assert client.get("/console/").status_code == 302
    answer = client.post(
        "/profile/second-factor/", {"act": "prove", "code": code_of(sheet.secret), "next": "/console/"}
    )
    assert answer["Location"] == "/console/"
    assert client.get("/console/").status_code == 200


def test_a_strict_brand_asks_its_dealers_nothing(cast: Cast, strict: None) -> None:
    make_person(cast.buyer_c1.person_name, phone=PHONE)
    client = visitor(cast.portal)
    assert password(client)["Location"] == "/"
    assert client.get("/orders/").status_code == 200


def test_tokens_go_on_in_a_strict_brand(cast: Cast, strict: None) -> None:
    token = token_for(cast.seats["sales_admin"])
    answer = visitor(cast.portal).get("/api/v1/orders", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 200


def test_the_administrator_asks_for_it_on_the_settings_page(
    cast: Cast, admin: User, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    client = visitor(cast.portal)
    password(client)
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post("/console/settings/", {"act": "safety", "requires_second_factor": "on"})
    assert answer["Location"] == "/console/settings/"
    assert client.get("/console/settings/")["Location"].startswith("/profile/second-factor/")


def test_the_pages_that_stay_open_exist() -> None:
    assert {address.name for address in addresses()} >= OPEN_PAGES


def test_the_check_costs_no_query(cast: Cast, admin: User, strict: None) -> None:
    client = signed_in(cast.portal, cast.seats["admin"])
    counts = []
    for is_proved in (False, True):
        session = client.session
        session["factor"] = is_proved
        with public():
            session.save()
        client.get("/profile/second-factor/" if not is_proved else "/console/orders/")
        with CaptureQueriesContext(connection) as queries:
            answer = client.get("/console/orders/")
        assert answer.status_code == (200 if is_proved else 302)
        counts.append(len([query for query in queries if not query["sql"].startswith("SET ")]))
    assert counts[0] == 1, "the seat, and nothing else"
