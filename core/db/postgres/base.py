"""The database wrapper: django-tenants' backend that sets the search path only when the server does not hold it.

PostgreSQL 18 reports ``search_path`` to the client, so what really holds is known without a round trip. Believing
an own note instead (``TENANT_LIMIT_SET_CALLS``) answers from another brand's schema after a swallowed error.
"""

from typing import Any

from django_tenants.postgresql_backend import base


class DatabaseWrapper(base.DatabaseWrapper):
    """Asks libpq for the path in force and sends ``SET search_path`` only where it differs."""

    def _handle_search_path(self, cursor: Any = None) -> None:
        if not self._setting_search_path and self._path_holds():
            return
        super()._handle_search_path(cursor)  # type: ignore[no-untyped-call]  # django-tenants

    def _path_holds(self) -> bool:
        if self.connection is None:
            return False
        reported = self.connection.pgconn.parameter_status(b"search_path")
        return reported is not None and reported.decode() == ", ".join(self._get_cursor_search_paths())
