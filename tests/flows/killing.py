"""Holding a process at a place by a lock of ours, killing it there, and looking at what is left."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from celery import Celery
from pytest_django import DjangoDbBlocker

from core.db import rows as db_rows
from core.db.acts import brand_schema, public
from core.project.settings import env
from core.project.soundness import faults
from tenants.brands.archive import Reader
from tenants.brands.models import Brand, SchemaState
from tests.database import connected_to, create, drop
from tests.live import ROOT, LiveProduct, database_url, environment_of

WITHIN_S = 120
PATIENCE = {"JIUMAI_LOCK_TIMEOUT_MS": "120000"}
"""Whoever is held by us waits, and does not turn back as busy."""
STATE = "SELECT status, done, runs FROM jobs_job WHERE id = %s"
_WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND wait_event_type = 'Lock'"
_CONNECTED = (
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = %s AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
)


@contextmanager
def copy_named(name: str, blocker: DjangoDbBlocker) -> Iterator[str]:
    """A fresh copy of the test database, dropped after."""
    with blocker.unblock():
        create(name)
        yield name
        drop(name)


@contextmanager
def nothing_running(database: str, log: Path, **environment: str) -> Iterator[LiveProduct]:
    """The product with no process of its yet; all that were started are stopped after."""
    told = environment_of(database, log) | PATIENCE | environment
    product = LiveProduct(port=int(told.get("JIUMAI_PORT", "0")), database=database, environment=told, log=log)
    try:
        yield product
    finally:
        for name in list(product.processes):
            product.stop(name, number=signal.SIGKILL)  # nothing of it is looked at any more


@contextmanager
def held(product: LiveProduct, statement: str, slug: str = "") -> Iterator[psycopg.Connection]:
    """Hold whoever comes to this place, until the block ends."""
    with psycopg.connect(database_url(product.database)) as holder:
        holder.execute(statement.format(slug=slug, schema=f"t_{slug}"))
        yield holder
        holder.rollback()


def rows(product: LiveProduct, question: str, *parameters: object) -> list[tuple[object, ...]]:
    """What the database holds now; statements without an answer are done too."""
    with psycopg.connect(database_url(product.database), autocommit=True) as own:
        answered = own.execute(question, parameters)
        return answered.fetchall() if answered.description else []


def until(product: LiveProduct, question: str, answer: list[tuple[object, ...]], *parameters: object) -> None:
    """Wait for the answer."""
    end = time.monotonic() + WITHIN_S
    found: list[tuple[object, ...]] = []
    while time.monotonic() < end:
        found = rows(product, question, *parameters)
        if found == answer:
            return
        time.sleep(0.02)
    raise AssertionError(f"{question}: {found}, not {answer}; {product.log}")


def until_waiting(product: LiveProduct, count: int = 1) -> None:
    """Wait until so many stand before our lock."""
    until(product, _WAITING, [(count,)], product.database)


def until_alone(product: LiveProduct) -> None:
    """Wait until the server has noticed that those who were killed are gone, and has undone what they left open."""
    until(product, _CONNECTED, [(0,)], product.database)


def run(product: LiveProduct, *words: str, **environment: str) -> str:
    """Run a program of the product to its end; what it prints."""
    done = subprocess.run(
        [sys.executable, *words],
        cwd=ROOT,
        env=product.environment | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def queue(product: LiveProduct, task: str) -> None:
    """Send what beat sends."""
    broker_url = env.celery_broker(product.environment["REDIS_URL"])
    with Celery(broker=broker_url, set_as_current=False) as app:
        app.send_task(task, queue=product.environment["JIUMAI_QUEUE"], headers={"_schema_name": "public"})


def adopt(product: LiveProduct, job_id: str, schema: str = "public") -> None:
    """Let three minutes go by for a job whose worker was killed, and have it looked for."""
    rows(
        product,
        f"UPDATE {schema}.jobs_job SET heartbeat_at = heartbeat_at - interval '5 minutes' WHERE id = %s",
        job_id,
    )
    queue(product, "core.jobs.tasks.adopt_orphans")


def assert_is_here(database: str, archive: Path, slug: str, *, hosts: int, portals: int) -> None:
    """The brand of the archive stands with every row of it, open and sound."""
    with connected_to(database), archive.open("rb") as content, Reader(content) as found:
        counted = {table: db_rows.counted(f"t_{slug}", table) for table in found.manifest.rows}
        assert counted == found.manifest.rows
        with brand_schema(f"t_{slug}"):
            assert faults() == []
        with public():
            brand = Brand.objects.get(slug=slug)
            assert (brand.state, brand.domains.count(), brand.portals.count()) == ("ACTIVE", hosts, portals)
            assert SchemaState.objects.get(pk=f"t_{slug}").status == "CURRENT"


def forget(product: LiveProduct, slug: str) -> None:
    """Let a brand never have been here."""
    of_brand = "IN (SELECT id FROM brands_brand WHERE slug = %s)"
    rows(product, f'DROP SCHEMA IF EXISTS "t_{slug}" CASCADE')
    rows(product, "DELETE FROM brands_schemastate WHERE schema_name = 't_' || %s", slug)
    rows(product, f"DELETE FROM brands_portal WHERE brand_id {of_brand}", slug)
    rows(product, f"DELETE FROM brands_domain WHERE tenant_id {of_brand}", slug)
    rows(product, "DELETE FROM brands_brand WHERE slug = %s", slug)


def celery_of(product: LiveProduct) -> tuple[str, ...]:
    """The words that start Celery."""
    return ("env", "JIUMAI_POOL=0", str(Path(sys.executable).parent / "celery"), "-A", "core.project.celery")


def start_beat(product: LiveProduct) -> None:
    """Start beat with the product's schedule at a quicker pace (``beating_settings``)."""
    (product.log / "var").mkdir(exist_ok=True)  # beat keeps its notes there, and dies of a folder that is not
    words = (*celery_of(product), "beat", "--pidfile=", "--loglevel", "INFO")
    product.start("beat", "env", "DJANGO_SETTINGS_MODULE=tests.flows.beating_settings", *words)
