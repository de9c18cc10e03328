"""The database wrapper: django-tenants' backend that sets the search path only when the server does not hold it.

PostgreSQL 18 reports ``search_path`` to the client, so what really holds is known without a round trip. Believing
an own note instead (``TENANT_LIMIT_SET_CALLS``) answers from another brand's schema after a swallowed error.
"""

from typing import Any

from django.db.backends.postgresql.operations import DatabaseOperations
from django.db.backends.utils import CursorWrapper
from django_tenants.postgresql_backend import base
from psycopg import RawCursor

from core.db.postgres import prepared


class Operations(DatabaseOperations):
    """Django's, for a cursor that binds on the server too."""

    def last_executed_query(self, cursor: Any, sql: Any, params: Any) -> str:
        """What was asked, for logs and tests; a statement the server had prepared is told by its words."""
        return super().last_executed_query(cursor, sql, params) or str(sql)


class DatabaseWrapper(base.DatabaseWrapper):
    """Asks libpq for the path in force and sends ``SET search_path`` only where it differs."""

    ops_class = Operations
    _binds_on_server = False
    _kept: CursorWrapper | None = None

    def prepared_cursor(self) -> CursorWrapper:
        """The cursor of this connection whose statements (``$1``, parameters as a list) the server parses and plans
        once a schema. There is one, kept, since making one costs more than a small statement does: read all that a
        statement found before you send the next.

        PostgreSQL plans a prepared statement anew when the search path has changed since, so it never answers from
        another brand's tables.
        """
        self.close_if_health_check_failed()  # which takes the cursor with it
        kept = self._kept
        if self.queries_logged or kept is None or kept.cursor.connection is not self.connection:
            return self._made_anew()
        self.validate_thread_sharing()
        self._handle_search_path(kept)
        return kept

    def let_go(self) -> None:
        """Forget the kept cursor, and with it the long answer it still holds."""
        self._kept = None

    def forget_plans(self) -> None:
        """Have the statements of ``prepared_cursor`` planned anew: the tables answer in other columns by now."""
        if self.connection is not None:
            prepared.forget_plans(self.connection)

    def _made_anew(self) -> CursorWrapper:
        self._binds_on_server = True
        try:
            made: CursorWrapper = self.cursor()
        finally:
            self._binds_on_server = False
        self._kept = None if self.queries_logged else made  # one that logs stays with who asked for the log
        return made

    def create_cursor(self, name: Any = None) -> Any:
        """As Django's; for ``prepared_cursor`` with psycopg's own that binds on the server."""
        if not self._binds_on_server:
            return super().create_cursor(name)
        prepared.apart(self.connection)
        ours = self.connection.cursor_factory
        self.connection.cursor_factory = RawCursor
        try:
            return super().create_cursor(name)
        finally:
            self.connection.cursor_factory = ours

    def _close(self) -> Any:
        self._kept = None
        return super()._close()

    def _handle_search_path(self, cursor: Any = None) -> None:
        if not self._setting_search_path and self._path_holds():
            return
        super()._handle_search_path(cursor)  # type: ignore[no-untyped-call]  # django-tenants

    def _path_holds(self) -> bool:
        if self.connection is None:
            return False
        reported = self.connection.pgconn.parameter_status(b"search_path")
        return reported is not None and reported.decode() == ", ".join(self._get_cursor_search_paths())
