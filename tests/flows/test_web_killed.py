"""kill -9 of the web process while an operator opens, deletes and imports a brand: all of it happened, or nothing.

Killed in the act, nothing is left half, and the same form sent again does it once. Killed right after the commit,
before the broker heard of the job, beat finds it.
"""

import signal
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection
from pytest_django import DjangoDbBlocker

from core.db.acts import public
from core.kernel.operators import SYSTEM
from tenants.brands.models import Brand
from tenants.brands.services import create_brand, export_brand
from tests.database import connected_to
from tests.factories.operators import OPS, at_desk, make_operator
from tests.flows.deaf_redis import deaf_to
from tests.flows.killing import (
    WITHIN_S,
    assert_is_here,
    copy_named,
    held,
    nothing_running,
    rows,
    start_beat,
    until,
    until_alone,
    until_waiting,
)
from tests.live import Caller, LiveProduct, Reply, _free_port

pytestmark = pytest.mark.flows
CSRF = "b" * 32
WHEN_THE_JOB_IS_WRITTEN = "LOCK TABLE jobs_job IN SHARE MODE"
JOBS = "SELECT kind, status, runs FROM jobs_job ORDER BY kind"
ONCE_EACH: list[tuple[object, ...]] = [(f"brands.{what}", "DONE", 1) for what in ("delete", "import", "provision")]
CREATED, CHANGED = ("brands.brand_created.v1", 1), "brands.brand_state_changed.v1"
OPENED = {CREATED, ("brands.brand_opened.v1", 1)}
DELETED = {("brands.brand_exported.v1", 1), ("brands.brand_deleted.v1", 1)}
TOLD = {
    "coming": OPENED | {(CHANGED, 1)},
    "leaving": OPENED | DELETED | {(CHANGED, 2)},
    "arriving": {CREATED, ("brands.brand_imported.v1", 1)},
}


@dataclass(frozen=True)
class Desk:
    """An operator's browser, and three forms of it."""

    product: LiveProduct
    cookie: str
    leaving_id: int
    archive: bytes

    def send(self, path: str, *, archive: bytes = b"", **fields: str) -> Reply:
        """One form."""
        mark = uuid4().hex
        told = fields | {"csrfmiddlewaretoken": CSRF}
        parts = [f'Content-Disposition: form-data; name="{name}"\r\n\r\n{text}'.encode() for name, text in told.items()]
        if archive:
            head = 'Content-Disposition: form-data; name="archive"; filename="arriving.zip"\r\n'
            parts.append(f"{head}Content-Type: application/zip\r\n\r\n".encode() + archive)
        body = b"".join(b"--" + mark.encode() + b"\r\n" + part + b"\r\n" for part in parts)
        headers = {"Content-Type": f"multipart/form-data; boundary={mark}"}
        with Caller(self.product.port, OPS, cookie=self.cookie) as caller:
            return caller.send("POST", path, body + f"--{mark}--\r\n".encode(), headers=headers)

    def open(self) -> Reply:
        """A new brand."""
        return self.send("/brands/brand/deed/open/", slug="coming", name="新河酒业", currency="CNY", language="zh-hans")

    def delete(self) -> Reply:
        """A brand that leaves."""
        return self.send(f"/brands/brand/{self.leaving_id}/deed/delete/", slug="leaving", reason="合同到期")

    def take_in(self) -> Reply:
        """A brand that comes from another server."""
        return self.send("/brands/brand/deed/import/", archive=self.archive)

    def all_at_once(self, pool: ThreadPoolExecutor) -> list[Future[Reply]]:
        """The three of them."""
        return [pool.submit(form) for form in (self.open, self.delete, self.take_in)]


@pytest.fixture(scope="module")
def archive(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A brand of another server."""
    place = tmp_path_factory.mktemp("archive") / "arriving.zip"
    name = f"{connection.settings_dict['TEST']['NAME']}_there"
    with copy_named(name, django_db_blocker), connected_to(name), place.open("w+b") as target:
        create_brand(slug="arriving", name="远河酒业")
        export_brand(actor=None, slug="arriving", target=target)
    return place


@pytest.fixture
def desk(archive: Path, django_db_blocker: DjangoDbBlocker, tmp_path: Path) -> Iterator[Desk]:
    """A fresh database with a brand that leaves, and an operator; nothing runs yet."""
    database = f"{connection.settings_dict['TEST']['NAME']}_web"
    port = str(_free_port())
    with copy_named(database, django_db_blocker):
        with connected_to(database):
            create_brand(slug="leaving", name="旧河酒业")
            client = at_desk(make_operator("运维甲", SYSTEM))
            with public():
                leaving_id = Brand.objects.get(slug="leaving").pk
        cookie = f"{settings.DESK_COOKIE_NAME}={client.cookies[settings.DESK_COOKIE_NAME].value}; jmc={CSRF}"
        with nothing_running(database, tmp_path, JIUMAI_PORT=port) as product:
            yield Desk(product, cookie, leaving_id, archive.read_bytes())


def assert_cut_off(asked: list[Future[Reply]]) -> None:
    """None of them was ever answered."""
    for one in asked:
        with pytest.raises((OSError, HTTPException)):
            one.result()


def assert_done(desk: Desk, archive: Path) -> None:
    """One opened, one deleted, one taken in; the web process, started again, knows it."""
    product = desk.product
    states = "SELECT slug, state FROM brands_brand WHERE slug IN ('coming', 'leaving', 'arriving') ORDER BY slug"
    assert rows(product, states) == [("arriving", "ACTIVE"), ("coming", "ACTIVE"), ("leaving", "DELETED")]
    written = "SELECT kind, count(*) FROM events_event WHERE aggregate_id = %s AND kind LIKE 'brands.%%' GROUP BY kind"
    for slug, told in TOLD.items():
        assert set(rows(product, written, slug)) == told, slug
    assert rows(product, "SELECT count(*) FROM files_storedfile WHERE name LIKE 'leaving.%%'") == [(1,)]
    assert rows(product, "SELECT nspname FROM pg_namespace WHERE nspname = 't_leaving'") == []
    assert rows(product, "SELECT code FROM t_coming.dealers_dealer") == [("ROOT",)]
    assert_is_here(product.database, archive, "arriving", hosts=1, portals=0)
    answered = {"coming": 200, "leaving": 404, "arriving": 200}
    for slug, status in answered.items():
        with product.caller(f"{slug}.{settings.BASE_DOMAIN}") as caller:
            assert caller.get("/sign-in/").status == status, slug


def test_killed_in_the_act_nothing_is_left_half(desk: Desk, archive: Path) -> None:
    product = desk.product
    before = rows(product, "SELECT count(*) FROM events_event")
    with ThreadPoolExecutor(3) as pool, held(product, WHEN_THE_JOB_IS_WRITTEN):
        product.start_web(workers=1)
        asked = desk.all_at_once(pool)
        until_waiting(product, 3)
        product.stop("web", number=signal.SIGKILL)
        assert_cut_off(asked)
    until_alone(product)
    assert rows(product, "SELECT 1 FROM brands_brand WHERE slug IN ('coming', 'arriving')") == []
    assert rows(product, "SELECT state FROM brands_brand WHERE slug = 'leaving'") == [("ACTIVE",)]
    for table in ("jobs_job", "files_storedfile"):
        assert rows(product, f"SELECT count(*) FROM {table}") == [(0,)], table
    assert rows(product, "SELECT count(*) FROM events_event") == before

    product.start_web(workers=1)
    ways = [form() for form in (desk.open, desk.delete, desk.take_in)]
    assert [way.status for way in ways] == [302, 302, 302], ways
    for form, way in ((desk.open, ways[0]), (desk.delete, ways[1])):
        assert form().headers["location"] == way.headers["location"], "pressed twice, it is the same job"
    product.start_worker()
    until(product, JOBS, ONCE_EACH)
    assert_done(desk, archive)


def test_killed_before_the_broker_heard_the_jobs_are_found(desk: Desk, archive: Path) -> None:
    product, redis = desk.product, desk.product.environment["REDIS_URL"]
    with ThreadPoolExecutor(3) as pool, deaf_to(b"core.jobs.tasks.run") as (url, said):
        product.environment["REDIS_URL"] = url
        product.start_web(workers=1)
        with held(product, WHEN_THE_JOB_IS_WRITTEN):  # all three come to their commit together
            asked = desk.all_at_once(pool)
            until_waiting(product, 3)
        assert said.wait(WITHIN_S)
        until(product, "SELECT count(*) FROM jobs_job", [(3,)])
        product.stop("web", number=signal.SIGKILL)
        for one in asked:
            one.exception()
    product.environment["REDIS_URL"] = redis
    until_alone(product)
    assert {status for _kind, status, _runs in rows(product, JOBS)} == {"QUEUED"}
    rows(product, "UPDATE jobs_job SET created_at = created_at - interval '2 minutes'")
    product.start_worker()
    start_beat(product)
    product.start_web(workers=1)
    until(product, JOBS, ONCE_EACH)
    assert_done(desk, archive)
