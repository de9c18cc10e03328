"""Set-based SQL of our own hand, through the guarded connection.

For statements the ORM would need several round trips for: a conditional update with its insert, a lock over many
rows. Parameters are named (``%(amount)s``); lists go in as arrays and are cast (``%(ids)s::bigint[]``).
"""

from collections.abc import Mapping
from typing import Any

from django.db import connection

Row = tuple[Any, ...]


def rows(statement: str, parameters: Mapping[str, object]) -> list[Row]:
    """Every row the statement answers."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall()


def row(statement: str, parameters: Mapping[str, object]) -> Row | None:
    """The first row the statement answers, or None."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchone()


def execute(statement: str, parameters: Mapping[str, object]) -> int:
    """Run a statement that answers no rows; how many rows it changed."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.rowcount
