"""Which statements a connection keeps prepared: for the brands whose turn it often is, each brand's apart.

A plan holds for the search path it was made under. With one for all, PostgreSQL plans every statement anew whenever the
next request is another brand's: with ten brands in turn that was more than half of its work for a page of fifty SKUs.
It goes on checking the path itself, so a wrong note here costs a plan and never answers from another brand's tables.
"""

import re
from collections import OrderedDict
from collections.abc import Sequence

from psycopg import Connection, Error
from psycopg._preparing import (  # no public way in; tests/core/db/test_prepared.py watches over it
    Prepare,
    PrepareManager,
)
from psycopg._queries import PostgresQuery
from psycopg.pq import ExecStatus
from psycopg.pq.abc import PGconn, PGresult

MOST = 200
"""Statements of one connection, those longest unasked go first. One plan takes about 0.2 MB of the server's memory."""

Key = tuple[bytes, tuple[int, ...]]
_NOBODY: tuple[PostgresQuery | None, Key] = (None, (b"", ()))
_CHANGES_TABLES = re.compile(rb"(?:DROP|ALTER|DISCARD ALL|DEALLOCATE ALL)\b")
_CHANGED_ANSWER = ("0A000", "RevalidateCachedQuery")


class PreparedBySchema(PrepareManager):
    """psycopg's own, which lets a statement asked again under one search path have a plan for it.

    Until then, and where more brands take turns than it can hold, all share one, which the server plans anew.
    """

    prepared_max = MOST

    def __init__(self, server: PGconn, before: PrepareManager) -> None:
        super().__init__()
        self.prepare_threshold = before.prepare_threshold
        # What was prepared until now stands on the server: it is gone on with, and its names are not given again.
        self._counts, self._names = before._counts, before._names  # noqa: SLF001 - of its own base class
        self._prepared_idx, self._to_flush = before._prepared_idx, before._to_flush  # noqa: SLF001 - as above
        self._server = server
        self._turns: OrderedDict[Key, int] = OrderedDict()
        self._chosen = _NOBODY

    def get(self, query: PostgresQuery, prepare: bool | None = None) -> tuple[Prepare, bytes]:
        """Whether the statement is prepared or shall be, and its name: its own under this path, or the shared one."""
        path = self._server.parameter_status(b"search_path") or b""
        own = (path + b" " + query.query, query.types)
        is_own = own in self._names or self._is_due(own)
        # One query object may come again with other types, which are another statement.
        self._chosen = (query, own) if is_own else _NOBODY
        return super().get(query, True if is_own else prepare)

    def key(self, query: PostgresQuery) -> Key:  # type: ignore[override]  # static there: it knows no connection
        """What ``get`` has chosen for this statement; for others psycopg's own."""
        chosen, key = self._chosen
        return key if query is chosen else super().key(query)

    def clear(self) -> bool:
        """Nothing: psycopg asks for it after every rollback, and a plan stands whatever became of its transaction.

        Else each refused order would end all brands' plans.
        """
        return False

    def forget(self) -> None:
        """Let go of every plan; the server is told behind the next statement, or the rollback that ends this act."""
        self._to_flush.extend(self._names.values())
        self._counts.clear()
        self._names.clear()

    def validate(self, key: Key, prep: Prepare, name: bytes, results: Sequence[PGresult]) -> None:
        """As psycopg's; but a plan whose first run failed stands on the server, and is gone on with."""
        if prep is Prepare.SHOULD and not self._check_results(results):
            return self._rotate()
        return super().validate(key, prep, name, results)

    def _should_discard(self, prep: Prepare, results: Sequence[PGresult]) -> bool:  # type: ignore[override]
        """What changes tables ends all plans."""
        done = [one.command_status or b"" for one in results if one.status == ExecStatus.COMMAND_OK]
        if not any(map(_CHANGES_TABLES.match, done)):
            return False
        self.forget()
        return True

    def _is_due(self, own: Key) -> bool:
        """Count one more turn; whether it is asked often enough under this path, before as many others came between."""
        turns = self._turns.pop(own, 0) + 1
        if self.prepare_threshold is not None and turns > self.prepare_threshold:
            return True
        self._turns[own] = turns
        while len(self._turns) > self.prepared_max:
            self._turns.popitem(last=False)
        return False


def apart(connection: Connection[object]) -> None:
    """Let this connection keep schemas' statements apart from now on. Twice is once."""
    kept = connection._prepared  # noqa: SLF001 - as above
    if not isinstance(kept, PreparedBySchema):
        connection._prepared = PreparedBySchema(connection.pgconn, kept)  # noqa: SLF001 - as above


def is_outdated(error: BaseException | None) -> bool:
    """Whether the server refused a plan because the tables answer in other columns by now: a brand was migrated."""
    return isinstance(error, Error) and (error.sqlstate, error.diag.source_function) == _CHANGED_ANSWER


def forget_plans(connection: Connection[object]) -> None:
    """Have everything planned anew on this connection."""
    kept = connection._prepared  # noqa: SLF001 - as above
    if isinstance(kept, PreparedBySchema):
        kept.forget()
