"""All rows of a schema, out and in: by COPY, in a form a spreadsheet reads, table by table."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from psycopg import sql as words

from core.db import sql
from core.db.acts import act, connection, public
from core.db.schemas import checked_name

CHUNK_BYTES = 256 * 1024
_COLUMNS = """
SELECT c.relname, array_agg(a.attname::text ORDER BY a.attnum)
FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid
WHERE c.relnamespace = to_regnamespace(%(schema)s) AND c.relkind = 'r' AND c.relname <> 'django_migrations'
  AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
GROUP BY c.relname ORDER BY c.relname
"""
_SEQUENCES = """
SELECT relname FROM pg_class WHERE relnamespace = to_regnamespace(%(schema)s) AND relkind = 'S' ORDER BY relname
"""
_OWN_MIGRATIONS = "django_migrations_id_seq"


@contextmanager
def snapshot() -> Iterator[None]:
    """Read the whole database as it was at one instant; nothing can be written inside."""
    with public(), act():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def tables(schema: str) -> dict[str, list[str]]:
    """Columns of every table of the schema that hold data of their own, by table."""
    return {str(table): list(columns) for table, columns in sql.rows(_COLUMNS, {"schema": schema})}


def copied_out(schema: str, table: str, columns: list[str]) -> Iterator[bytes]:
    """A table as CSV with a head line, in pieces; NULL is nothing, an empty text is ``""``."""
    statement = words.SQL("COPY (SELECT {} FROM {}) TO STDOUT (FORMAT csv, HEADER)")
    wanted = statement.format(_names(columns), words.Identifier(checked_name(schema), table))
    with connection.cursor() as cursor, cursor.copy(wanted) as copy:
        for piece in copy:
            yield bytes(piece)


def copy_in(schema: str, table: str, columns: list[str], pieces: Iterable[bytes]) -> int:
    """Put what ``copied_out`` gave, without its head line, in place of the table's rows; how many. Inside an act."""
    statement = words.SQL("COPY {} ({}) FROM STDIN (FORMAT csv)")
    wanted = statement.format(words.Identifier(checked_name(schema), table), _names(columns))
    with connection.cursor() as cursor:
        # A migration of ours has filled some; foreign keys are checked at the end.
        cursor.execute(words.SQL("DELETE FROM {}").format(words.Identifier(checked_name(schema), table)))
        with connection.wrap_database_errors, cursor.copy(wanted) as copy:
            for piece in pieces:
                copy.write(piece)
        return int(cursor.rowcount)


@contextmanager
def triggers_at_rest(schema: str, names: Iterable[str]) -> Iterator[None]:
    """Let rows come in as they are: triggers of ours rest, foreign keys are checked at the end. Inside an act."""
    names = list(names)
    _switch(schema, names, "DISABLE")
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    _switch(schema, names, "ENABLE")


def counted(schema: str, table: str) -> int:
    """Rows of a table."""
    with connection.cursor() as cursor:
        cursor.execute(words.SQL("SELECT count(*) FROM {}").format(words.Identifier(checked_name(schema), table)))
        return int(cursor.fetchone()[0])


def sequences(schema: str) -> dict[str, tuple[int, bool]]:
    """Last value of every sequence, and whether it was given out, by name."""
    found = {}
    with connection.cursor() as cursor:
        for (name,) in sql.rows(_SEQUENCES, {"schema": schema}):
            if name == _OWN_MIGRATIONS:
                continue
            place = words.Identifier(checked_name(schema), name)
            cursor.execute(words.SQL("SELECT last_value, is_called FROM {}").format(place))
            value, is_called = cursor.fetchone()
            found[str(name)] = (int(value), bool(is_called))
    return found


def set_sequence(schema: str, name: str, value: int, *, is_called: bool) -> None:
    """Let a sequence go on where another one stood."""
    place = words.Identifier(checked_name(schema), name).as_string()
    sql.row(
        "SELECT setval(%(place)s::regclass, %(value)s, %(is_called)s)",
        {"place": place, "value": value, "is_called": is_called},
    )


def _switch(schema: str, names: list[str], way: str) -> None:
    statement = words.SQL("ALTER TABLE {} " + way + " TRIGGER USER")
    with connection.cursor() as cursor:
        for table in names:
            cursor.execute(statement.format(words.Identifier(checked_name(schema), table)))


def _names(columns: list[str]) -> words.Composed:
    return words.SQL(", ").join(map(words.Identifier, columns))
