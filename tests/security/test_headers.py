"""What every answer carries, whatever it is: page, problem, refusal, file, probe."""

import re

import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from pytest_django import Settings

from tests.cast import Cast
from tests.clients import HostClient, platform_client, signed_in, visitor
from tests.portals import XINGHE

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
NEVER = ("Server", "X-Powered-By", "X-AspNet-Version", "Access-Control-Allow-Origin")
STRICT = {
    "default-src": {"'self'"},
    "script-src": {"'self'"},
    "style-src": {"'self'"},
    "object-src": {"'none'"},
    "base-uri": {"'none'"},
    "form-action": {"'self'"},
    "frame-ancestors": {"'none'"},
}
FRAMED = "/console/settings/look/preview/"
"""The one page shown inside a frame, of the portal's own settings."""
FILMING = "/pad/scan/"
"""The one page that may ask for the camera."""
OPS = "ops.jiumai.localhost"


def _plain_addresses(urlconf: str) -> list[str]:
    """Every address without a place to fill in, as the resolver knows them."""

    def walk(patterns: list[URLPattern | URLResolver], before: str) -> list[str]:
        found = []
        for one in patterns:
            route = before + str(one.pattern)
            if isinstance(one, URLResolver):
                found += walk(one.url_patterns, route)
            elif not re.search(r"[<(^$]", route):
                found.append("/" + route)
        return found

    return sorted(set(walk(get_resolver(urlconf).url_patterns, "")))


def _policy(header: str) -> dict[str, set[str]]:
    return {words[0]: set(words[1:]) for words in (part.split() for part in header.split(";")) if words}


def _assert_armoured(client: HostClient, path: str, *, is_desk: bool = False) -> None:
    answer = client.get(path)
    where = f"{client.host}{path} ({answer.status_code})"
    assert answer.status_code < 500 or answer.status_code == 503, where
    is_framed, may_film = ((path, answer.status_code) == (one, 200) for one in (FRAMED, FILMING))
    ancestors = {"'self'"} if is_framed else {"'none'"}
    for name, value in {**ALWAYS, "X-Frame-Options": "SAMEORIGIN" if is_framed else "DENY"}.items():
        assert answer.headers.get(name) == value, f"{name} of {where}"
    assert f"camera={'(self)' if may_film else '()'}" in answer.headers["Permissions-Policy"], where
    assert not [name for name in NEVER if name in answer.headers], where
    policy = _policy(answer.headers["Content-Security-Policy"])
    if "sandbox" in policy:
        return
    assert policy["frame-ancestors"] == ancestors, where
    assert policy["object-src"] == {"'none'"}
    if not is_desk:
        assert {name: policy[name] for name in STRICT} == {**STRICT, "frame-ancestors": ancestors}, where
        assert "unsafe" not in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("who", [None, "admin", "buyer_c1"])
def test_every_address_of_a_brand(cast: Cast, who: str | None) -> None:
    options = {"raise_request_exception": False}
    client = signed_in(XINGHE, cast.seats[who], **options) if who else visitor(XINGHE, **options)
    addresses = _plain_addresses("core.project.urls_brand")
    assert len(addresses) > 40
    for path in [*addresses, "/nowhere/", "/console/nowhere/", "/api/v1/nowhere", "/static/nowhere.css"]:
        _assert_armoured(client, path)


def test_one_page_is_framed_and_one_films_for_those_alone_who_may(cast: Cast) -> None:
    admin, buyer = (signed_in(XINGHE, cast.seats[one]) for one in ("admin", "buyer_c1"))
    assert (admin.get(FRAMED).status_code, buyer.get(FILMING).status_code) == (200, 200)
    for path in (FRAMED, FILMING):
        assert visitor(XINGHE).get(path).status_code == 302
        _assert_armoured(visitor(XINGHE), path)
    assert buyer.get(FRAMED).status_code != 200
    _assert_armoured(buyer, FRAMED)


def test_every_address_of_the_platform_and_the_desk(cast: Cast) -> None:
    for path in [*_plain_addresses("core.project.urls_platform"), "/nowhere/"]:
        _assert_armoured(platform_client(raise_request_exception=False), path)
    for path in ["/", "/nowhere/", "/sign-in/"]:
        _assert_armoured(HostClient(OPS, raise_request_exception=False), path, is_desk=True)


def test_a_host_nobody_knows_and_methods_nobody_answers(cast: Cast) -> None:
    _assert_armoured(HostClient("evil.example"), "/")
    for method in ("put", "delete", "patch", "trace"):
        answer = getattr(visitor(XINGHE), method)("/orders/")
        assert answer.status_code in {302, 403, 405}
        assert answer.headers["X-Frame-Options"] == "DENY"


def test_pages_of_somebody_signed_in_are_kept_by_nobody(cast: Cast) -> None:
    client = signed_in(XINGHE, cast.seats["buyer_c1"])
    for path in ("/", "/orders/", "/cart/", "/profile/", "/api/v1/orders"):
        answer = client.get(path)
        if answer.status_code == 200:
            assert {"no-store", "private"} & set(re.split(r",\s*", answer.headers.get("Cache-Control", ""))), path


def test_cookies_under_https_are_bound_to_their_host(cast: Cast, settings: Settings) -> None:
    answer = visitor(XINGHE).get("/sign-in/")
    for cookie in answer.cookies.values():
        assert cookie["httponly"] or cookie.key == settings.LANGUAGE_COOKIE_NAME
        assert cookie["samesite"] in {"Lax", "Strict"}
        assert not cookie["domain"]


def test_other_origins_read_nothing_of_the_api(cast: Cast) -> None:
    client = signed_in(XINGHE, cast.seats["buyer_c1"])
    for origin in ("https://evil.example", "null"):
        answer = client.options("/api/v1/orders", headers={"origin": origin, "access-control-request-method": "POST"})
        assert not [name for name in answer.headers if name.lower().startswith("access-control-")]
