"""Stopping loses nothing: what is under way ends well, what is long is handed back, and the proxy is told first."""

import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPException
from pathlib import Path

import psycopg
import pytest
from django.db import connection
from pytest_django import DjangoDbBlocker

from tests.database import create, drop
from tests.flows.little_room import ROWS
from tests.live import ROOT, LiveProduct, _free_port, database_url, environment_of
from tests.portals import XINGHE

pytestmark = pytest.mark.flows
WITHIN_S = 30
AT_ONCE = 4


@pytest.fixture(scope="module")
def database(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """A fresh copy of both brands for this module."""
    name = f"{connection.settings_dict['TEST']['NAME']}_drain"
    with django_db_blocker.unblock():
        create(name)
        yield name
        drop(name)


@pytest.fixture
def product(database: str, tmp_path: Path) -> Iterator[LiveProduct]:
    """Programs are started by ``infra.run``, as an operator starts them."""
    port = _free_port()
    told = {
        "JIUMAI_PORT": str(port),
        "JIUMAI_DRAIN_SECONDS": "2",
        "JIUMAI_STOP_SECONDS": "20",
        "JIUMAI_LOCK_TIMEOUT_MS": "20000",
        "JIUMAI_WEB_WORKERS": "1",
    }
    environment = environment_of(database, tmp_path) | told
    product = LiveProduct(port=port, database=database, environment=environment, log=tmp_path)
    try:
        yield product
    finally:
        for name in list(product.processes):
            product.stop(name)


def _run(product: LiveProduct, name: str, *further: str) -> subprocess.Popen[bytes]:
    product.start(name, sys.executable, "-m", "infra.run", name, *further)
    return product.processes[name]


@contextmanager
def _rows(database: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(database_url(database), autocommit=True) as rows:
        yield rows


def _status(product: LiveProduct, path: str) -> int:
    try:
        with product.caller(XINGHE.host) as caller:
            return caller.get(path).status
    except (OSError, HTTPException):
        return 0


def _until_status(product: LiveProduct, path: str, status: int) -> None:
    end = time.monotonic() + WITHIN_S
    while time.monotonic() < end:
        if _status(product, path) == status:
            return
        time.sleep(0.05)
    raise AssertionError(f"{path} never answered {status}:\n{(product.log / 'web.log').read_text()[-2000:]}")


def _until(rows: psycopg.Connection, question: str, answer: tuple[object, ...]) -> None:
    end = time.monotonic() + WITHIN_S
    found = None
    while time.monotonic() < end:
        found = rows.execute(question).fetchone()
        if found == answer:
            return
        time.sleep(0.1)
    raise AssertionError(f"{question}: {found}, not {answer}")


def test_requests_under_way_end_well_and_the_proxy_is_told_first(product: LiveProduct) -> None:
    web = _run(product, "web")
    _until_status(product, "/readyz", 200)
    with _rows(product.database) as other, ThreadPoolExecutor(AT_ONCE) as callers, other.transaction():
        # Whoever asks for a host nobody knows reads this table and waits for us.
        other.execute("LOCK TABLE brands_brand IN ACCESS EXCLUSIVE MODE")
        asked = [callers.submit(_status, product, f"/certificate?domain=h{n}.example") for n in range(AT_ONCE - 1)]
        with _rows(product.database) as watch:
            _until(watch, "SELECT count(*) FROM pg_locks WHERE NOT granted", (AT_ONCE - 1,))
        web.terminate()
        _until_status(product, "/readyz", 503)
        assert _status(product, "/healthz") == 200, "it still serves while the proxy turns away"
        assert web.poll() is None
        time.sleep(2.5)  # by now the signal has reached the server itself
        assert not any(answer.done() for answer in asked)
        assert _status(product, "/healthz") == 0, "nothing new is taken"
    assert [answer.result(WITHIN_S) for answer in asked] == [404] * (AT_ONCE - 1)
    assert web.wait(WITHIN_S) == 0


def test_a_long_job_is_handed_back_and_gone_on_with(product: LiveProduct) -> None:
    worker = _run(product, "worker", "--include", "tests.flows.little_room")
    job_id = _act(product, "start_counting", "t_xinghe")
    row = f"FROM t_xinghe.jobs_job WHERE id = '{job_id}'"
    with _rows(product.database) as rows:
        _until(rows, f"SELECT cursor > 3 {row}", (True,))
        worker.terminate()
        assert worker.wait(WITHIN_S) == 0
        assert rows.execute(f"SELECT status, done = cursor, done < %s, runs {row}", [ROWS]).fetchone() == (
            *("QUEUED", True, True, 1),
        )
        again = _run(product, "worker", "--include", "tests.flows.little_room")
        _until(rows, f"SELECT status, done, runs {row}", ("DONE", ROWS, 2))
        again.terminate()
        assert again.wait(WITHIN_S) == 0


def test_beat_stops_at_once_and_starts_again(product: LiveProduct) -> None:
    for _turn in range(2):
        beat = _run(product, "beat")
        log = product.log / "beat.log"
        end = time.monotonic() + WITHIN_S
        while "beat: Starting" not in log.read_text() and time.monotonic() < end:
            time.sleep(0.1)
        assert "beat: Starting" in log.read_text()
        beat.terminate()
        beat.wait(15)  # told in the middle of a tick it may have to be killed, which loses nothing: no status is asked
        log.write_text("")


def test_a_program_that_dies_by_itself_is_a_failure(product: LiveProduct) -> None:
    product.environment["JIUMAI_ENV"] = "nowhere"
    assert _run(product, "beat").wait(WITHIN_S) != 0


def _act(product: LiveProduct, *words: str) -> str:
    command = [sys.executable, "-m", "tests.flows.in_the_product", *words]
    done = subprocess.run(command, cwd=ROOT, env=product.environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout
