"""A host names its brand; the search path is that brand's alone and public again after every answer."""

from typing import Any

import pytest
from django.core.cache import caches
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from core.db.acts import connection, public
from tenants.brands.models import Brand
from tenants.brands.rules import record_value
from tenants.brands.services import add_domain, change_state, check_domain, remove_domain
from tests.cast import Cast
from tests.clients import HostClient, platform_client, visitor
from tests.portals import TestPortal

Capture = DjangoCaptureOnCommitCallbacks
SHOWN: list[str] = []


def shown(_name: str) -> list[str]:
    """What the zone holds."""
    return SHOWN


def test_a_brands_host_sees_its_schema_alone(xinghe: TestPortal) -> None:
    assert visitor(xinghe).get("/schema/").content == b"t_xinghe"


def test_a_streamed_answer_sees_it_to_the_end(xinghe: TestPortal) -> None:
    answer = visitor(xinghe).get("/streamed/")
    connection.set_schema_to_public()
    assert answer.getvalue() == b"t_xinghe\n" * 3
    assert connection.schema_name == "public"


@pytest.mark.parametrize("path", ["/schema/", "/bug/", "/refuse/missing/", "/nowhere/", "/streamed/"])
def test_the_path_is_public_after_every_answer(xinghe: TestPortal, path: str) -> None:
    seen: list[str] = []

    class Watching(HostClient):
        def request(self, **request: Any) -> Any:
            answer = super(HostClient, self).request(**request)
            seen.append(str(connection.schema_name))
            return answer

    Watching(xinghe.host, raise_request_exception=False).get(path)
    connection.set_schema_to_public()
    assert seen == ["public"]


@pytest.mark.parametrize(
    "host", ["nobody.jiumai.localhost", "evil.example", "t_xinghe", "xinghe.jiumai.localhost.evil"]
)
def test_an_unknown_host_is_not_there(xinghe: TestPortal, host: str) -> None:
    assert HostClient(host).get("/me/").status_code == 404


def test_an_impossible_host_is_not_there(xinghe: TestPortal) -> None:
    assert HostClient("a b/c").get("/me/").status_code == 404


@pytest.mark.parametrize(
    "host", ["XINGHE.jiumai.localhost", "xinghe.jiumai.localhost:8000", "xinghe.jiumai.localhost."]
)
def test_a_host_is_known_in_every_spelling(xinghe: TestPortal, host: str) -> None:
    assert HostClient(host).get("/schema/").content == b"t_xinghe"


def test_health_answers_on_any_host(xinghe: TestPortal) -> None:
    for host in (xinghe.host, "jiumai.localhost", "10.0.0.7", "evil.example"):
        assert HostClient(host).get("/healthz").content == b"ok\n"
        assert HostClient(host).get("/readyz").json() == {"status": "ok", "database": "ok", "redis": "ok"}


def test_a_suspended_brand_gets_a_calm_page_at_once(
    xinghe: TestPortal, django_capture_on_commit_callbacks: Capture
) -> None:
    client = visitor(xinghe, raise_request_exception=False)
    assert client.get("/schema/").status_code == 200  # now it is in the cache
    with django_capture_on_commit_callbacks(execute=True):
        change_state(slug="xinghe", state=Brand.State.SUSPENDED)
    page, problem = client.get("/me/"), client.get("/api/v1/echo")
    assert (page.status_code, problem.status_code) == (503, 503)
    assert "杏禾酒业" in page.content.decode()
    assert problem.json()["code"] == "brand.suspended"
    with django_capture_on_commit_callbacks(execute=True):
        change_state(slug="xinghe", state=Brand.State.ACTIVE)
    assert client.get("/schema/").status_code == 200


def test_a_reader_who_was_late_does_not_undo_a_suspension(
    xinghe: TestPortal, django_capture_on_commit_callbacks: Capture
) -> None:
    """The reader read ACTIVE, the verb wrote SUSPENDED over the cache, then the reader fills the gap it had seen."""
    visitor(xinghe).get("/schema/")
    stale = caches["shared"].get(f"host:{xinghe.host}")
    caches["shared"].clear()
    with django_capture_on_commit_callbacks(execute=True):
        change_state(slug="xinghe", state=Brand.State.SUSPENDED)
    caches["shared"].add(f"host:{xinghe.host}", stale, 60)
    assert visitor(xinghe).get("/schema/").status_code == 503


def test_a_read_only_brand_lets_nobody_write(cast: Cast, django_capture_on_commit_callbacks: Capture) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        change_state(slug="xinghe", state=Brand.State.READ_ONLY)
    client = cast.client(cast.sales_admin)
    assert client.get("/me/").status_code == 200
    with public():
        assert Brand.objects.get(slug="xinghe").state == "READ_ONLY"


def test_a_new_host_answers_at_once_and_a_removed_one_no_more(
    xinghe: TestPortal, django_capture_on_commit_callbacks: Capture, settings: Settings
) -> None:
    own = HostClient("order.example.com")
    assert own.get("/schema/").status_code == 404  # and that is in the cache now
    settings.TXT_RESOLVER = f"{__name__}.shown"
    claimed = add_domain(actor=None, slug="xinghe", host="Order.Example.com.")
    SHOWN.append(record_value(claimed.challenge))
    assert own.get("/schema/").status_code == 404  # nobody has shown that it is theirs
    with django_capture_on_commit_callbacks(execute=True):
        check_domain(actor=None, slug="xinghe", host="order.example.com")
    assert own.get("/schema/").content == b"t_xinghe"
    with django_capture_on_commit_callbacks(execute=True):
        remove_domain(actor=None, slug="xinghe", host="order.example.com")
    assert own.get("/schema/").status_code == 404


def test_the_platforms_host_has_no_brand(xinghe: TestPortal) -> None:
    assert platform_client().get("/").status_code == 200
    assert HostClient("www.jiumai.localhost").get("/").status_code == 200
