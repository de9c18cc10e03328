"""A database of its own: a replay is many acts, each in its own transaction."""

from collections.abc import Iterator

import pytest
from django.db import connection
from pytest_django import DjangoDbBlocker

from tests.database import test_database


@pytest.fixture(scope="module")
def own_database(django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Public schema and the two test brands; each test replays into a brand of its own."""
    name = f"{connection.settings_dict['TEST']['NAME']}_replay"
    with django_db_blocker.unblock(), test_database(name):
        yield
        connection.close()
