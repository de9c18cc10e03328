"""Set-based SQL of our own hand, through the guarded connection.

For statements the ORM would need several round trips for: a conditional update with its insert, a lock over many
rows. Parameters are named (``%(amount)s``); lists go in as arrays and are cast (``%(ids)s::bigint[]``).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from psycopg import sql as names

from core.db.acts import connection

Row = tuple[Any, ...]
_NONE = type(None)


def rows(statement: str, parameters: Mapping[str, Any]) -> list[Row]:
    """Every row the statement answers."""
    with connection.prepared_cursor() as cursor:
        cursor.execute(statement, _literal(parameters))
        found: list[Row] = cursor.fetchall()
    return found


def shortened(statement: str) -> str:
    """The statement without the blanks that only help the reader: psycopg reads one of over 4,096 signs at every call.

    For statements without texts in which blanks matter.
    """
    text = " ".join(statement.split())
    for wide, narrow in ((", ", ","), ("( ", "("), (" )", ")"), (" = ", "="), (" <= ", "<="), (" + ", "+")):
        text = text.replace(wide, narrow)
    return text


def row(statement: str, parameters: Mapping[str, Any]) -> Row | None:
    """The first row the statement answers, or None."""
    with connection.prepared_cursor() as cursor:
        cursor.execute(statement, _literal(parameters))
        found: Row | None = cursor.fetchone()
    return found


def execute(statement: str, parameters: Mapping[str, Any]) -> int:
    """Run a statement that answers no rows; how many rows it changed."""
    with connection.prepared_cursor() as cursor:
        cursor.execute(statement, _literal(parameters))
        return int(cursor.rowcount)


def streamed(statement: str, parameters: Mapping[str, Any], *, chunk: int = 2_000) -> Iterator[Row]:
    """Every row the statement answers, fetched ``chunk`` at a time through a cursor on the server: for long lists."""
    with connection.chunked_cursor() as cursor:
        cursor.itersize = chunk
        cursor.execute(statement, dict(parameters))
        while found := cursor.fetchmany(chunk):
            yield from found


def copy(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Put rows into a table by COPY: for thousands of them."""
    wanted = names.SQL("COPY {} ({}) FROM STDIN").format(
        names.Identifier(table), names.SQL(", ").join(map(names.Identifier, columns))
    )
    with connection.cursor() as cursor, connection.wrap_database_errors, cursor.copy(wanted) as into:
        for one in rows:
            into.write_row(one)


def _literal(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Lists of whole numbers and texts as PostgreSQL's own array words.

    An order of ten lines sends twenty of them. psycopg would look at every element for its type, and prepare the
    statement anew whenever the largest number of a list needs more bytes.
    """
    return {name: _array(value) if type(value) is list else value for name, value in parameters.items()}


def _array(values: list[Any]) -> Any:
    kinds = set(map(type, values))
    if kinds <= {int}:
        return "{" + ",".join(map(str, values)) + "}"
    if kinds <= {int, str, _NONE}:
        return "{" + ",".join([_word(value) for value in values]) + "}"
    return values


def _word(value: str | int | None) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, int):
        return str(value)
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
