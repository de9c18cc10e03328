"""kill -9 of a worker in the middle of somebody's table: the next one ends it, and every row is there once."""

import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import connection
from pytest_django import DjangoDbBlocker

from tests.core.catalogue.sheets import HEAD, SECOND, changed, xlsx
from tests.flows.killing import adopt, copy_named, held, nothing_running, rows, run, until, until_alone, until_waiting
from tests.live import LiveProduct

pytestmark = pytest.mark.flows
PRODUCTS = 2000
STATE = "SELECT status, total, done, failed, runs FROM t_xinghe.jobs_job WHERE id = %s"
AT_THE_PRODUCTS = "LOCK TABLE t_xinghe.catalogue_sku IN SHARE MODE"
AT_THE_REPORT = "LOCK TABLE t_xinghe.jobs_job IN SHARE MODE"
AT_THE_END = "SELECT pg_advisory_xact_lock(41001)"
STANDS_AT_THE_REPORT = """
SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 't_xinghe.jobs_job'::regclass
"""
WAIT_AT_THE_END = (
    """
CREATE FUNCTION t_xinghe.wait_at_the_end() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN PERFORM pg_advisory_xact_lock(41001); RETURN NEW; END $$
""",
    """
CREATE TRIGGER wait_at_the_end BEFORE UPDATE ON t_xinghe.jobs_job FOR EACH ROW WHEN (NEW.status = 'DONE')
EXECUTE FUNCTION t_xinghe.wait_at_the_end()
""",
)
SUMS = """
SELECT count(*), count(DISTINCT code), count(DISTINCT name), min(version), max(version) FROM t_xinghe.catalogue_sku
"""


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A catalogue of two thousand products."""
    place = tmp_path_factory.mktemp("table") / "products.xlsx"
    lines = [changed(SECOND, 货号=f"FJ-QX-530-0475-NV-12-{n:05d}", 品名=f"玻汾{n:05d}") for n in range(PRODUCTS)]
    place.write_bytes(xlsx(HEAD, *lines))
    return place


@pytest.fixture
def product(django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path: Path) -> Iterator[LiveProduct]:
    """A fresh copy, and nothing that runs."""
    database = f"{connection.settings_dict['TEST']['NAME']}_tables"
    with copy_named(database, django_db_blocker), nothing_running(database, tmp_path) as product:
        yield product


def killed_before_the_rows(product: LiveProduct, table: Path) -> str:
    """Nothing is written yet."""
    with held(product, AT_THE_PRODUCTS):
        job_id = begun(product, table)
        product.stop("worker", number=signal.SIGKILL)
    return job_id


def killed_before_the_report(product: LiveProduct, table: Path) -> str:
    """Every row is written and the report is not: they stand together or not at all."""
    with held(product, AT_THE_PRODUCTS) as holder:
        job_id = begun(product, table)
        with held(product, AT_THE_REPORT):
            holder.rollback()
            until(product, STANDS_AT_THE_REPORT, [(1,)])
            product.stop("worker", number=signal.SIGKILL)
    return job_id


def killed_after_it(product: LiveProduct, table: Path) -> str:
    """Rows and report are committed, and only the end is not."""
    for statement in WAIT_AT_THE_END:
        rows(product, statement)
    with held(product, AT_THE_END):
        job_id = begun(product, table)
        product.stop("worker", number=signal.SIGKILL)
    return job_id


def begun(product: LiveProduct, table: Path) -> str:
    """A worker has taken the table up and stands before our lock; the job's id."""
    product.start_worker()
    job_id = run(product, "-m", "tests.flows.in_the_product", "import_products", "t_xinghe", str(table))
    until_waiting(product)
    return job_id


@pytest.mark.parametrize(
    ("kill", "left"),
    [(killed_before_the_rows, 0), (killed_before_the_report, 0), (killed_after_it, PRODUCTS)],
    ids=["before the rows", "before their report", "after it"],
)
def test_every_row_is_there_once(
    product: LiveProduct, table: Path, kill: Callable[[LiveProduct, Path], str], left: int
) -> None:
    job_id = kill(product, table)
    until_alone(product)
    assert rows(product, "SELECT count(*) FROM t_xinghe.catalogue_sku") == [(left,)]
    # The server does the one statement it was already told, though nobody waits for its answer any more.
    assert rows(product, STATE, job_id) == [("RUNNING", PRODUCTS, left, 0, 1)]
    product.start_worker()
    adopt(product, job_id, schema="t_xinghe")
    until(product, STATE, [("DONE", PRODUCTS, PRODUCTS, 0, 2)], job_id)
    assert rows(product, SUMS) == [(PRODUCTS, PRODUCTS, PRODUCTS, 1, 1)]
    told = "SELECT count(*), count(DISTINCT aggregate_id) FROM t_xinghe.events_event WHERE aggregate_type = 'sku'"
    ((happened, distinct),) = rows(product, told)
    assert happened == distinct
