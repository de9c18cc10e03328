"""kill -9 of beat in the middle of a beat: started again it goes on, finds what was left, and nothing is done twice."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from pytest_django import DjangoDbBlocker

from tests.flows.deaf_redis import deaf_to
from tests.flows.killing import WITHIN_S, copy_named, nothing_running, rows, run, start_beat, until
from tests.flows.little_room import ROWS
from tests.live import LiveProduct

pytestmark = pytest.mark.flows
NOBODY = "redis://127.0.0.1:1/0"
COUNTED = "SELECT status, done, runs FROM t_xinghe.jobs_job WHERE id = %s"


@pytest.fixture
def product(django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path: Path) -> Iterator[LiveProduct]:
    """A fresh copy, and nothing that runs."""
    database = f"{connection.settings_dict['TEST']['NAME']}_beat"
    with copy_named(database, django_db_blocker), nothing_running(database, tmp_path) as product:
        yield product


def orphan(product: LiveProduct) -> str:
    """A job the broker never heard of, some minutes ago."""
    job_id = run(product, "-m", "tests.flows.in_the_product", "start_counting", "t_xinghe", REDIS_URL=NOBODY)
    rows(product, "UPDATE t_xinghe.jobs_job SET created_at = created_at - interval '2 minutes' WHERE id = %s", job_id)
    return job_id


@pytest.mark.parametrize("notes", ["whole", "half-written"])
def test_beat_killed_in_the_middle_goes_on(product: LiveProduct, notes: str) -> None:
    redis = product.environment["REDIS_URL"]
    first = orphan(product)
    with deaf_to(b"core.jobs.tasks.adopt_orphans") as (url, said):
        product.environment["REDIS_URL"] = url
        start_beat(product)
        assert said.wait(WITHIN_S), (product.log / "beat.log").read_text()[-2000:]
        product.stop("beat", number=signal.SIGKILL)
    product.environment["REDIS_URL"] = redis
    if notes == "half-written":
        kept = [path for path in (product.log / "var").glob("celerybeat-schedule*") if path.stat().st_size]
        assert kept
        for path in kept:
            path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    product.start_worker("--include", "tests.flows.little_room")
    start_beat(product)
    until(product, COUNTED, [("DONE", ROWS, 1)], first)
    second = orphan(product)
    until(product, COUNTED, [("DONE", ROWS, 1)], second)
    assert rows(product, COUNTED, first) == [("DONE", ROWS, 1)]
