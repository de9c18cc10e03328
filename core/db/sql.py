"""Set-based SQL of our own hand, through the guarded connection.

For statements the ORM would need several round trips for: a conditional update with its insert, a lock over many
rows. Parameters are named (``%(amount)s``); lists go in as arrays and are cast (``%(ids)s::bigint[]``).
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from django.db import NotSupportedError
from django.db.backends.utils import CursorWrapper
from psycopg import sql as names

from core.db.acts import connection
from core.db.postgres.prepared import is_outdated
from core.kernel.errors import Busy

Row = tuple[Any, ...]
MANY_ROWS = 1_000
"""An answer longer than that is not kept in the process until the connection's next statement."""
_NONE = type(None)
_INT, _STR = frozenset({int}), frozenset({str})
_PLACE = re.compile(r"%(?:\((\w+)\)s|%)")


def rows(statement: str, parameters: Mapping[str, Any]) -> list[Row]:
    """Every row the statement answers."""
    found: list[Row] = _sent(statement, parameters).fetchall()
    if len(found) > MANY_ROWS:
        connection.let_go()
    return found


def shortened(statement: str) -> str:
    """The statement without the blanks that only help the reader: its text is encoded and looked up at every call.

    For statements without texts in which blanks matter.
    """
    text = " ".join(statement.split())
    for wide, narrow in ((", ", ","), ("( ", "("), (" )", ")"), (" = ", "="), (" <= ", "<="), (" + ", "+")):
        text = text.replace(wide, narrow)
    return text


def row(statement: str, parameters: Mapping[str, Any]) -> Row | None:
    """The first row the statement answers, or None."""
    found: Row | None = _sent(statement, parameters).fetchone()
    return found


def execute(statement: str, parameters: Mapping[str, Any]) -> int:
    """Run a statement that answers no rows; how many rows it changed."""
    return int(_sent(statement, parameters).rowcount)


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


def _sent(statement: str, parameters: Mapping[str, Any]) -> CursorWrapper:
    text, names_in_order = _placed(statement)
    values = [_literal(parameters[name]) for name in names_in_order]
    try:
        return _executed(text, values)
    except NotSupportedError as error:
        if not is_outdated(error.__cause__):
            raise
        connection.forget_plans()
        if connection.in_atomic_block:
            raise Busy from error  # nothing more is done in this transaction: the next try finds new plans
    return _executed(text, values)


def _executed(text: str, values: Sequence[Any]) -> CursorWrapper:
    cursor = connection.prepared_cursor()
    cursor.execute(text, values)
    return cursor


@lru_cache(maxsize=1_024)
def _placed(statement: str) -> tuple[str, tuple[str, ...]]:
    """The statement with ``$1``, ``$2`` … in the places of its names, and the names in that order.

    psycopg would read those of more than 4,096 signs or 50 names anew at every call.
    """
    places: dict[str, str] = {}

    def place(found: re.Match[str]) -> str:
        return places.setdefault(found[1], f"${len(places) + 1}") if found[1] else "%"

    return _PLACE.sub(place, statement), tuple(places)


def _literal(value: Any) -> Any:
    """A list of whole numbers and texts as PostgreSQL's own array words; anything else as it is.

    An order of ten lines sends twenty of them. psycopg would look at every element for its type, and prepare the
    statement anew whenever the largest number of a list needs more bytes.
    """
    return _array(value) if type(value) is list else value


def _array(values: list[Any]) -> Any:
    kinds = set(map(type, values))
    if kinds <= _INT:
        return "{" + str(values)[1:-1] + "}"
    if kinds <= _STR:
        text = '","'.join(values)
        if "\\" not in text and text.count('"') == 2 * len(values) - 2:  # nothing in them needs another sign
            return '{"' + text + '"}'
    if kinds <= {int, str, _NONE}:
        return "{" + ",".join([_word(value) for value in values]) + "}"
    return values


def _word(value: str | int | None) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, int):
        return str(value)
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
