"""A small demo world in a database of its own: seeding is many acts, each in its own transaction."""

from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.db import connection
from pytest_django import DjangoDbBlocker

from core.db import sql
from tenants.brands.models import Brand
from tests.database import test_database
from tests.portals import CHISHUI, XINGHE


@pytest.fixture(scope="module")
def no_brands(django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """A database with the public schema alone."""
    name = f"{connection.settings_dict['TEST']['NAME']}_seed"
    with django_db_blocker.unblock(), test_database(name):
        for portal in (XINGHE, CHISHUI):
            sql.execute(f'DROP SCHEMA "{portal.schema}" CASCADE', {})
        Brand.objects.all().delete()
        yield
        connection.close()


@pytest.fixture(scope="module")
def demo(no_brands: None) -> None:
    """The small world, seeded by the command."""
    call_command("seed_demo", scale="small", one_process=True)
