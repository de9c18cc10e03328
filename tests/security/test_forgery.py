"""Forms that another site sends in somebody's name, and fields that nobody's form has."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db.models import Model
from django.urls import URLPattern, URLResolver, get_resolver

from core.db.acts import public
from ordering.orders.models import Order
from tenants.access.models import Seat
from tenants.people.models import Operator, User
from tests.cast import Cast
from tests.clients import HostClient, platform_client, signed_in
from tests.factories.operators import OPS, at_desk, make_operator
from tests.factories.people import make_person
from tests.portals import XINGHE
from tests.walls.addresses import BRAND, DESK, PLATFORM, _methods

_FILLED = {"uuid": "01a204a4-3721-7313-8ef6-a24d1c865f87", "int": "1", "str": "x1", "slug": "x1", "path": "x1"}
_PLACE = re.compile(r"<(?:(\w+):)?\w+>")
WRITING = {"POST", "PUT", "PATCH", "DELETE"}


def _writing(urlconf: str) -> list[tuple[str, str]]:
    """Path and method of every address that writes, its places filled with what is nobody's."""

    def walk(patterns: list[URLPattern | URLResolver], before: str) -> Iterator[tuple[str, str]]:
        for one in patterns:
            route = before + str(one.pattern)
            if isinstance(one, URLResolver):
                yield from walk(one.url_patterns, route)
            elif not re.search(r"[(^$]", route):
                path = _PLACE.sub(lambda found: _FILLED[found[1] or "str"], route)
                yield from (("/" + path, method) for method in _methods(one) & WRITING)

    return sorted(set(walk(get_resolver(urlconf).url_patterns, "")))


def _let_through(client: HostClient, urlconf: str, **headers: str) -> list[Any]:
    found = []
    for path, method in _writing(urlconf):
        answer = client.generic(method, path, b"{}", content_type="application/json", headers=headers)
        if answer.status_code not in {403, 405}:
            found.append((method, path, answer.status_code))
    return found


@pytest.mark.parametrize("who", ["admin", "buyer_c1"])
def test_no_address_of_a_brand_takes_a_form_without_its_token(cast: Cast, who: str) -> None:
    client = signed_in(XINGHE, cast.seats[who], enforce_csrf_checks=True)
    assert len(_writing(BRAND)) > 60
    assert _let_through(client, BRAND) == []
    assert _let_through(client, BRAND, origin="https://evil.example", **{"sec-fetch-site": "cross-site"}) == []


def test_nor_one_of_the_platform_or_the_desk(cast: Cast) -> None:
    assert _let_through(platform_client(enforce_csrf_checks=True), PLATFORM) == []
    desk = at_desk(make_operator("system of the desk", "system", "security"), enforce_csrf_checks=True)
    assert desk.get("/").status_code == 200
    assert _let_through(desk, DESK) == []
    assert HostClient(OPS, enforce_csrf_checks=True).post("/sign-in/", {}).status_code == 403


def test_a_token_of_another_browser_is_none(cast: Cast) -> None:
    client = signed_in(XINGHE, cast.seats["buyer_c1"], enforce_csrf_checks=True)
    other = signed_in(XINGHE, cast.seats["buyer_c2"], enforce_csrf_checks=True)
    for one in (client, other):
        one.get("/profile/")
    theirs = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', other.get("/profile/").content.decode())
    assert theirs is not None
    assert client.post("/sign-out/", {"csrfmiddlewaretoken": theirs[1]}).status_code == 403
    assert client.get("/profile/").status_code == 200


EXTRAS: dict[str, Any] = {
    "roles": ["brand_admin"],
    "side": "brand",
    "dealer_id": 1,
    "seller_id": 1,
    "buyer_id": 1,
    "price_fen": 1,
    "amount": "0.01",
    "total_fen": 1,
    "status": "APPROVED",
    "is_operator": True,
    "is_superuser": True,
    "password": "short",
    "scope": {},
    "entitlements": ["all"],
    "version": 999,
    "id": 1,
    "pk": 1,
}


def test_an_order_takes_no_field_that_is_not_the_buyer_s_to_say(cast: Cast) -> None:
    client = signed_in(XINGHE, cast.seats["buyer_c1"])
    for name, value in EXTRAS.items():
        for body in ({name: value}, {"lines": [{"sku": "x", "quantity": 1, name: value}]}):
            headers = {"idempotency-key": f"extra-{name}"}
            answer = client.post("/api/v1/orders", json.dumps(body), content_type="application/json", headers=headers)
            assert answer.status_code in {400, 422}
            assert "body.unknown_field" in {fault["code"] for fault in answer.json()["errors"]} | {
                answer.json()["code"]
            }
    assert not Order.objects.exists()


def _unchanged(*rows: Model) -> list[dict[str, Any]]:
    return [type(row).objects.filter(pk=row.pk).values()[0] for row in rows]  # type: ignore[attr-defined]  # all have it


def test_a_page_s_form_takes_only_what_it_shows(cast: Cast) -> None:
    seat = cast.seats["buyer_c1"]
    client = signed_in(XINGHE, seat)
    person = make_person(seat.person_name)
    extras = {name: "brand_admin" if name == "roles" else str(value) for name, value in EXTRAS.items()}
    before = _unchanged(Seat.objects.get(pk=seat.pk))
    with public():
        was = User.objects.get(pk=person.pk)
    for path in ("/profile/", "/seat/", "/language/", "/account/", "/me/", "/notices/read/", "/colleagues/invite/"):
        client.post(path, {**extras, "act": "name", "name": "x", "seat": str(seat.pk), "language": "en"})
    assert _unchanged(Seat.objects.get(pk=seat.pk)) == before
    assert Seat.objects.filter(person_id=seat.person_id).count() == 1
    with public():
        now = User.objects.get(pk=person.pk)
        assert (now.password, now.phone_index, now.email_index) == (was.password, was.phone_index, was.email_index)
        assert now.is_active
        assert not Operator.objects.filter(pk=person.pk).exists()


def _words(answer: Any) -> str:
    """What a stranger reads of an answer: without what differs from one request to the next."""
    return re.sub(r'value="[^"]*"|[0-9A-Za-z]{64}|[0-9a-f]{16}', "", answer.content.decode())


@pytest.mark.parametrize(
    ("path", "fields"),
    [("/sign-in/", {"password": "not the password"}), ("/forgot/", {})],
)
def test_known_and_unknown_names_are_answered_alike(cast: Cast, path: str, fields: dict[str, str]) -> None:
    make_person("known", phone="13900139009", email="known@c1.example")
    make_person("closed", phone="13900139008")
    with public():
        User.objects.filter(name="closed").update(is_active=False)
    pairs = [("13900139009", "13900139019"), ("known@c1.example", "unknown@c1.example"), ("13900139008", "13900139018")]
    for known, unknown in pairs:
        answers = [platform_client().post(path, {**fields, "identifier": name}) for name in (known, unknown)]
        assert answers[0].status_code == answers[1].status_code
        assert _words(answers[0]) == _words(answers[1])
        assert answers[0].headers.get("Location") == answers[1].headers.get("Location")
        assert {*answers[0].cookies} == {*answers[1].cookies}
