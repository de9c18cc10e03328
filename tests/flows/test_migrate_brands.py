"""``migrate_brands``: only what is behind, side by side, on after a fault, resumed after a kill."""

import logging
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.db import connection
from pytest_django import DjangoDbBlocker

from core.db import replay
from core.kernel import clock
from tenants.brands.models import Brand, SchemaState
from tenants.brands.services import create_brand
from tests.core.db.catalog import catalog
from tests.database import connected_to, create, drop
from tests.live import ROOT, database_url, environment_of

pytestmark = pytest.mark.flows
log = logging.getLogger(__name__)
MANY, MOST_S, WITHIN_S = 300, 5.0, 60
BRANDS = ("old1", "old2", "old3")
OUTDATED = """
DROP SEQUENCE {schema}.fulfilment_shipment_serial;
DELETE FROM {schema}.django_migrations WHERE (app, name) = ('fulfilment', '0002_numbers');
UPDATE brands_schemastate SET fingerprint = 'of yesterday' WHERE schema_name = '{schema}';
"""


@pytest.fixture
def database(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """A copy with three brands more."""
    name = f"{connection.settings_dict['TEST']['NAME']}_behind"
    with django_db_blocker.unblock():
        create(name)
        with connected_to(name):
            for slug in BRANDS:
                create_brand(slug=slug, name="旧河酒业")
        yield name
        drop(name)


def migrate(database: str, var: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "manage.py", "migrate_brands", *words]
    environment = environment_of(database, var)
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def worked() -> float:
    """Seconds of processor time of the processes that have ended: other tests may be at work beside this one."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def shape(schema: str) -> dict[str, list[str]]:
    """The catalogue but for sequences, which have counted."""
    return {kind: found for kind, found in catalog(schema).items() if kind != "sequences"}


def ask(database: str, question: str) -> list[tuple[object, ...]]:
    with psycopg.connect(database_url(database), autocommit=True) as own:
        answered = own.execute(question)
        return answered.fetchall() if answered.description else []


def age(database: str, *slugs: str) -> None:
    for slug in slugs:
        ask(database, OUTDATED.format(schema=f"t_{slug}"))


def states(database: str) -> dict[str, object]:
    return {str(name): status for name, status in ask(database, "SELECT schema_name, status FROM brands_schemastate")}


def test_many_that_are_current_cost_one_look(database: str, tmp_path: Path) -> None:
    with connected_to(database):
        now = clock.now()
        names = [f"current{number}" for number in range(MANY - len(BRANDS) - 2)]
        Brand.objects.bulk_create(
            [
                Brand(slug=name, schema_name=f"t_{name}", name=name, seal="河", state="ACTIVE", created_at=now)
                for name in names
            ]
        )
        SchemaState.objects.bulk_create(
            [SchemaState(schema_name=f"t_{name}", status="CURRENT", fingerprint=replay.fingerprint()) for name in names]
        )
    began, worked_before = time.monotonic(), worked()
    done = migrate(database, tmp_path)
    took = worked() - worked_before
    log.warning("%d current brands: %.1f s of work, %.1f s by the clock", MANY, took, time.monotonic() - began)
    assert done.stdout.strip() == f"{MANY} brands: {MANY} were current, 0 behind."
    assert done.returncode == 0
    assert took <= MOST_S


def test_what_is_behind_is_brought_up_to_date(database: str, tmp_path: Path) -> None:
    age(database, "old1", "old3")
    tried = migrate(database, tmp_path, "--dry-run")
    assert [line.split()[:2] for line in tried.stdout.splitlines()[:2]] == [["old1", "BEHIND"], ["old3", "BEHIND"]]
    assert ask(database, "SELECT to_regclass('t_old1.fulfilment_shipment_serial')") == [(None,)]
    done = migrate(database, tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "5 brands: 3 were current, 2 behind."
    assert set(states(database).values()) == {"CURRENT"}
    with connected_to(database):
        assert shape("t_old1") == shape("t_old2")


def test_a_fault_stops_nobody_else_and_is_resumed(database: str, tmp_path: Path) -> None:
    age(database, *BRANDS)
    ask(database, "CREATE SEQUENCE t_old2.fulfilment_shipment_serial AS bigint")
    done = migrate(database, tmp_path)
    assert done.returncode == 1
    assert "1 of 3 brands are not current: old2." in done.stderr
    found = states(database)
    assert (found["t_old1"], found["t_old2"], found["t_old3"]) == ("CURRENT", "FAILED", "CURRENT")
    ((fault,),) = ask(database, "SELECT error FROM brands_schemastate WHERE schema_name = 't_old2'")
    assert "ProgrammingError" in str(fault)
    ask(database, "DROP SEQUENCE t_old2.fulfilment_shipment_serial")
    again = migrate(database, tmp_path)
    assert again.returncode == 0, again.stderr
    assert again.stdout.splitlines()[-1] == "5 brands: 4 were current, 1 behind."
    assert set(states(database).values()) == {"CURRENT"}


def test_killed_in_the_middle_it_is_resumed(database: str, tmp_path: Path) -> None:
    age(database, "old1", "old2")
    environment = environment_of(database, tmp_path)
    with psycopg.connect(database_url(database)) as holder:
        holder.execute("LOCK TABLE t_old2.django_migrations IN ACCESS EXCLUSIVE MODE")
        command = [sys.executable, "manage.py", "migrate_brands"]
        process = subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True)
        end = time.monotonic() + WITHIN_S
        while states(database)["t_old2"] != "RUNNING" and time.monotonic() < end:
            time.sleep(0.05)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    assert states(database)["t_old2"] == "RUNNING"
    done = migrate(database, tmp_path)
    assert done.returncode == 0, done.stderr
    assert set(states(database).values()) == {"CURRENT"}
    with connected_to(database):
        assert shape("t_old2") == shape("t_old3")


def test_only_those_named(database: str, tmp_path: Path) -> None:
    age(database, "old1", "old2")
    done = migrate(database, tmp_path, "old2")
    assert done.stdout.splitlines()[-1] == "1 brands: 0 were current, 1 behind."
    assert ask(database, "SELECT to_regclass('t_old1.fulfilment_shipment_serial')") == [(None,)]
    nobody = migrate(database, tmp_path, "nobody")
    assert (nobody.returncode, "No such brand: nobody." in nobody.stderr) == (1, True)
