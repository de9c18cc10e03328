"""Nobody is led to a host that is not ours: not by a link that was sent to them, not by a header."""

from urllib.parse import urlsplit

import pytest
from django.core.cache import caches

from tests.cast import Cast
from tests.clients import HostClient, signed_in, visitor
from tests.factories.people import PASSWORD, make_person
from tests.portals import XINGHE

PHONE = "13900139009"
ELSEWHERE = [
    "https://evil.example/",
    "//evil.example/",
    "///evil.example/",
    "/\\evil.example/",
    "\\\\evil.example/",
    "https:evil.example",
    "https:///evil.example/",
    "http:/\\evil.example/",
    "\t//evil.example/",
    "\n//evil.example/",
    " //evil.example/",
    "/\t/evil.example/",
    "javascript:alert(1)",
    "data:text/html,x",
    "//xinghe.jiumai.localhost@evil.example/",
    "//xinghe.jiumai.localhost.evil.example/",
    "https://xinghe.jiumai.localhost@evil.example/",
    "/%0d%0aLocation:%20https://evil.example/",
    "/\r\nLocation: https://evil.example/",
    "evil.example",
    "@evil.example",
    "//[::1]/",
]


def _assert_stays(client: HostClient, location: str) -> None:
    """Where a browser goes, as browsers read it: backslashes are slashes, tabs and breaks are nothing."""
    read = location.strip().replace("\\", "/")
    for nothing in ("\t", "\r", "\n"):
        read = read.replace(nothing, "")
    parts = urlsplit(read)
    assert parts.scheme in {"", "http", "https"}
    assert parts.netloc in {"", client.host}, location
    assert not read.startswith("//")
    assert "\r" not in location and "\n" not in location


def test_after_signing_in(cast: Cast) -> None:
    seat = cast.seats["buyer_c1"]
    make_person(seat.person_name, phone=PHONE)
    for target in ELSEWHERE:
        for in_the_form in (True, False):
            client = visitor(XINGHE)
            caches["shared"].clear()  # so many people signing in from one address would be asked to wait
            fields = {"identifier": PHONE, "password": PASSWORD} | ({"next": target} if in_the_form else {})
            answer = client.post("/sign-in/", fields, query_params={} if in_the_form else {"next": target})
            assert answer.status_code == 302
            _assert_stays(client, answer["Location"])


@pytest.mark.parametrize("path", ["/sign-in/", "/seat/", "/enter/", "/profile/second-factor/", "/sign-in/code/"])
def test_for_somebody_signed_in(cast: Cast, path: str) -> None:
    client = signed_in(XINGHE, cast.seats["buyer_c1"])
    for target in ELSEWHERE:
        answer = client.get(path, {"next": target})
        if answer.has_header("Location"):
            _assert_stays(client, answer["Location"])
        else:
            page = answer.content.decode()
            assert not [word for word in ("//evil", "https://evil", "javascript:") if f'href="{word}' in page]


@pytest.mark.parametrize("path", ["/language/", "/seat/", "/products/cart/"])
def test_after_a_form(cast: Cast, path: str) -> None:
    client = signed_in(XINGHE, cast.seats["buyer_c1"])
    for target in ELSEWHERE:
        answer = client.post(path, {"next": target, "language": "en", "seat": str(cast.seats["buyer_c1"].pk)})
        if answer.has_header("Location"):
            _assert_stays(client, answer["Location"])


def test_by_the_page_somebody_came_from(cast: Cast) -> None:
    client = visitor(XINGHE)
    for target in (target.strip() for target in ELSEWHERE if target.strip().isprintable()):
        tricks = {"referer": target, "hx-request": "true", "hx-current-url": target}
        for method, path in (("POST", "/checkout/"), ("GET", "/orders/")):
            answer = client.generic(method, path, headers=tricks)
            for name in ("Location", "HX-Redirect", "HX-Location"):
                if answer.has_header(name):
                    _assert_stays(client, answer[name])


@pytest.mark.parametrize(
    "path", ["//evil.example", "//evil.example/..", "/%2f/evil.example", "/\\evil.example", "/orders"]
)
def test_by_a_missing_slash(cast: Cast, path: str) -> None:
    client = signed_in(XINGHE, cast.seats["buyer_c1"])
    answer = client.generic("GET", path)
    if answer.has_header("Location"):
        _assert_stays(client, answer["Location"])
