"""2,000 mixed requests on 20 schemas over a pool: no statement may meet another brand's rows.

The same requests are sent to the known bad way, which must be seen to fail: proof that the race can see the fault.
"""

import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connection
from pytest_django import DjangoDbBlocker

from core.kernel import clock
from tenants.brands.models import Brand, Domain
from tests.database import test_database
from tests.live import live_product
from tests.races.path_doors import WAYS

BRANDS = [f"path{number:02d}" for number in range(20)]
REQUESTS, CLIENTS = 2000, 8
DOORS = [*WAYS, "streamed"]


@pytest.fixture(scope="module")
def twenty_brands(django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    name = f"{connection.settings_dict['TEST']['NAME']}_path"
    with django_db_blocker.unblock(), test_database(name):
        for slug in BRANDS:
            brand = Brand.objects.create(
                slug=slug, schema_name=f"t_{slug}", name=slug, seal="路", state="ACTIVE", created_at=clock.now()
            )
            Domain.objects.create(
                tenant=brand, domain=f"{slug}.jiumai.localhost", is_primary=True, verified_at=brand.created_at
            )
            with connection.cursor() as cursor:
                cursor.execute(f"CREATE SCHEMA t_{slug}")
                cursor.execute(f"CREATE TABLE t_{slug}.marker AS SELECT 't_{slug}' AS schema")
        yield name


def wrong_answers(database: str, log: Path, settings_module: str) -> list[str]:
    """Send the requests; what was answered that is not the brand's own."""
    wrong: list[str] = []
    with live_product(database, log, workers=2, DJANGO_SETTINGS_MODULE=settings_module) as product:

        def send(number: int) -> None:
            chance = random.Random(number)
            callers = {slug: product.caller(f"{slug}.jiumai.localhost") for slug in chance.sample(BRANDS, 5)}
            for _ in range(REQUESTS // CLIENTS):
                slug, door = chance.choice(list(callers)), chance.choice(DOORS)
                answer = callers[slug].get(f"/look/{door}")
                seen = answer.body.decode().splitlines()
                if answer.status != 200 or set(seen) != {f"t_{slug}"}:
                    wrong.append(f"{door} on {slug}: {answer.status} {seen[:3]}")
            for caller in callers.values():
                caller.close()

        with ThreadPoolExecutor(CLIENTS) as pool:
            list(pool.map(send, range(CLIENTS)))
    return wrong


@pytest.mark.races
def test_no_statement_meets_another_brands_rows(twenty_brands: str, tmp_path: Path) -> None:
    assert wrong_answers(twenty_brands, tmp_path, "tests.races.path_settings") == []


@pytest.mark.races
def test_the_known_bad_way_is_seen_to_fail(twenty_brands: str, tmp_path: Path) -> None:
    wrong = wrong_answers(twenty_brands, tmp_path, "tests.races.leaking_settings")
    strangers = [line for line in wrong if " 200 " in line]
    assert strangers, "the race no longer sees the fault it is there for"
