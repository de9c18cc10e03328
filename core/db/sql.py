"""Set-based SQL of our own hand, through the guarded connection.

For statements the ORM would need several round trips for: a conditional update with its insert, a lock over many
rows. Parameters are named (``%(amount)s``); lists go in as arrays and are cast (``%(ids)s::bigint[]``).
"""

from collections.abc import Mapping
from typing import Any

from django.db import connection

Row = tuple[Any, ...]


def rows(statement: str, parameters: Mapping[str, Any]) -> list[Row]:
    """Every row the statement answers."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        found: list[Row] = cursor.fetchall()
    return found


def row(statement: str, parameters: Mapping[str, Any]) -> Row | None:
    """The first row the statement answers, or None."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        found: Row | None = cursor.fetchone()
    return found


def execute(statement: str, parameters: Mapping[str, Any]) -> int:
    """Run a statement that answers no rows; how many rows it changed."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return int(cursor.rowcount)
