"""A connection of somebody else's, to see what two sessions do to each other."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.db import connection


@contextmanager
def second_connection() -> Iterator[psycopg.Connection]:
    """Another session on the tests' database, each statement its own transaction."""
    facts = connection.settings_dict
    where = {"dbname": facts["NAME"], "user": facts["USER"], "password": facts["PASSWORD"]}
    with psycopg.connect(host=facts["HOST"], port=facts["PORT"] or 5432, autocommit=True, **where) as other:
        yield other
