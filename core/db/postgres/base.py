"""The database wrapper: django-tenants' backend that sets the search path only when the server does not hold it.

PostgreSQL 18 reports ``search_path`` to the client, so what really holds is known without a round trip. Believing
an own note instead (``TENANT_LIMIT_SET_CALLS``) answers from another brand's schema after a swallowed error.
"""

from typing import Any

from django.db.backends.postgresql.base import ServerBindingCursor
from django.db.backends.postgresql.operations import DatabaseOperations
from django.db.backends.utils import CursorWrapper
from django_tenants.postgresql_backend import base

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

    def prepared_cursor(self) -> CursorWrapper:
        """A cursor that binds on the server: what a connection asks often, the server parses and plans once a schema.

        PostgreSQL plans a prepared statement anew when the search path has changed since, so it never answers from
        another brand's tables.
        """
        self._binds_on_server = True
        try:
            return self.cursor()  # type: ignore[no-any-return]  # django-tenants
        finally:
            self._binds_on_server = False

    def create_cursor(self, name: Any = None) -> Any:
        """As Django's; for ``prepared_cursor`` with psycopg's cursor that binds on the server."""
        if not self._binds_on_server:
            return super().create_cursor(name)
        prepared.apart(self.connection)
        ours = self.connection.cursor_factory
        self.connection.cursor_factory = ServerBindingCursor
        try:
            return super().create_cursor(name)
        finally:
            self.connection.cursor_factory = ours

    def _handle_search_path(self, cursor: Any = None) -> None:
        if not self._setting_search_path and self._path_holds():
            return
        super()._handle_search_path(cursor)  # type: ignore[no-untyped-call]  # django-tenants

    def _path_holds(self) -> bool:
        if self.connection is None:
            return False
        reported = self.connection.pgconn.parameter_status(b"search_path")
        return reported is not None and reported.decode() == ", ".join(self._get_cursor_search_paths())
