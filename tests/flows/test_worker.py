"""A real worker over a real broker: in the right schema, and found again after a kill."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from django.db import connection
from pytest_django import DjangoDbBlocker

from tests.database import create, drop
from tests.flows.little_room import ROWS
from tests.live import ROOT, LiveProduct, database_url, environment_of

pytestmark = pytest.mark.flows
WITHIN_S = 30


@pytest.fixture(scope="module")
def database(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """A fresh copy of both brands for this module."""
    name = f"{connection.settings_dict['TEST']['NAME']}_worker"
    with django_db_blocker.unblock():
        create(name)
        yield name
        drop(name)


@pytest.fixture
def product(database: str, tmp_path: Path) -> Iterator[LiveProduct]:
    """No web process: only what queues and what works."""
    product = LiveProduct(port=0, database=database, environment=environment_of(database, tmp_path), log=tmp_path)
    try:
        yield product
    finally:
        for name in list(product.processes):
            product.stop(name)


@contextmanager
def _rows(database: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(database_url(database), autocommit=True) as rows:
        yield rows


def _act(product: LiveProduct, *words: str) -> str:
    command = [sys.executable, "-m", "tests.flows.in_the_product", *words]
    done = subprocess.run(command, cwd=ROOT, env=product.environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def _start_worker(product: LiveProduct) -> None:
    product.start_worker("--include", "tests.flows.little_room")


def _until(rows: psycopg.Connection, question: str, answer: object) -> None:
    end = time.monotonic() + WITHIN_S
    found = None
    while time.monotonic() < end:
        found = rows.execute(question).fetchone()
        if found == answer:
            return
        time.sleep(0.1)
    raise AssertionError(f"{question}: {found}, not {answer}")


def test_a_poke_makes_a_worker_deliver_in_the_brand_alone(product: LiveProduct) -> None:
    _start_worker(product)
    _act(product, "happen", "t_xinghe", "T-1", "T-2", "T-3")
    _act(product, "happen", "t_chishui", "T-9")
    with _rows(product.database) as rows:
        _until(rows, "SELECT count(*), count(position), max(position) FROM t_xinghe.events_event", (3, 3, 3))
        for schema, names in (("t_xinghe", ["T-1", "T-2", "T-3"]), ("t_chishui", ["T-9"])):
            _until(rows, f"SELECT count(*) FROM {schema}.events_delivery", (0,))
            left = rows.execute(
                f"SELECT scope, body_digest, body->>'path' FROM {schema}.idempotency_answer ORDER BY scope"
            ).fetchall()
            assert left == [(name, schema, schema) for name in names]


def test_a_killed_worker_s_job_is_resumed_at_its_cursor(product: LiveProduct) -> None:
    _start_worker(product)
    job_id = _act(product, "start_counting", "t_xinghe")
    with _rows(product.database) as rows:
        _until(rows, f"SELECT cursor > 3 FROM t_xinghe.jobs_job WHERE id = '{job_id}'", (True,))
        product.stop("worker", number=signal.SIGKILL)
        left = rows.execute("SELECT status, done = cursor, done < %s FROM t_xinghe.jobs_job", [ROWS]).fetchone()
        assert left == ("RUNNING", True, True)
        rows.execute("UPDATE t_xinghe.jobs_job SET heartbeat_at = heartbeat_at - interval '5 minutes'")
        _start_worker(product)
        _act(product, "queue", "core.jobs.tasks.adopt_orphans")
        _until(rows, "SELECT status, done, runs FROM t_xinghe.jobs_job", ("DONE", ROWS, 2))
        assert rows.execute("SELECT result FROM t_xinghe.jobs_job").fetchone() == ({"counted": ROWS},)


def test_with_the_broker_away_everything_waits_for_the_sweep(product: LiveProduct) -> None:
    there = product.environment["REDIS_URL"]
    product.environment["REDIS_URL"] = "redis://127.0.0.1:1/0"
    began = time.monotonic()
    _act(product, "happen", "t_chishui", "T-20")
    assert time.monotonic() - began < WITHIN_S
    product.environment["REDIS_URL"] = there
    _start_worker(product)
    with _rows(product.database) as rows:
        _until(rows, "SELECT count(*) FROM t_chishui.events_delivery", (1,))
        _act(product, "queue", "core.events.tasks.sweep")
        _until(rows, "SELECT count(*) FROM t_chishui.events_delivery", (0,))
