"""Which statements a connection keeps prepared: each brand's apart.

A plan holds for the search path it was made under. With one for all, PostgreSQL plans every statement anew whenever the
next request is another brand's: with ten brands in turn that was more than half of its work for a page of fifty SKUs.
It goes on checking the path itself, so a wrong note here costs a plan and never answers from another brand's tables.
"""

from psycopg import Connection
from psycopg._preparing import PrepareManager  # psycopg has no public way in; tests/core/db/test_prepared.py watches it
from psycopg._queries import PostgresQuery
from psycopg.pq.abc import PGconn

MOST = 200
"""Statements of one connection, those longest unasked go first. One plan takes about 0.2 MB of the server's memory."""

Key = tuple[bytes, tuple[int, ...]]


class PreparedBySchema(PrepareManager):
    """psycopg's own, which knows a statement again only under the same search path."""

    prepared_max = MOST

    def __init__(self, server: PGconn, prepare_threshold: int | None) -> None:
        super().__init__()
        self.prepare_threshold = prepare_threshold
        self._server = server

    def key(self, query: PostgresQuery) -> Key:  # type: ignore[override]  # static there: it knows no connection
        """The statement in the path in force, as the server reports it."""
        path = self._server.parameter_status(b"search_path") or b""
        return (path + b" " + query.query, query.types)


def apart(connection: Connection[object]) -> None:
    """Let this connection keep each schema's statements apart from now on. Twice is once."""
    kept = connection._prepared  # noqa: SLF001 - as above
    if not isinstance(kept, PreparedBySchema):
        connection._prepared = PreparedBySchema(connection.pgconn, kept.prepare_threshold)  # noqa: SLF001 - as above
